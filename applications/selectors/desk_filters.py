"""The desk's filters: what the address says, kept under a name or handed to a colleague as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from applications.models import BusinessType, SupplyClass
from workflow.models import ROUTE_STAGES, Pause, Stage

DUE = ("overdue", "today", "three_days", "paused")
VIEWS = ("mine", "unassigned", "today", "overdue", "papers", "contacts", "all")
STAGES = (Stage.CONTACT, Stage.DRAFT, *ROUTE_STAGES)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which of the standing views, narrowed by stage, category and time. What is not known is not asked for."""

    view: str = "mine"
    stage: str = ""
    supply: str = ""
    business: str = ""
    due: str = ""

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Filters:
        """As an address, a form or a saved view says."""

        def one(name: str, allowed: object) -> str:
            said = str(given.get(name) or "")
            return said if said in allowed else ""  # type: ignore[operator]

        return cls(
            one("view", VIEWS) or "mine", one("stage", [str(s) for s in STAGES]), one("supply", SupplyClass.values),
            one("business", BusinessType.values), one("due", DUE),
        )  # fmt: skip

    @property
    def kept(self) -> dict[str, str]:
        """What differs from the bare desk."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything beside the standing view is asked for."""
        return bool(self.stage or self.supply or self.business or self.due)

    def query(self) -> str:
        """The part of the address behind the question mark."""
        return urlencode(self.kept)

    def condition(self, now: dt.datetime) -> Q:
        """What it asks of a case beside its view."""
        asked = Q(stage=self.stage) if self.stage else Q()
        asked &= Q(application__supply_class=self.supply) if self.supply else Q()
        asked &= Q(application__business_type=self.business) if self.business else Q()
        return asked & _due(self.due, now)


def end_of(now: dt.datetime, days: int = 0) -> dt.datetime:
    """The last second of today or of a day to come."""
    return (timezone.localtime(now) + dt.timedelta(days=days)).replace(hour=23, minute=59, second=59)


def _due(due: str, now: dt.datetime) -> Q:
    if due == "overdue":
        return Q(next_due_at__lt=now)
    if due == "today":
        return Q(next_due_at__gte=now, next_due_at__lte=end_of(now))
    if due == "three_days":
        return Q(next_due_at__gte=now, next_due_at__lte=end_of(now, 3))
    if due == "paused":
        return Q(Exists(Pause.objects.filter(case=OuterRef("pk"), ended_at=None)))
    return Q()
