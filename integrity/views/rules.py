"""The rules of suspicion: what each measures, its threshold and its versions; the change of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from integrity.checks import CHECKS
from integrity.forms import RuleForm
from integrity.models import CheckRule
from integrity.policies import may_decide_rules
from integrity.selectors.access import audits_everything
from integrity.selectors.rules import current_rules, versions
from integrity.services.rules import change_rule
from staff.access import AUDITOR, open_to
from workflow.transitions import Refusal


@require_safe
@open_to(AUDITOR)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, on or off."""
    rows = [{"rule": rule, "values": thresholds(rule)} for rule in current_rules()]
    return render(request, "integrity/rules.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(AUDITOR)
def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """One rule with its versions, and the form to decide about it."""
    user: Any = request.user
    known = versions(code)
    if not known:
        raise Http404
    form = RuleForm(request.POST or None, rule=known[0])
    why = may_decide_rules(audits_everything(user))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _decide(code, form, user)
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Decided. It holds for events from now on."))
                return redirect("integrity:rule", code)
        else:
            status = 422
    context = {
        "rule": known[0], "values": thresholds(known[0]), "form": form, "why_not": why,
        "versions": [{"rule": version, "values": thresholds(version)} for version in known],
    }  # fmt: skip
    return render(request, "integrity/rule.html", context, status=status)


def thresholds(rule: CheckRule) -> list[tuple[str, Any]]:
    """Label and value of each threshold people may change."""
    names = CHECKS[rule.code].values if rule.code in CHECKS else {}
    return [(str(label), rule.values.get(name)) for name, label in names.items()]


def _decide(code: str, form: RuleForm, user: Any) -> None:
    cleaned = form.cleaned_data
    change_rule(
        code,
        version=cleaned["version"],
        in_force=cleaned["in_force"],
        values=form.values(),
        reason=cleaned["reason"],
        by=user,
    )
