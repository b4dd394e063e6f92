"""The rules of suspicion by their newest version."""

from __future__ import annotations

from integrity.models import CheckRule


def current_rules() -> list[CheckRule]:
    """Every rule in its newest version, switched on or not; two queries."""
    rules = list(CheckRule.objects.current().prefetch_related("causes"))
    return sorted(rules, key=lambda rule: (rule.mark, rule.code))


def current_rule(code: str) -> CheckRule | None:
    """The newest version of one rule."""
    return CheckRule.objects.filter(code=code).order_by("-version").first()


def versions(code: str) -> list[CheckRule]:
    """All versions of one rule, the newest first."""
    return list(CheckRule.objects.filter(code=code).select_related("decided_by").order_by("-version"))
