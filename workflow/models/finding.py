"""CaseTerms: by what a case is found in the one box."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

ADD = """
INSERT INTO workflow_caseterms (case_id, terms) VALUES (%s, %s::bigint[])
ON CONFLICT (case_id) DO UPDATE SET terms =
    (SELECT array_agg(DISTINCT one ORDER BY one) FROM unnest(workflow_caseterms.terms || excluded.terms) AS one)
"""


class CaseTermsManager(models.Manager["CaseTerms"]):
    """The only writer."""

    def add(self, case_id: UUID, terms: Iterable[int]) -> None:
        """The case is found by these terms too; one statement, safe to repeat."""
        if found := sorted(set(terms)):
            with connection.cursor() as cursor:
                cursor.execute(ADD, [case_id, found])

    def put(self, case_id: UUID, terms: Iterable[int]) -> None:
        """The case is found by these terms and by no others."""
        self.update_or_create(case_id=case_id, defaults={"terms": sorted(set(terms))})


class CaseTerms(models.Model):
    """Keyed fingerprints (workflow.terms) of a case's names, phones, places and numbers; a cache that can be built anew at any time.

    Why one row a case: what is typed must be found together in one case, and one GIN index answers whatever it was.
    """

    case = models.OneToOneField(
        "workflow.Case", on_delete=models.CASCADE, primary_key=True, related_name="found_by", db_index=False
    )
    terms = ArrayField(models.BigIntegerField(), default=list)

    objects = CaseTermsManager()

    class Meta:
        indexes = [GinIndex(fields=["terms"], name="caseterms_terms")]
