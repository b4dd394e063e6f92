"""Works of both sides: entered item by item, reported on, finished. The grid's own are ours to wait for, and energising waits for them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, WorksFinish, WorksItem, WorksReport, WorksSide
from applications.selectors.works import AFTER, open_grid_works
from applications.services.facts import base, recording, said, split
from applications.services.waiting import explain
from staff.models import User
from workflow.models import ROUTE_STAGES, Task
from workflow.transitions import Act, Done, Refused

FACT = "grid_works"


def add_works(application: Application, *, by: User, side: str, **given: Any) -> Done:
    """An item of works: whose, what, for which source, who has to pay by which clause, when. Several stand beside each other."""
    how, fields, confirmed = split(given)
    kept = ("kind", "source_number", "payer", "clause", "project_no", "start_date", "finish_date")
    data = {"side": side} | said(fields, *kept) | confirmed
    if clause := fields.get("clause"):
        data["clause"] = clause.code
    with recording(application, "add_works", by, how, data, **fields) as a:
        if side == WorksSide.GRID:
            if sentence := why_no_grid_works(a):
                raise Refused(sentence)
            a.change(grid_works=True)
        number = application.worksitems.count() + 1
        WorksItem.objects.create(**base(a, application), number=number, side=side, **fields)
        a.data["number"] = number
    return a.done


def why_no_grid_works(a: Act) -> str | None:
    """Grid works are entered where a node of the route sees them through; once that is done, it has to be opened again first."""
    s = a.situation
    nodes = [node for node in s.nodes if FACT in node.facts]
    if not nodes:
        return _("The process of this case has no node for works of the grid; choose the customer's side.")
    if works_task(a) is not None:
        return None
    if s.done_task(FACT):
        return _("The works of the grid are finished; have the case returned to that node to add more.")
    here = ROUTE_STAGES.index(s.state) if s.state in ROUTE_STAGES else len(ROUTE_STAGES)
    if all(ROUTE_STAGES.index(node.opens_with) < here for node in nodes):
        return _("The node for works of the grid is passed; have the case returned to an earlier node.")
    return None


def works_task(a: Act) -> Task | None:
    """The open task that sees the grid's works through."""
    return next((t for t in a.situation.tasks if t.is_open and FACT in a.situation.node(t.node_code).facts), None)  # fmt: skip


def report_works(application: Application, *, by: User, item: WorksItem, news: str, **given: Any) -> Done:
    """What is new about an item. The task's reason for waiting follows, so that nobody has to say it twice."""
    how, fields, _confirmed = split(given)
    data = {"number": item.number, "news": news} | said(fields, "day", "reference", "expected_date")
    with recording(application, "report_works", by, how, data, **fields) as a:
        if not application.worksitems.filter(pk=item.pk, finish=None).exists():
            raise Refused(_("This item is finished already."))
        WorksReport.objects.create(**base(a, application), item=item, news=news, **fields)
        task, cause = works_task(a), AFTER.get(news, "")
        if task is not None and cause and item.side == WorksSide.GRID:
            explain(a, application, task, cause, expected_date=fields.get("expected_date"))
    return a.done


def finish_works(application: Application, *, by: User, item: WorksItem | None = None, **given: Any) -> Done:
    """An item of the grid's works is finished. The fact stands with the last; without any item it says why none is needed."""
    how, fields, confirmed = split(given)
    data = said(fields, "finished_date", "paid_by") | confirmed
    with recording(application, "finish_works", by, how, data, item=item, **fields) as a:
        left = open_grid_works(application)
        if item is None and left:
            raise Refused(_("Choose which item is finished."))
        if item is not None and item.pk not in {one.pk for one in left}:
            raise Refused(_("This item is finished already."))
        if (
            item is None
            and not fields.get("note")
            and not application.worksitems.filter(side="grid").exists()
        ):
            raise Refused(
                _("No works of the grid are entered; enter them first, or write why none are needed.")
            )
        WorksFinish.objects.create(**base(a, application), item=item, **fields)
        a.incomplete = len(left) > 1
        a.data |= {"number": item.number, "left": len(left) - 1} if item else {"none": True}
    return a.done
