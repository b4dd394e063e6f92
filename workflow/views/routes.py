"""Routes: which there are, one version's nodes, two versions side by side, and which one new cases get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.access import ADMINISTRATOR, OFFICER, authority_of, open_to
from staff.policies import admits
from workflow.actions import fact_label
from workflow.comparison import Comparison, Line, Row, compare, reach, steps
from workflow.forms import RouteChoiceForm
from workflow.models import Node, RouteVersion
from workflow.selectors.routes import (
    competence_names,
    node_limits,
    routes_with_versions,
    unmanned,
    version_with_nodes,
)
from workflow.services.routes import choose_version
from workflow.transitions import Refused
from workflow.views import words
from workflow.views.places import places


@open_to(OFFICER)
@require_safe
def route_list(request: HttpRequest) -> HttpResponse:
    """Every route, the version new cases get, and the others."""
    routes = [
        (route, [_version_line(version) for version in route.versions.all()])
        for route in routes_with_versions()
    ]
    return render(request, "workflow/routes.html", {"routes": routes, "places": places("routes")})


@open_to(OFFICER)
@require_safe
def route_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version's nodes as a readable table."""
    return _version_page(request, _version(pk), RouteChoiceForm())


@open_to(ADMINISTRATOR)
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Give new cases this version, with a reason."""
    version = _version(pk)
    form = RouteChoiceForm(request.POST)
    if not form.is_valid():
        return _version_page(request, version, form, status=422)
    try:
        choose_version(
            by=request.user,  # type: ignore[arg-type]
            version=version,
            reason=form.cleaned_data["reason"],
            on=timezone.localdate(),
        )
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _version_page(request, version, form, status=409)
    messages.success(
        request,
        _("New cases of %(route)s get “%(version)s” from now on. Running cases keep theirs.")
        % {"route": version.route.name, "version": version.name},
    )
    return redirect("workflow:routes")


@open_to(OFFICER)
@require_safe
def comparison(request: HttpRequest, before: int, after: int) -> HttpResponse:
    """Two versions of one route side by side."""
    old, new = _version(before), _version(after)
    if old.route_id != new.route_id:
        raise Http404
    found = compare(list(old.nodes.all()), list(new.nodes.all()))
    return render(
        request,
        "workflow/comparison.html",
        {
            "old": old,
            "new": new,
            "headline": words.headline(new.route.name, found.shortest, alone=len(found.groups) == 1),
            "rows": [_row(row) for row in found.rows],
            "groups": [(words.customers(group.answers), group) for group in found.groups],
            "moved": [(fact_label(fact), _place(was), _place(is_now)) for fact, was, is_now in found.moved],
            "summary": _summary(found),
            "places": places("routes"),
        },
    )


def _version_line(version: RouteVersion) -> dict[str, Any]:
    return {"version": version, "nodes": words.between(*reach(list(version.nodes.all())))}


def _version(pk: int) -> RouteVersion:
    version = version_with_nodes(pk)
    if version is None:
        raise Http404
    return version


def _version_page(
    request: HttpRequest, version: RouteVersion, form: RouteChoiceForm, status: int = 200
) -> HttpResponse:
    names = competence_names()
    limits = {code: words.days(limit) for code, limit in node_limits(version.route.supply_class).items()}
    nodes = list(version.nodes.all())
    called = {node.code: node.name for node in nodes}
    others = version.route.versions.exclude(pk=version.pk).order_by("-number")
    may_choose = admits(ADMINISTRATOR, authority_of(request))
    context = {
        "version": version,
        "nodes": [_node(alike, names, limits, called) for alike in _alike(nodes)],
        "count": words.between(*reach(nodes)),
        "steps": words.between(*steps(nodes)),
        "others": others,
        "form": form,
        "may_choose": may_choose and version.status == "published" and not version.for_new_cases,
        "unmanned": unmanned(version, timezone.localdate()) if may_choose else [],
        "places": places("routes"),
    }
    return render(request, "workflow/route_version.html", context, status=status)


def _alike(nodes: Sequence[Node]) -> list[list[Node]]:
    """Nodes in order, those that differ in their conditions alone taken together."""
    found: dict[tuple[Any, ...], list[Node]] = defaultdict(list)
    for node in nodes:
        found[tuple(node.facts), node.doer, node.competence, node.opens_with, node.needed_for].append(node)
    return list(found.values())


def _node(
    alike: Sequence[Node], names: Mapping[str, str], limits: Mapping[str, str], called: Mapping[str, str]
) -> dict[str, Any]:
    node = alike[0]
    return {
        "node": node,
        "doer": words.doer(node, names),
        "facts": words.listed(fact_label(fact) for fact in node.facts),
        "when": words.variants(alike),
        "span": words.span(node),
        "allowance": words.allowance(node.claim_allowance_minutes) if node.doer == "officer" else "",
        "returns_to": called.get(node.returns_to, ""),
        "origin": words.ORIGINS[node.origin],
        "clauses": [words.clause(clause) for clause in node.clauses.all()],
        "limit": limits.get(node.code, ""),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "before": [_line(line) for line in row.before],
        "after": [_line(line) for line in row.after],
        "verdict": row.verdict,
        "word": words.VERDICTS[row.verdict],
        "notes": [words.NOTES[note] for note in row.notes],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "stages": words.either(node.get_opens_with_display() for node in line.variants),
        "doer": line.variants[0].get_doer_display(),
        "facts": words.listed(fact_label(fact) for fact in line.variants[0].facts),
        "when": "" if line.always else words.variants(line.variants),
        "step": any(node.promise_count for node in line.variants),
    }


def _place(line: Line) -> str:
    return _("%(stage)s · %(node)s") % {"stage": _line(line)["stages"], "node": line.name}


def _summary(found: Comparison) -> list[tuple[str, list[str]]]:
    """What was done, kind by kind, naming the nodes."""
    kinds = (
        (_("Cut"), [line.name for row in found.with_verdict("cut") for line in row.before]),
        (_("Merged"), [_merged(row) for row in found.with_verdict("merged")]),
        (
            _("Divided anew"),
            [line.name for row in found.with_verdict("split", "rearranged") for line in row.after],
        ),
        (_("Added"), [line.name for row in found.with_verdict("added") for line in row.after]),
        (_("Made parallel"), _noted(found, "parallel")),
        (_("Only for some customers"), _noted(found, "conditional")),
    )
    return [(kind, names) for kind, names in kinds if names]


def _merged(row: Row) -> str:
    return _("%(before)s into “%(after)s”") % {
        "before": words.listed(_("“%(name)s”") % {"name": line.name} for line in row.before),
        "after": row.after[0].name,
    }


def _noted(found: Comparison, note: str) -> list[str]:
    return [row.after[0].name for row in found.rows if note in row.notes]
