"""Joining two cases about one need: the one further along survives, else the older."""

from __future__ import annotations

from applications.models import Application
from staff.models import User
from workflow.models import ROUTE_STAGES, Case, Stage
from workflow.services.contacts import link_contact
from workflow.situation import Subject
from workflow.subjects import ContactSubject
from workflow.transitions import Done

ORDER = (Stage.ANSWERED, Stage.CONTACT, Stage.DRAFT, *ROUTE_STAGES)


def survivor_of(one: Case, other: Case) -> Case:
    """Which of the two goes on: decided by how far they are, never by who asks."""
    along = {case.pk: ORDER.index(case.stage) if case.stage in ORDER else len(ORDER) for case in (one, other)}
    if along[one.pk] != along[other.pk]:
        return max(one, other, key=lambda case: along[case.pk])
    return min(one, other, key=lambda case: case.opened_at)


def join_cases(one: Case, other: Case, *, reason: str, by: User, key: str | None = None) -> Done:
    """Join them; answers with the event on the case that ends. Raises Refused."""
    stays = survivor_of(one, other)
    goes = other if stays.pk == one.pk else one
    return link_contact(
        goes, stays, reason=reason, by=by, key=key, subject=_subject(goes), into=_subject(stays)
    )


def _subject(case: Case) -> Subject:
    application = Application.objects.select_related("case__office").filter(case=case).first()
    return application or ContactSubject(case)
