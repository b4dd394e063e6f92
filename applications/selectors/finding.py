"""The one search box: what was typed, answered from the terms' index alone, best hit first, and only of what the reader may see."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db.models import Case as If
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable

from applications.fields import compact
from staff.policies import Authority
from workflow.models import ENDED, Case, CaseTerms
from workflow.terms import Asked, Word, asked

MOST = 40
"""As many hits as are read; who finds more types one word more."""


def hits(me: Authority, text: str) -> QuerySet[CaseTerms]:
    """Cases that answer to the text, best first: whole before pieces, in progress before ended, new before old.

    Whether the case may be seen is asked hit by hit (a scalar subquery the planner can't turn round), so no question reads all cases.
    """
    question = asked(text)
    found = CaseTerms.objects.filter(_matches(question)) if question.ways else CaseTerms.objects.none()
    seen = Case.objects.visible_to(me.user, me).filter(pk=OuterRef("case_id"))
    return (
        found.annotate(stage=Subquery(seen.values("stage")[:1]), score=_score(question))
        .filter(stage__isnull=False)
        .annotate(over=If(When(stage__in=sorted(ENDED), then=1), default=0, output_field=IntegerField()))
        .order_by("-score", "over", "-case_id")
    )


def found(me: Authority, text: str) -> tuple[list[UUID], bool]:
    """The best hits, and whether there were more."""
    ids = list(hits(me, text).values_list("case_id", flat=True)[: MOST + 1])
    return ids[:MOST], len(ids) > MOST


def exactly(me: Authority, text: str) -> Case | None:
    """A whole number leads straight to its case."""
    number = compact(text)
    mine = Case.objects.visible_to(me.user, me)
    return mine.filter(Q(application_no=number) | Q(contact_no=number)).first()


def _matches(question: Asked) -> Q:
    return reduce(or_, (reduce(and_, map(_says, way)) for way in question.ways))


def _says(word: Word) -> Q:
    return reduce(or_, (Q(terms__contains=list(terms)) for terms in word.alternatives))


def _score(question: Asked) -> Combinable:
    """What a hit's strong terms come to."""
    total: Combinable = Value(0, output_field=IntegerField())
    for term, weight in question.weights:
        total = total + If(When(terms__contains=[term], then=weight), default=0, output_field=IntegerField())
    return total
