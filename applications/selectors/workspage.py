"""What stands beside the record of a case: why it waits, its works, its money, its meters."""

from __future__ import annotations

from dataclasses import dataclass, field

from applications.models import Application, Energisation, Metering, MeterIssue, SchemeSource
from applications.selectors.connection import sources_of
from applications.selectors.money import Money, money_of
from applications.selectors.waits import Wait, waits_among
from applications.selectors.works import WorksRow, works_of


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: live since when, or not yet."""

    source: SchemeSource
    live: Energisation | None


@dataclass
class WorksPage:
    """What is shown; a fixed number of queries."""

    application: Application
    waits: list[Wait] = field(default_factory=list)
    works: list[WorksRow] = field(default_factory=list)
    money: Money | None = None
    issues: list[MeterIssue] = field(default_factory=list)
    meters: list[Metering] = field(default_factory=list)
    sources: list[SourceRow] = field(default_factory=list)

    @property
    def some_live(self) -> bool:
        """Whether any source is energised."""
        return any(row.live for row in self.sources)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return not (self.waits or self.works or self.money or self.issues or self.meters)


def load_works_page(application: Application) -> WorksPage:
    """Load it all."""
    page = WorksPage(application)
    page.waits = waits_among(application.case.tasks.filter(outcome="").select_related("node"))
    page.works = works_of(application)
    money = money_of(application)
    page.money = money if money.sheet else None
    page.issues = list(application.meterissues.order_by("recorded_at"))
    page.meters = list(application.meterings.select_related("point").prefetch_related("photos"))
    live = {row.source_id: row for row in application.energisations.order_by("recorded_at")}
    page.sources = [SourceRow(source, live.get(source.pk)) for source in sources_of(application)]
    return page
