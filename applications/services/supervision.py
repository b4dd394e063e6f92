"""督办: looking into a case from above, asking for an answer, answering. Each is one event in the case's own record."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Supervision, SupervisionKind
from staff.models import User
from workflow.models import Case
from workflow.situation import Subject
from workflow.subjects import ContactSubject
from workflow.transitions import Act, Done, Refused, Stale, act


def subject_of(case: Case) -> Subject:
    """The case as the door wants it: its application, or the case itself while there is none."""
    application = Application.objects.select_related("case__office").filter(case=case).first()
    return application or ContactSubject(case)


def look_into(case: Case, *, by: User, key: str | None = None) -> Done:
    """Somebody above opens the case from the morning page. It asks for nothing, but it is attention, so it is on record."""
    with transaction.atomic():
        with act(subject_of(case), "look_into", by=by, key=key) as a:
            a.data["office"] = a.case.office_id
        _keep(a, SupervisionKind.OPENED)
    return a.done


def hurry(case: Case, *, by: User, reason: str, answer_by: dt.date, key: str | None = None) -> Done:
    """Ask the office to move a case and to answer by a day. No clock of the case changes by it."""
    if not reason.strip():
        raise Refused(_("Say what is to be done, and why: the office answers to it."))
    with transaction.atomic():
        with act(
            subject_of(case), "hurry", by=by, key=key, data={"reason": reason, "answer_by": answer_by}
        ) as a:
            a.data |= {"office": a.case.office_id, "answer_by": answer_by}
        _keep(a, SupervisionKind.HURRIED, reason.strip(), answer_by)
    return a.done


def answer_supervision(supervision: UUID, *, by: User, answer: str, key: str | None = None) -> Done:
    """The office says what it did or will do. Answered once; what happens then is in the record of the case."""
    asked = Supervision.objects.select_related("case__office").get(pk=supervision)
    with transaction.atomic():
        with act(
            subject_of(asked.case),
            "answer_supervision",
            by=by,
            key=key,
            data={"of": asked.pk, "answer": answer},
        ) as a:
            # under the case's lock: two answers at the same moment would both find it open
            now = Supervision.objects.get(pk=asked.pk)
            if not now.waits:
                raise Stale(_("This was answered meanwhile."))
            a.data["of"] = now.number
        assert a.event is not None
        Supervision.objects.filter(pk=asked.pk).update(
            answer=answer, answered_by=by, answered_at=a.event.recorded_at, answer_number=a.event.number
        )
    return a.done


def _keep(a: Act, kind: SupervisionKind, reason: str = "", answer_by: dt.date | None = None) -> None:
    assert a.event is not None
    assert a.by is not None
    Supervision.objects.create(
        case=a.case, office=a.case.office, kind=kind, reason=reason, by=a.by, ordered_at=a.event.recorded_at, number=a.event.number,
        answer_by=answer_by,
    )  # fmt: skip
