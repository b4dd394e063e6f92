"""Building anew by what cases are found: after a text was replaced, after rows came in past the services, after the key was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from applications.models import ChangeParticulars, LegacyRecord, Party, Premises, ProjectUnit
from workflow.models import Case, CaseTerms, Contact, ExternalRef, person_terms
from workflow.terms import name_terms, number_terms, place_terms, whole_number_terms


def build_terms(case_ids: Collection[UUID]) -> None:
    """Read everything the cases say and write their terms; what is not said any more is not found any more."""
    found: dict[UUID, set[int]] = defaultdict(set)
    for case in Case.objects.filter(pk__in=case_ids).only("contact_no", "application_no"):
        found[case.pk] |= number_terms(case.contact_no) | number_terms(case.application_no)
    for contact in Contact.objects.filter(case__in=case_ids).select_related("person"):
        found[contact.case_id] |= person_terms(contact.person) | place_terms(contact.place)
    for party in Party.objects.filter(application__case__in=case_ids).select_related("person", "application"):
        found[party.application.case_id] |= person_terms(party.person)
    for premises in Premises.objects.filter(application__case__in=case_ids).select_related("application"):
        found[premises.application.case_id] |= place_terms(premises.address)
    accounts = ChangeParticulars.objects.filter(application__case__in=case_ids)
    for case_id, account in accounts.values_list("application__case", "account_no"):
        found[case_id] |= number_terms(account)
    for case_id, value in ExternalRef.objects.filter(case__in=case_ids).values_list("case", "value"):
        found[case_id] |= number_terms(value)
    units = ProjectUnit.objects.filter(application__case__in=case_ids)
    for case_id, project in units.values_list("application__case", "project__number"):
        found[case_id] |= whole_number_terms(project)
    for record in LegacyRecord.objects.filter(case__in=case_ids):
        found[record.case_id] |= name_terms(record.title)
    for case_id, terms in found.items():
        CaseTerms.objects.put(case_id, terms)
