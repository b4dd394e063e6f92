"""What stands on a flag's page: the rule, three clocks, the record around the event, what the office said, the review so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from applications.models import ChecklistItem, Document
from integrity.models import Flag
from integrity.presentation import LAMPS, around, gap_of, headline, measured_of, three_clocks, threshold_of
from integrity.selectors.flags import answer_to
from integrity.selectors.log import case_log
from integrity.selectors.stories import chapters_of, story
from integrity.views.sentences import told


def dossier(flag: Flag) -> dict[str, Any]:
    """Everything the page shows of a flag, read from the case's log and its papers."""
    log = case_log(flag.case)
    about = log.entries[flag.about_number - 1]
    near = {entry.number for entry in around(log, flag)}
    chapters = [chapter for chapter in story(flag.case) if chapter.event.number in near]
    return {
        "flag": flag,
        "lamp": LAMPS[flag.status],
        "rule": flag.rule,
        "headline": headline(flag, about.kind),
        "gap": gap_of(flag.evidence),
        "measured": measured_of(flag.evidence),
        "threshold": threshold_of(flag.evidence),
        "clocks": three_clocks(log, flag, _papers(flag), _paper_names(flag)),
        "causes": [cause for cause in flag.rule.causes.all() if cause.in_force],
        "answer": answer_to(flag),
        "lines": told(flag.case, chapters),
        # an indicator names nobody
        "named": flag.rule.check_class == "E",
        "life": _life(flag),
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the review: what, who, when, and the words behind it."""

    says: str
    who: str
    moment: dt.datetime
    words: str


def _life(flag: Flag) -> list[Step]:
    words = {note.number: note.words for note in flag.notes.all()}
    lines = told(flag.case, chapters_of(flag.stream))
    return [
        Step(line.sentence, line.actor, line.event.recorded_at, words.get(line.event.number, ""))
        for line in lines
    ]


def _papers(flag: Flag) -> list[Document]:
    return list(Document.objects.filter(application__case=flag.case, replaced=False).exclude(paper_date=None))


def _paper_names(flag: Flag) -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    column = "name_en" if english else "name_zh"
    return dict(ChecklistItem.objects.order_by("version").values_list("code", column))
