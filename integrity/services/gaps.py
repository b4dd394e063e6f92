"""The office explains a gap: one cause of a list and, where that says too little, words. An act on the case like any other."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from integrity.acts import EXPLAIN
from integrity.models import Cause, GapAnswer
from integrity.selectors.questions import questions
from staff.models import User
from workflow.models import Case
from workflow.situation import Subject
from workflow.subjects import ContactSubject
from workflow.transitions import Done, Refused, act


@transaction.atomic
def explain_gap(
    case: Case, *, number: int, cause: str, words: str = "", by: User, key: str | None = None
) -> Done:
    """Answer the question about event `number`; it stands on the case's record and is given once."""
    with act(subject_of(case), EXPLAIN, by=by, key=key, data={"event": number, "cause": cause}) as a:
        question = next((q for q in questions(case) if q.number == number), None)
        if question is None:
            raise Refused(_("There is no such gap on this case."))
        if question.answer:
            raise Refused(_("This gap has been explained already; the explanation stays."))
        chosen = next((c for c in question.causes if c.code == cause), None)
        if chosen is None:
            raise Refused(_("Choose one of the causes."))
        _check_words(chosen, words)
        # the cause's names as they were: the list may be worded otherwise one day, the record is not
        a.data |= {"event": number, "cause": cause, "cause_zh": chosen.name_zh, "cause_en": chosen.name_en}
        a.data |= {"words_sha256": hashlib.sha256(words.encode()).hexdigest() if words else None}
    assert a.event is not None
    GapAnswer.objects.create(
        case=case,
        about_number=number,
        number=a.event.number,
        cause=chosen,
        words=words,
        by=by,
        answered_at=a.event.recorded_at,
    )
    return a.done


def subject_of(case: Case) -> Subject:
    """What acts on this case are about: its application, or the case alone before there is one."""
    application = Application.objects.select_related("case__office").filter(case=case).first()
    return application or ContactSubject(case)


def _check_words(cause: Cause, words: str) -> None:
    if cause.needs_words and not words.strip():
        raise Refused(_("Say in a few words what the cause was."))
