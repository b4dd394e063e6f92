"""Works of a case as they stand: of each item what was planned, what was reported, whether it is finished, and what it waits for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applications.models import Application, WorksFinish, WorksItem, WorksNews, WorksReport, WorksSide
from staff.formats import near_day
from workflow.models import WaitCause

AFTER: dict[str, str] = {
    WorksNews.MATERIAL_ASKED: WaitCause.MATERIAL,
    WorksNews.MATERIAL_ISSUED: WaitCause.GRID_WORKS,
    WorksNews.PERMIT_ASKED: WaitCause.GOVERNMENT,
    WorksNews.PERMIT_GRANTED: WaitCause.GRID_WORKS,
    WorksNews.OUTAGE: WaitCause.OUTAGE_PLAN,
    WorksNews.LIVE: WaitCause.OUTAGE_PLAN,
    WorksNews.SLOT_LOST: WaitCause.OUTAGE_PLAN,
    WorksNews.STARTED: WaitCause.GRID_WORKS,
}
"""What the works wait for after each piece of news."""


@dataclass
class WorksRow:
    """One item with its news, newest first."""

    item: WorksItem
    reports: list[WorksReport] = field(default_factory=list)
    finish: WorksFinish | None = None
    customer_done: dt.date | None = None

    @property
    def finished_date(self) -> dt.date | None:
        """When it was finished: as recorded, or for the customer's works as notified."""
        return self.finish.finished_date if self.finish else self.customer_done

    @property
    def project_no(self) -> str:
        """The project's number: the one given last."""
        given = (r.reference for r in self.reports if r.news == WorksNews.PROJECT)
        return next(given, self.item.project_no)

    @property
    def material(self) -> WorksReport | None:
        """How the material stands."""
        return self._last(WorksNews.MATERIAL_ASKED, WorksNews.MATERIAL_ISSUED)

    @property
    def permit(self) -> WorksReport | None:
        """How the permit stands."""
        return self._last(WorksNews.PERMIT_ASKED, WorksNews.PERMIT_GRANTED)

    @property
    def slot(self) -> WorksReport | None:
        """The outage or live-line work it is joined to the grid in."""
        return self._last(WorksNews.OUTAGE, WorksNews.LIVE, WorksNews.SLOT_LOST)

    @property
    def paid_otherwise(self) -> bool:
        """Whether somebody else paid than had to."""
        return bool(self.finish and self.finish.paid_by and self.finish.paid_by != self.item.payer)

    def _last(self, *news: str) -> WorksReport | None:
        return next((report for report in self.reports if report.news in news), None)

    @property
    def started_date(self) -> dt.date | None:
        """When it was begun."""
        begun = self._last(WorksNews.STARTED)
        return begun.day if begun else None

    def for_customer(self) -> str:
        """In a customer's words: what is built, and what comes next. No firm, no number."""
        name = str(self.item.get_kind_display())
        if self.finished_date:
            return _("%(works)s: finished on %(day)s") % {"works": name, "day": near_day(self.finished_date)}
        if (slot := self.slot) and slot.news != WorksNews.SLOT_LOST and slot.expected_date:
            said = _("%(works)s: joined to the grid on %(day)s as planned")
            return said % {"works": name, "day": near_day(slot.expected_date)}
        if self.started_date:
            return _("%(works)s: being built") % {"works": name}
        if self.material and self.material.news == WorksNews.MATERIAL_ASKED:
            return _("%(works)s: waiting for material") % {"works": name}
        return _("%(works)s: being prepared") % {"works": name}


def works_of(application: Application) -> list[WorksRow]:
    """Every item in its number's order; three queries."""
    items = application.worksitems.select_related("clause", "finish").prefetch_related("reports")
    notice = application.completionnotices.order_by("-recorded_at").first()
    rows = []
    for item in items:
        news = sorted(item.reports.all(), key=lambda report: report.pk, reverse=True)
        mine = notice.finished_date if notice and item.side == WorksSide.CUSTOMER else None
        rows.append(WorksRow(item, news, getattr(item, "finish", None), mine))
    return rows


def open_grid_works(application: Application) -> list[WorksItem]:
    """Items of the grid's works that are not finished."""
    return list(application.worksitems.filter(side=WorksSide.GRID, finish=None))


def held_up(application: Application, source_number: int | None) -> WorksItem | None:
    """The unfinished item that keeps this source from being energised: its own, or one that every source needs."""
    return next(
        (item for item in open_grid_works(application) if item.source_number in (None, source_number)), None
    )


def not_finished(item: WorksItem) -> str:
    """The sentence for a source whose works are not finished."""
    return _("Works item %(n)s of the grid is not finished yet; this source is energised after it.") % {
        "n": item.number
    }
