"""What is metered and energised: of the newest scheme, in a round."""

from __future__ import annotations

from applications.models import Application, Metering, MeteringPoint, SchemeSource
from applications.selectors.facts import latest_metering, latest_scheme


def points_of(application: Application) -> list[MeteringPoint]:
    """The metering points of the newest version."""
    scheme = latest_scheme(application)
    return list(scheme.metering_points.select_related("source", "tariff")) if scheme else []


def sources_of(application: Application) -> list[SchemeSource]:
    """The sources of the newest version."""
    scheme = latest_scheme(application)
    return list(scheme.sources.all()) if scheme else []


def metered_in(application: Application, number: int) -> set[int]:
    """Ids of the points that got their meter in a round."""
    return set(
        application.meterings.filter(round=number, point__isnull=False).values_list("point", flat=True)
    )


def energised_in(application: Application, number: int) -> set[int]:
    """Ids of the sources that went live in a round."""
    return set(
        application.energisations.filter(round=number, source__isnull=False).values_list("source", flat=True)
    )


def meter_behind(application: Application, source: SchemeSource | None) -> Metering | None:
    """The meter a source is read by: the first one on it; without a scheme the one hung last."""
    if source is None:
        return latest_metering(application)
    hung = application.meterings.filter(point__source=source).order_by("point__number", "-recorded_at")
    found: Metering | None = hung.first()
    if found is None and source.scheme.sources.count() == 1:
        found = application.meterings.filter(point__scheme=source.scheme).order_by("-recorded_at").first()
    return found


def open_points(application: Application, number: int) -> list[MeteringPoint]:
    """Points without a meter in this round."""
    hung = metered_in(application, number)
    return [point for point in points_of(application) if point.pk not in hung]


def open_sources(application: Application, number: int) -> list[SchemeSource]:
    """Sources not energised in this round."""
    live = energised_in(application, number)
    return [source for source in sources_of(application) if source.pk not in live]


def round_of(application: Application, fact: str) -> int:
    """The round of the open task that asks for the fact; 1 where there is none."""
    tasks = application.case.tasks.filter(outcome="").select_related("node").order_by("-round")
    return next((task.round for task in tasks if fact in task.node.facts), 1)


def slip_of(application: Application, asset_no: str) -> str:
    """The number of the slip on which this meter was handed out for the case; empty where none names it."""
    found = application.meterissues.filter(meters__contains=[asset_no]).order_by("-recorded_at").first()
    return found.number if found else ""
