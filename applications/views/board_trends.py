"""The board over the weeks: days to power, punctuality, stages, flow, returns. Each chart has its finding as title and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from applications.models import SupplyClass
from applications.progress import stage_name
from applications.selectors.board import Group
from applications.selectors.board_figures import spread_of
from applications.selectors.board_trends import BOX_WEEKS, WEEKS, Week, durations, standing, weeks
from applications.views.board_charts import Chart, areas, at, boxes, lines, pareto
from applications.views.board_look import Look, look
from applications.views.board_words import address
from staff.access import ADMINISTRATOR, AUDITOR, SUPERVISOR, open_to
from workflow import actions
from workflow.models import ROUTE_STAGES
from workflow.presentation import background_is_late


@open_to(SUPERVISOR, AUDITOR, ADMINISTRATOR)
def board_trends(request: HttpRequest) -> HttpResponse:
    """Five charts of one look; as many queries however much there is."""
    seen = look(request)
    found, returns = weeks(seen.watch, seen.today, seen.in_force.calendar)
    spent = durations(seen.watch, seen.today, seen.in_force.calendar)
    context = {
        "watch": seen.watch, "now": seen.now, "late": background_is_late(seen.now), "categories": SupplyClass.choices,
        "back": address("board", seen.watch),
        "charts": [_power(found, seen), _kept(found), _stages(spent), _flow(seen.groups(), found), _returns(returns)],
    }  # fmt: skip
    return render(request, "applications/board_trends.html", context)


def _label(week: Week) -> str:
    return f"{week.monday:%m-%d}"


def _power(found: Sequence[Week], seen: Look) -> Chart:
    spreads = [spread_of(week.power) for week in found]
    p50 = [spread.p50 if spread.n else None for spread in spreads]
    p90 = [spread.p90 if spread.n else None for spread in spreads]
    series: dict[str, Sequence[float | None]] = {_("median"): p50, _("nine in ten within"): p90}
    promised = _promise(seen)
    if promised:
        series[_("promised after acceptance")] = [promised] * len(found)
    known = [(week, spread) for week, spread in zip(found, spreads, strict=True) if spread.n]
    if not known:
        title = _("Nothing was energised in the last thirteen weeks")
    elif known[-1][1].p50 != known[0][1].p50:
        words = _(
            "Half are energised within %(now)d working days, in the week from %(then_week)s within %(then)d"
        )
        title = words % {"now": known[-1][1].p50, "then": known[0][1].p50, "then_week": _label(known[0][0])}
    else:
        title = _("Half are energised within %(now)d working days, week after week") % {
            "now": known[-1][1].p50
        }
    head = [_("Week from"), _("Cases"), _("median"), _("nine in ten within")]
    rows = [
        (f"{w.monday:%Y-%m-%d}", s.n, s.p50 if s.n else "–", s.p90 if s.n else "–")
        for w, s in zip(found, spreads, strict=True)
    ]
    note = _(
        "From first contact to energised. The promise counts from acceptance and depends on external works: the longest is drawn."
    )
    return Chart(
        "power", title, _("working days"), sum(spread.n for spread in spreads), lines([_label(w) for w in found], series), head, rows,
        note if promised else _("From first contact to energised."),
    )  # fmt: skip


def _promise(seen: Look) -> int | None:
    """The longest public promise for the whole process that holds for the category asked for; none where it promises nothing."""
    category = seen.watch.category
    days = [
        limit.days
        for limit in seen.in_force.limits
        if limit.kind == "promise" and limit.scope == "process" and limit.days and limit.day_type == "working"
        and (not category or category in limit.conditions.get("supply_class", [category]))
    ]  # fmt: skip
    return max(days, default=None)


def _kept(found: Sequence[Week]) -> Chart:
    shares = [week.share for week in found]
    known = [(week, share) for week, share in zip(found, shares, strict=True) if share is not None]
    if known:
        worst, share = min(known, key=lambda pair: pair[1])
        said = _("The week from %(day)s was the least punctual: %(share)s %% kept")
        title = (
            said % {"day": _label(worst), "share": share}
            if share < 100
            else _("Every limit of law and promise was kept")
        )
    else:
        title = _("No limit of law or promise fell due")
    rows = [
        (f"{w.monday:%Y-%m-%d}", w.kept + w.missed, w.missed, "–" if w.share is None else w.share)
        for w in found
    ]
    head = [_("Week from"), _("Fell due"), _("Missed"), _("% kept")]
    return Chart(
        "kept", title, "%", sum(w.kept + w.missed for w in found), lines([_label(w) for w in found], {_("% kept"): shares}), head, rows,
        _("Limits of law and promise by the week they fell due in, archived or not, fulfilled or still running."),
    )  # fmt: skip


def _stages(spent: Mapping[str, Counter[int]]) -> Chart:
    names = {stage_name(stage): counts for stage, counts in spent.items()}
    if names:
        widest = max(names, key=lambda name: at(names[name], 75) - at(names[name], 25))
        longest = max(names, key=lambda name: at(names[name], 50))
        words = _(
            "%(long)s takes longest (median %(n)d working days); %(wide)s differs most from case to case"
        )
        if widest == longest:
            words = _("%(long)s takes longest and differs most from case to case (median %(n)d working days)")
        title = words % {"long": longest, "n": at(names[longest], 50), "wide": widest}
    else:
        title = _("No case has left a stage in the last weeks")
    head = [_("Stage"), _("Cases"), "5 %", "25 %", _("median"), "75 %", "95 %"]
    rows = [
        (name, sum(counts.values()), *(at(counts, share) for share in (5, 25, 50, 75, 95)))
        for name, counts in names.items()
    ]
    return Chart(
        "stages", title, _("working days"), sum(sum(counts.values()) for counts in names.values()), boxes(names), head, rows,
        _("Cases that left the stage in the last %(n)d weeks. Box: the middle half; line: the median; whiskers: nine in ten.") % {"n": BOX_WEEKS},
    )  # fmt: skip


def _flow(groups: Sequence[Group], found: Sequence[Week]) -> Chart:
    ends = standing(groups, found)
    totals = [sum(end.values()) for end in ends]
    grown = totals[-1] - totals[0]
    if grown > 0:
        title = _("%(n)d more cases are in progress than thirteen weeks ago") % {"n": grown}
    elif grown < 0:
        title = _("%(n)d fewer cases are in progress than thirteen weeks ago") % {"n": -grown}
    else:
        title = _("As many cases are in progress as thirteen weeks ago")
    series: dict[str, Sequence[float | None]] = {
        stage_name(stage): [end[stage] for end in ends]
        for stage in reversed(ROUTE_STAGES)
        if any(end[stage] for end in ends)
    }
    rows = [
        (f"{w.monday:%Y-%m-%d}", *(end[stage] for stage in ROUTE_STAGES), sum(end.values()))
        for w, end in zip(found, ends, strict=True)
    ]
    head = [_("Week from"), *(stage_name(stage) for stage in ROUTE_STAGES), _("Together")]
    return Chart(
        "flow", title, _("cases at the end of the week"), totals[-1], areas([_label(w) for w in found], series), head, rows,
    )  # fmt: skip


def _returns(returns: Counter[str]) -> Chart:
    names_of = {action.event: str(action.label) for action in actions.all_actions()}
    ordered = [(names_of.get(kind, kind), n) for kind, n in returns.most_common() if n]
    total = sum(n for _kind, n in ordered)
    if not ordered:
        title = _("No work was sent back in the last thirteen weeks")
    else:
        share = round(100 * ordered[0][1] / total)
        title = _("%(kind)s makes up %(share)d %% of what was sent back") % {
            "kind": ordered[0][0],
            "share": share,
        }
    seen, rows = 0, []
    for name, n in ordered:
        seen += n
        rows.append((name, n, f"{round(100 * seen / total)} %"))
    names, counts = [name for name, _n in ordered], [n for _name, n in ordered]
    return Chart(
        "returns", title, _("times"), total, pareto(names, _("times"), counts, _("share")), [_("Kind"), _("Times"), _("Together")], rows,
        _("In the last %(n)d weeks; below each bar the share of all together with those before it.") % {"n": WEEKS},
    )  # fmt: skip
