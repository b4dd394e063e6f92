"""Time limits: regimes side by side, those in force first, each with clause, source and grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from staff.access import ADMINISTRATOR, OFFICER, authority_of, open_to
from staff.policies import admits
from workflow.forms import LimitFilterForm
from workflow.models import Limit
from workflow.selectors.limits import limits_shown, our_profile
from workflow.stages import ROUTE_STAGES, Stage
from workflow.views import words
from workflow.views.places import places

CLASSES = {
    "residential": gettext_lazy("Residential"),
    "lv_other": gettext_lazy("Low voltage, non-residential"),
    "hv_single": gettext_lazy("High voltage, single source"),
    "hv_dual": gettext_lazy("High voltage, dual source"),
}
STATUS = {
    "in_force": gettext_lazy("in force here"),
    "draft": gettext_lazy("not applied: draft or unchecked"),
    "superseded": gettext_lazy("superseded"),
}


@dataclass(frozen=True)
class RegimeRow:
    """One regime's limits of one code: days by class of supply."""

    limits: Sequence[Limit]
    columns: Sequence[tuple[str, Sequence[str]]]

    @property
    def first(self) -> Limit:
        """What they share: name, regime, source."""
        return self.limits[0]

    @property
    def width(self) -> int:
        """More than one column where a single cell speaks for every class."""
        return 1 if "supply_class" in self.first.conditions else len(CLASSES)

    @property
    def clause(self) -> str:
        """The clause, its number open where nobody could check it."""
        return words.clause(self.first.clause) if self.first.clause else _("no clause named")

    @property
    def status(self) -> str:
        """How it stands for us, in words."""
        return str(STATUS[self.first.status])


@dataclass(frozen=True)
class Section:
    """A stage, or the whole process, with its regimes."""

    name: str
    code: str
    rows: Sequence[RegimeRow]

    @property
    def in_force(self) -> int:
        """How many of its regimes apply to us."""
        return sum(row.first.status == "in_force" for row in self.rows)


@open_to(OFFICER)
@require_safe
def limit_list(request: HttpRequest) -> HttpResponse:
    """All limits; those of one class of supply when filtered."""
    form = LimitFilterForm(request.GET or None)
    wanted = form.cleaned_data["supply_class"] if form.is_bound and form.is_valid() else ""
    rows = limits_shown(wanted)
    classes = {code: name for code, name in CLASSES.items() if wanted in ("", code)}
    return render(
        request,
        "workflow/limits.html",
        {
            "form": form,
            "columns": list(classes.values()),
            "sections": _sections([row for row in rows if row.scope != "node"], list(classes)),
            "own": _own([row for row in rows if row.scope == "node"]),
            "profile": our_profile(),
            "may_edit": admits(ADMINISTRATOR, authority_of(request)),
            "places": places("limits"),
        },
    )


def _own(rows: Iterable[Limit]) -> list[tuple[str, str, str, str]]:
    """Name, time, condition and source of each node's own time, rows that say the same once."""
    said = ((row.name, words.days(row), words.conditions(row.conditions), row.source) for row in rows)
    return list(dict.fromkeys(said))


def _sections(rows: Iterable[Limit], classes: Sequence[str]) -> list[Section]:
    by_stage: dict[str, list[Limit]] = defaultdict(list)
    for row in rows:
        by_stage["" if row.scope == "process" else row.stage].append(row)
    return [
        Section(
            name=str(Stage(stage).label) if stage else _("Whole process"),
            code=stage or "process",
            rows=_regimes(by_stage[stage], classes),
        )
        for stage in ("", *ROUTE_STAGES)
        if by_stage[stage]
    ]


def _regimes(rows: Iterable[Limit], classes: Sequence[str]) -> list[RegimeRow]:
    groups: dict[tuple[str, ...], list[Limit]] = defaultdict(list)
    for row in rows:
        groups[row.code, row.regime, row.kind, row.utility, row.region, row.status].append(row)
    return [_regime(group, classes) for group in groups.values()]


def _regime(rows: Sequence[Limit], classes: Sequence[str]) -> RegimeRow:
    if any("supply_class" in row.conditions for row in rows):
        return RegimeRow(rows, [(str(CLASSES[code]), _cell(rows, code)) for code in classes])
    return RegimeRow(rows, [(_("All classes"), _cell(rows, classes[0]))])


def _cell(rows: Iterable[Limit], supply_class: str) -> list[str]:
    """Days for a class; where they depend on more than the class, each with its condition."""
    said = [
        (
            words.days(row),
            words.conditions({name: v for name, v in row.conditions.items() if name != "supply_class"}),
        )
        for row in rows
        if supply_class in row.conditions.get("supply_class", [supply_class])
    ]
    if len({days for days, _when in said}) <= 1 and any(not when for _days, when in said):
        return [days for days, _when in said[:1]]
    known = any(when for _days, when in said)
    return [
        _("%(days)s (%(when)s)") % {"days": days, "when": when or _("until that is known")} if known else days
        for days, when in said
    ]
