"""Open capacity: what an asset has, what was taken of it since, who waits for it and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from applications.models import (
    Application,
    AssetKind,
    CapacityAsset,
    CapacityCheck,
    CapacityFigure,
    CapacityRule,
    Priority,
    QueueEntry,
    SchemeRule,
    SchemeSource,
)
from staff.models import Office
from workflow.models import ENDED, Stage

GONE = sorted(ENDED - {Stage.ARCHIVED})
"""Cases that ended without power take no capacity and wait for none; a re-opened one has its old place again."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of an asset: the newest figure, less what schemes and served cases have taken since."""

    figure: CapacityFigure
    promised: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be given."""
        return self.figure.open_capacity - self.promised


def newest_figure(asset: CapacityAsset) -> CapacityFigure | None:
    """The figure that counts: the one recorded last."""
    return asset.figures.order_by("-recorded_at", "-pk").first()


def open_of(asset: CapacityAsset, besides: Application | None = None) -> Open | None:
    """How much is open, not counting what the case itself has; None while no figure is known."""
    figure = newest_figure(asset)
    return Open(figure, _promised(asset, figure.recorded_at, besides)) if figure else None


@dataclass(frozen=True, slots=True)
class Look:
    """What a case finds when it looks at an asset: whether it is enough, and how many wait for it already."""

    asset: CapacityAsset
    found: Open | None
    needed: Decimal
    queued: int
    waits: bool
    served: bool

    @property
    def sufficient(self) -> bool:
        """Enough, and nobody here before it: whoever was served may draw on it, everybody else takes the last place."""
        enough = self.found is not None and self.found.left >= self.needed
        return enough and not self.waits and (self.served or not self.queued)


def look_at(application: Application, asset: CapacityAsset, needed: Decimal) -> Look:
    """Look at one asset for one case."""
    entries = list(application.queue_entries.filter(asset=asset))
    return Look(
        asset=asset,
        found=open_of(asset, application),
        needed=needed,
        queued=sum(entry.application_id != application.pk for entry in waiting(asset)),
        waits=any(entry.left_at is None for entry in entries),
        served=any(entry.left_how == "served" for entry in entries),
    )


def _promised(asset: CapacityAsset, since: dt.datetime, besides: Application | None) -> Decimal:
    """Taken since: by the newest version of every case's scheme, and by cases served that have not been drafted yet."""
    newest = (
        SchemeSource.objects.filter(scheme__application=OuterRef("scheme__application"))
        .order_by("-scheme__number")
        .values("scheme")[:1]
    )
    drafted = (
        SchemeSource.objects.filter(capacity_check__asset=asset, capacity_check__recorded_at__gt=since)
        .exclude(scheme__application__state__in=GONE)
        .filter(scheme=Subquery(newest))
    )
    served = QueueEntry.objects.filter(asset=asset, left_how="served", left_at__gte=since).exclude(
        application__state__in=GONE
    )
    if besides is not None:
        drafted = drafted.exclude(scheme__application=besides)
        served = served.exclude(application=besides)
    taken = dict(drafted.order_by().values_list("scheme__application").annotate(Sum("capacity")))
    for application, needed in served.values_list("application", "needed"):
        taken.setdefault(application, needed)
    return sum(taken.values(), Decimal(0))


def waiting(asset: CapacityAsset) -> list[QueueEntry]:
    """Who waits, in order: who has a priority in force before the others, then by first contact."""
    return list(_in_order(QueueEntry.objects.filter(asset=asset)).select_related("application__case__office"))


def all_waiting() -> QuerySet[QueueEntry]:
    """Everybody who waits, asset by asset, each queue in its order."""
    return _in_order(QueueEntry.objects.all(), "asset__kind", "asset__code").select_related(
        "asset", "application__case__office"
    )


def _in_order(entries: QuerySet[QueueEntry], *first: str) -> QuerySet[QueueEntry]:
    today = timezone.localdate()
    favoured = Exists(in_force(Priority.objects.filter(application=OuterRef("application")), today))
    return (
        entries.filter(left_at=None)
        .exclude(application__state__in=GONE)
        .annotate(favoured=favoured)
        .order_by(*first, F("favoured").desc(), "first_contact_at", "queued_at", "pk")
    )


def in_force(priorities: QuerySet[Priority], on: dt.date) -> QuerySet[Priority]:
    """Priorities that hold on a day."""
    return priorities.filter(from_date__lte=on, to_date__gte=on)


def priority_of(application: Application) -> Priority | None:
    """The priority a case has today."""
    held = in_force(Priority.objects.filter(application=application), timezone.localdate())
    return held.order_by("from_date", "pk").first()


def priorities_granted(from_date: dt.date, to_date: dt.date) -> int:
    """How many priorities were granted in a time: counted in what is disclosed."""
    return Priority.objects.filter(recorded_at__date__gte=from_date, recorded_at__date__lte=to_date).count()


def place_of(application: Application) -> tuple[QueueEntry, int] | None:
    """The case's entry and its place in the queue, from 1."""
    entry = QueueEntry.objects.select_related("asset").filter(application=application, left_at=None).first()
    if entry is None:
        return None
    ids = [other.pk for other in waiting(entry.asset)]
    return (entry, ids.index(entry.pk) + 1) if entry.pk in ids else None


def rule_for(supply_class: str) -> SchemeRule | None:
    """What the table says a scheme of this class has to have."""
    return SchemeRule.objects.filter(supply_class=supply_class, in_force=True).first()


def kinds_for(*, high: bool) -> tuple[str, ...]:
    """What limits a supply: a transformer area at low voltage, a line or substation above."""
    return (AssetKind.LINE, AssetKind.SUBSTATION) if high else (AssetKind.TRANSFORMER_AREA,)


def county_of(office: Office) -> Office:
    """The county an office belongs to."""
    return office.parent or office


def assets_for(application: Application, *, high: bool | None = None) -> QuerySet[CapacityAsset]:
    """Assets of the case's county with a figure, of the kind that limits such a supply, its own office's first."""
    office = application.case.office
    known = CapacityFigure.objects.filter(asset=OuterRef("pk"))
    return (
        CapacityAsset.objects.filter(
            Exists(known),
            kind__in=kinds_for(high=application.high if high is None else high),
            office__in=Office.objects.subtree(county_of(office)),
        )
        .annotate(near=ExpressionWrapper(Q(office=office), BooleanField()))
        .order_by("-near", "kind", "code")
    )


def must_check(application: Application) -> bool:
    """Whether a scheme of this case is drafted only after a look at the open capacity: the switch of its class of supply."""
    rule = rule_for(application.supply_class)
    if rule is None or rule.capacity_check == CapacityRule.OFF:
        return False
    return rule.capacity_check == CapacityRule.ALWAYS or assets_for(application).exists()


def standing_check(application: Application, asset: CapacityAsset | None = None) -> CapacityCheck | None:
    """The newest look at the capacity that is on record for this case."""
    checks = CapacityCheck.objects.filter(application=application).select_related("asset")
    if asset is not None:
        checks = checks.filter(asset=asset)
    return checks.order_by("-recorded_at", "-pk").first()


def figures_of(assets: Iterable[CapacityAsset]) -> dict[int, CapacityFigure]:
    """The newest figure of each asset, in one query."""
    rows = (
        CapacityFigure.objects.filter(asset__in=[asset.pk for asset in assets])
        .order_by("asset_id", "-recorded_at", "-pk")
        .distinct("asset_id")
    )
    return {figure.asset_id: figure for figure in rows}
