"""三零: who gets the service without visit, approval and investment, by the rule of the region and the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.models import Application, PartyRole, ThreeZeroRule
from applications.selectors.terms import figure
from workflow.selectors.rules import rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says of one application: the rule, if one covers its category, and whether it gives the service."""

    rule: ThreeZeroRule | None
    applies: bool

    @property
    def basis(self) -> str:
        """The rule in words, with its source; or that there is none."""
        if self.rule is None:
            return _("No rule of the three-zero service covers this kind of application.")
        return _("%(answer)s by the rule “%(rule)s” in force since %(day)s. Source: %(source)s (%(grade)s)") % {
            "answer": _("Yes") if self.applies else _("No"), "rule": self.rule.name, "day": self.rule.from_date.isoformat(),
            "source": self.rule.source, "grade": self.rule.get_grade_display(),
        }  # fmt: skip


def three_zero_of(application: Application, on: dt.date, region: str | None = None) -> Verdict:
    """What the rule in force on that day in that region (this bureau's own if none is named) says. Half-known capacity counts as no."""
    rule = rule_for(application, on, rules().profile.region if region is None else region)
    if rule is None:
        return Verdict(None, applies=False)
    kinds = application.parties.filter(role=PartyRole.APPLICANT).values_list("kind", flat=True)
    fits = application.capacity is not None and application.capacity <= rule.capacity_limit
    return Verdict(rule, applies=fits and all(kind in rule.customer_kinds for kind in kinds))


def rule_for(application: Application, on: dt.date, region: str) -> ThreeZeroRule | None:
    """Of the rules that were, or are, in force that day the one of the closest region; of two there the newer one."""
    found = ThreeZeroRule.objects.filter(
        Q(to_date=None) | Q(to_date__gte=on),
        status__in=["in_force", "superseded"],
        from_date__lte=on,
        business_types__contains=[application.business_type],
        supply_classes__contains=[application.supply_class],
    )
    near = [rule for rule in found if region.startswith(rule.region)]
    return max(near, key=lambda rule: (len(rule.region), rule.from_date), default=None)


def capacity_words(verdict: Verdict) -> str:
    """The threshold in words, such as 160 kW."""
    return f"{figure(verdict.rule.capacity_limit)} {verdict.rule.unit}" if verdict.rule else ""
