"""The neutral question about a gap: asked by the times alone. It never looks at flags, so nothing can be told from it."""

from __future__ import annotations

from dataclasses import dataclass

from integrity.checks import CHECKS
from integrity.checks.facts import Entry, Finding
from integrity.models import Cause, CheckRule, GapAnswer
from integrity.selectors.log import case_log
from integrity.selectors.rules import current_rules
from workflow.models import Case


@dataclass(frozen=True, slots=True)
class Question:
    """A gap on a case, the causes to choose from, and the office's answer if there is one."""

    code: str
    entry: Entry
    finding: Finding
    causes: tuple[Cause, ...]
    answer: GapAnswer | None

    @property
    def number(self) -> int:
        """Number of the event it is about."""
        return self.entry.number


def questions(case: Case) -> list[Question]:
    """Every gap of a case, by the thresholds of the newest rules, also of those switched off as suspicions.

    Why also those: switching a rule off must not be visible to the offices it looks at.
    """
    log = case_log(case)
    answers = {a.about_number: a for a in GapAnswer.objects.filter(case=case).select_related("cause", "by")}
    rules = [rule for rule in current_rules() if rule.code in CHECKS]
    spare = list(Cause.objects.filter(in_force=True, needs_words=True))
    found: dict[int, Question] = {}
    for entry in log.entries:
        for rule in rules:
            check = CHECKS[rule.code]
            if entry.number in found or not check.looks_at(entry):
                continue
            if finding := check.examine(log, entry, rule.values):
                found[entry.number] = Question(
                    rule.code, entry, finding, _causes(rule, spare), answers.get(entry.number)
                )
    return list(found.values())


def _causes(rule: CheckRule, spare: list[Cause]) -> tuple[Cause, ...]:
    listed = [cause for cause in rule.causes.all() if cause.in_force]
    return (*listed, *(cause for cause in spare if cause not in listed))
