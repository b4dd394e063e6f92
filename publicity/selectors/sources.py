"""How far a rule can be trusted, in words a customer understands. A grade is never left out and never sounds better than it is."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workflow.models import Clause


def in_english() -> bool:
    """Whether the reader reads English: for rows that have both languages in columns."""
    return (get_language() or "").startswith("en")


def grade_words(grade: str) -> str:
    """来源：转载件，待核 and the like."""
    return {
        "A": _("Source: official page"),
        "B": _("Source: copy, to be checked"),
        "C": _("Source: secondary page, to be checked"),
        "D": _("Seen in a system's records only, to be checked"),
        "U": _("Not verified"),
        "X": _("Our own rule"),
    }[grade]


def clause_number(clause: Clause | None) -> str:
    """The article, or that it is still to be checked; our own rules have none."""
    if clause is not None and clause.number:
        return clause.number
    if clause is not None and clause.grade == "X":
        return ""
    return _("Article number to be checked")


def source_words(grade: str, source: str) -> str:
    """Grade and source in one: 来源：转载件，待核（供电企业公示栏，2016-05）."""
    return _("%(grade)s (%(source)s)") % {"grade": grade_words(grade), "source": source}


def rule_words(title: str, clause: Clause | None) -> str:
    """The rule and its article, or that the article is still to be checked."""
    number = clause_number(clause)
    return _("%(rule)s, %(article)s") % {"rule": title, "article": number} if number else title
