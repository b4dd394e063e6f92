"""Law beside the work: clauses by node, each with how far its source was confirmed. For every officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from integrity.presentation import unverified
from integrity.selectors.law import all_clauses, law_by_route
from staff.access import OFFICER, open_to
from workflow.models import Clause


@require_safe
@open_to(OFFICER)
def law(request: HttpRequest) -> HttpResponse:
    """Every clause once, and under it the nodes it governs, route by route."""
    routes = law_by_route()
    nodes: dict[str, dict[str, None]] = {}
    for route in routes:
        for node in route.nodes:
            for clause in node.clauses:
                # two variants of one node carry one name
                nodes.setdefault(clause.code, {})[f"{route.version.route.name}・{node.node.name}"] = None
    rows = [
        {"clause": _in_words(clause), "nodes": list(nodes.get(clause.code, {}))} for clause in all_clauses()
    ]
    context = {
        "rows": [row for row in rows if row["nodes"]],
        "others": [row for row in rows if not row["nodes"]],
        "routes": [
            {"route": route.version.route, "version": route.version,
             "nodes": [{"node": n.node, "clauses": [_in_words(c) for c in n.clauses]} for n in route.nodes]}
            for route in routes
        ],
    }  # fmt: skip
    return render(request, "integrity/law.html", context)


def _in_words(clause: Clause) -> dict[str, object]:
    english = (get_language() or "").startswith("en")
    return {
        "code": clause.code,
        "title": clause.title_en if english else clause.title_zh,
        "text": clause.text_en if english else clause.text_zh,
        "number": clause.number,
        "source": clause.source,
        "grade": clause.get_grade_display(),
        "unverified": unverified(clause),
        "own": clause.grade == "X",
    }
