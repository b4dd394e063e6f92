"""Deciding about a rule: on, off, another threshold. Always a new version with a reason, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity.models import CheckRule
from integrity.policies import may_decide_rules
from integrity.selectors.access import audits_everything
from integrity.selectors.rules import current_rule
from staff.models import User
from workflow.events import append, name_actor
from workflow.transitions import Refused, Stale, actor_name

KEPT = ("code", "mark", "check_class", "name_zh", "name_en", "measures_zh", "measures_en", "source", "grade")


def change_rule(
    code: str, *, version: int, in_force: bool, values: Mapping[str, int], reason: str, by: User
) -> CheckRule:
    """Add a version of the rule. `version` is the one that was shown; `values` the thresholds people may change.

    Flags keep the version they were raised under; what is decided now holds for events that come after.
    """
    if sentence := may_decide_rules(audits_everything(by)):
        raise Refused(sentence)
    if not reason.strip():
        raise Refused(_("Write down the reason for the decision."))
    old = current_rule(code)
    if old is None or old.version != version:
        raise Stale(_("Somebody has changed this rule meanwhile. Look at the new version and decide again."))
    new_values = {**old.values, **values}
    if (old.in_force, old.values) == (in_force, new_values):
        raise Refused(_("Nothing was changed."))
    return _add(old, in_force=in_force, values=new_values, reason=reason.strip(), by=by)


def _add(old: CheckRule, *, in_force: bool, values: dict[str, Any], reason: str, by: User) -> CheckRule:
    try:
        with transaction.atomic():
            name_actor(actor_name(by))
            rule = CheckRule.objects.create(
                **{name: getattr(old, name) for name in KEPT}, version=old.version + 1, in_force=in_force, values=values,
                reason=reason, decided_by=by, decided_at=timezone.now(),
            )  # fmt: skip
            rule.causes.set(old.causes.all())
            append(
                rule.stream, "check_rule.changed",
                data={
                    "code": rule.code, "version": rule.version, "in_force": in_force, "values": values,
                    "was_in_force": old.in_force, "old_values": old.values, "reason": reason,
                },
            )  # fmt: skip
    except IntegrityError as taken:  # two people at once: the unique version decides
        raise Stale(
            _("Somebody has changed this rule meanwhile. Look at the new version and decide again.")
        ) from taken
    return rule
