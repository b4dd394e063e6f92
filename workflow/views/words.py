"""Rules in words: conditions, days, sources and what changed between two versions of a route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from staff.policies import Role
from workflow import comparison
from workflow.models import Clause, Grade, Limit, Node
from workflow.stages import Stage

#: A yes-or-no field, in the words for yes and for no.
ANSWERS = {
    "three_zero": (gettext_lazy("zero-cost user"), gettext_lazy("not a zero-cost user")),
    "customer_works": (gettext_lazy("with receiving works"), gettext_lazy("without receiving works")),
    "external_line": (gettext_lazy("with external line"), gettext_lazy("without external line")),
    "grid_works": (gettext_lazy("with works of the grid"), gettext_lazy("without works of the grid")),
    "fees_due": (gettext_lazy("with charges due"), gettext_lazy("without charges")),
    "important": (gettext_lazy("important user"), gettext_lazy("not an important user")),
    "estate": (gettext_lazy("housing estate"), gettext_lazy("not a housing estate")),
}
VALUES = {
    "residential": gettext_lazy("residential"),
    "lv_other": gettext_lazy("low voltage, non-residential"),
    "hv_single": gettext_lazy("high voltage, single source"),
    "hv_dual": gettext_lazy("high voltage, dual source"),
    "new_supply": gettext_lazy("new supply"),
    "dpv_natural": gettext_lazy("household PV"),
}
VERDICTS = {
    comparison.KEPT: gettext_lazy("kept"),
    comparison.CUT: gettext_lazy("cut"),
    comparison.ADDED: gettext_lazy("added"),
    comparison.MERGED: gettext_lazy("merged"),
    comparison.SPLIT: gettext_lazy("split"),
    comparison.REARRANGED: gettext_lazy("divided anew by kind of customer"),
}
NOTES = {
    comparison.CONDITIONAL: gettext_lazy("only for some customers now"),
    comparison.ALWAYS: gettext_lazy("for every customer now"),
    comparison.PARALLEL: gettext_lazy("made parallel"),
    comparison.EARLIER: gettext_lazy("moved to an earlier stage"),
    comparison.LATER: gettext_lazy("moved to a later stage"),
    comparison.COUNTY: gettext_lazy("done by the county now"),
    comparison.STATION: gettext_lazy("done by the station now"),
    comparison.DOER: gettext_lazy("done by somebody else now"),
}
ORIGINS = {
    "law": gettext_lazy("set by law: only a proposal is possible"),
    "company": gettext_lazy("set by the grid company: only a proposal is possible"),
    "province": gettext_lazy("set by the province: only a proposal is possible"),
    "bureau": gettext_lazy("this bureau may change it"),
}


def listed(words: Iterable[Any]) -> str:
    """Words in a row: 、 in Chinese."""
    return str(pgettext("between items of a list", ", ")).join(str(word) for word in words)


def either(words: Iterable[Any]) -> str:
    """Alternatives: A 或 B."""
    return str(pgettext("between alternatives", " or ")).join(dict.fromkeys(str(word) for word in words))


def conditions(when: Mapping[str, Sequence[Any]]) -> str:
    """What a node or limit applies to; empty when it applies always."""
    return listed(_condition(name, values) for name, values in when.items())


def _condition(name: str, values: Sequence[Any]) -> str:
    if name in ANSWERS and {True, False} - set(values):
        return str(ANSWERS[name][0 if True in values else 1])
    if name == "voltage":
        return either(f"{value} kV" for value in values)
    if name == "capacity":
        bounds = [str(value).replace(">=", "≥ ").replace("<", "< ") for value in values if value is not None]
        return either(_("capacity %(bound)s") % {"bound": bound} for bound in bounds)
    return either(VALUES.get(value, value) for value in values if value is not None)


def variants(nodes: Sequence[Node]) -> str:
    """What a line of a comparison applies to: its variants' conditions as alternatives, plain negatives left out."""
    if any(not node.conditions for node in nodes):
        return ""
    return either(conditions(_positive(node.conditions)) for node in nodes)


def _positive(when: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    yes = {name: values for name, values in when.items() if True in values}
    return yes or when


def customers(answers: Sequence[Mapping[str, bool]]) -> str:
    """Customers in one group of a comparison, by what is true of them; those of whom nothing is, by what is not."""
    true = [frozenset(name for name, value in given.items() if value) for given in answers]
    least = [some for some in true if not any(other < some for other in true)]
    if frozenset() in least:
        return listed(words[1] for name, words in ANSWERS.items() if name in answers[0]) or _(
            "every customer"
        )
    return either(listed(words[0] for name, words in ANSWERS.items() if name in some) for some in least)


def days(limit: Limit) -> str:
    """How long: "15 working days"; a row without days says so."""
    if limit.days is None:
        return _("measured, no limit") if limit.status == "in_force" else _("days to be checked")
    if limit.day_type == "calendar":
        return ngettext("%(n)d calendar day", "%(n)d calendar days", limit.days) % {"n": limit.days}
    return ngettext("%(n)d working day", "%(n)d working days", limit.days) % {"n": limit.days}


def title(row: Clause) -> str:
    """A clause's title in the reader's language."""
    return row.title_en if (get_language() or "").startswith("en") else row.title_zh


def clause(row: Clause) -> str:
    """Title and number of a clause; a number nobody could check is said to be open. Own rules have none."""
    if row.grade == Grade.X and not row.number:
        return title(row)
    return _("%(title)s, %(number)s") % {
        "title": title(row),
        "number": row.number or _("article number to be checked"),
    }


def doer(node: Node, competences: Mapping[str, str]) -> str:
    """Who does a node: post, place and certificate."""
    if node.doer != "officer":
        return str(node.get_doer_display())
    place = _("county") if node.at_county else _("station")
    who = _("%(role)s (%(place)s)") % {
        "role": Role(node.role).label if node.role else _("any post"),
        "place": place,
    }
    if not node.competence:
        return who
    return _("%(who)s, certificate: %(name)s") % {
        "who": who,
        "name": competences.get(node.competence, node.competence),
    }


def between(fewest: int, most: int) -> str:
    """A number that depends: 13–17."""
    return str(fewest) if fewest == most else f"{fewest}–{most}"


def span(node: Node) -> str:
    """When it opens and what can't be left without it."""
    if node.opens_with == node.needed_for:
        return str(Stage(node.opens_with).label)
    return _("opens at %(opens)s, needed before %(needed)s ends") % {
        "opens": Stage(node.opens_with).label,
        "needed": Stage(node.needed_for).label,
    }


def allowance(minutes: int) -> str:
    """How far a claimed time may lie before the record."""
    if minutes % 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def change(what: str, before: int, after: int) -> str:
    """A count before and after, in a sentence's words."""
    said = {"what": what, "before": before, "after": after}
    if after < before:
        return _("%(what)s from %(before)d down to %(after)d") % said
    if after > before:
        return _("%(what)s from %(before)d up to %(after)d") % said
    return _("%(what)s still %(after)d") % said


def headline(route: str, group: comparison.Group, *, alone: bool) -> str:
    """The comparison's title: what it comes to, for the customers it spares most."""
    name = (
        route
        if alone
        else _("%(route)s (%(customers)s)") % {"route": route, "customers": customers(group.answers)}
    )
    return _("%(name)s: %(nodes)s, %(steps)s") % {
        "name": name,
        "nodes": change(_("nodes"), group.before.nodes, group.after.nodes),
        "steps": change(_("published steps"), group.before.steps, group.after.steps),
    }
