"""The day on a phone: visits in order, one visit with its papers, list and forms. Every form works without JavaScript."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from applications.forms import FORMS
from applications.forms.field import VisitForm
from applications.models import Application, Capture
from applications.selectors.field import SiteAct, in_order, papers_of_visit, site_acts, stops, unsettled
from applications.services import SERVICES
from applications.views.origin import circumstance_of, with_device
from staff.access import OFFICER, open_to, reader
from staff.policies import Authority
from workflow.models import Case, HandBackReason, Task
from workflow.selectors.field import ON_SITE, visit_of, visits_of
from workflow.selectors.situations import situation_of
from workflow.services.field import arrange_day, nonce_of
from workflow.transitions import Refusal, Repeated

SITE_ACTS = (
    "record_survey", "record_mid_inspection", "record_inspection", "require_rectification", "record_metering", "energise_source",
    "record_removal",
)  # fmt: skip
"""Acts that can be filled in on site, without network."""


def task_on_site(me: Authority, pk: uuid.UUID) -> tuple[Task, Application]:
    """A task done on site on a case this person may see, or 404."""
    seen = Case.objects.visible_to(me.user, me)
    tasks = Task.objects.filter(case__in=seen, doer="officer", node__facts__overlap=list(ON_SITE))
    task = get_object_or_404(tasks.select_related("node", "case__office", "office"), pk=pk)
    applications = Application.objects.select_related(
        "premises", "case__office", "case__route_version__route"
    )
    return task, get_object_or_404(applications, case=task.case_id)


@open_to(OFFICER)
def field_day(request: HttpRequest) -> HttpResponse:
    """What this person visits on a day, in order; what has no time yet; what waits in their office; what was kept."""
    me = reader(request)
    today = timezone.localdate()
    day = parse_date(request.GET.get("day", "")) or today if _is_day(request) else today
    mine, free = visits_of(me.user, me.offices, {post.role for post in me.posts})
    found = in_order(stops(mine), me.user, day)
    here = [
        s
        for s in found
        if s.visit.on(day) or (day == today and (s.visit.taken or _overdue(s.visit.from_at, day)))
    ]
    context = {
        "day": day, "today": today, "days": [today + dt.timedelta(days=n) for n in range(5)], "here": here,
        "later": [s for s in found if s not in here], "free": stops(free)[:20], "reasons": HandBackReason.choices,
        "kept": _kept(me), "me": me.user,
    }  # fmt: skip
    return with_device(request, render(request, "applications/field_day.html", context))


def _is_day(request: HttpRequest) -> bool:
    try:
        return parse_date(request.GET.get("day", "")) is not None
    except ValueError:
        return False


def _overdue(from_at: dt.datetime | None, day: dt.date) -> bool:
    return from_at is not None and timezone.localdate(from_at) < day


def _kept(me: Authority) -> list[Capture]:
    """What came too late, of tasks this person holds or sent themself."""
    seen = Application.objects.filter(case__in=Case.objects.visible_to(me.user, me))
    return list(unsettled(seen)[:20])


@open_to(OFFICER)
def field_order(request: HttpRequest) -> HttpResponse:
    """Move a visit up or down in one's own day."""
    me = reader(request)
    if request.method != "POST" or not _is_post_day(request):
        raise Http404
    day = parse_date(request.POST["day"]) or timezone.localdate()
    mine, _free = visits_of(me.user, (), ())
    order = [s.visit.task.pk for s in in_order(stops(mine), me.user, day)]
    direction, _sep, named = request.POST.get("move", "").partition(":")
    place = next((n for n, pk in enumerate(order) if str(pk) == named), None)
    shown = [pk for pk in order if str(pk) in request.POST.getlist("shown")]
    if place is not None:
        _move(order, shown, order[place], -1 if direction == "up" else 1)
        arrange_day(me.user, day, order)
    return redirect(f"{request.path.removesuffix('order/')}?day={day.isoformat()}")


def _is_post_day(request: HttpRequest) -> bool:
    try:
        return parse_date(request.POST.get("day", "")) is not None
    except ValueError:
        return False


def _move(order: list[uuid.UUID], shown: list[uuid.UUID], task: uuid.UUID, step: int) -> None:
    """Change places with the neighbour shown beside it."""
    if task not in shown or not 0 <= shown.index(task) + step < len(shown):
        return
    here, there = order.index(task), order.index(shown[shown.index(task) + step])
    order[here], order[there] = order[there], order[here]


@open_to(OFFICER)
def field_visit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One visit: where, when, papers, list, forms. Once taken along, the browser keeps this page and what is typed into it."""
    me = reader(request)
    task, application = task_on_site(me, pk)
    return render(request, "applications/field_visit.html", visit_context(me, task, application))


def visit_context(me: Authority, task: Task, application: Application) -> dict[str, Any]:
    """Everything the visit's page shows."""
    visit = visit_of(task)
    situation = situation_of(application, me.user, known=me)
    stop = next(iter(stops([visit])))
    holders = situation.holders.get(task.pk, {})
    mine = me.user.pk in holders
    taken = visit.taken if visit.taken and visit.taken.user_id == me.user.pk else None
    acts = site_acts(situation, task, SITE_ACTS) if task.is_open else []
    return {
        "stop": stop, "task": task, "application": application, "visit": visit, "taken": taken,
        "other": None if taken else visit.taken, "nonce": nonce_of(taken) if taken else "", "mine": mine, "holders": holders,
        "acts": [(act, *forms_of(act, me, application, task)) for act in acts if offline_or_allowed(act, taken)],
        "not_now": [act for act in acts if not offline_or_allowed(act, taken)],
        "papers": papers_of_visit(application), "kept": list(unsettled([application])), "me": me.user,
    }  # fmt: skip


def offline_or_allowed(act: SiteAct, taken: object) -> bool:
    """What is possible now; and on a task taken along everything it asks for, since the one may be filled in after the other."""
    return act.why_not is None or (taken is not None and act.fact in ("metering", "energisation"))


def forms_of(
    act: SiteAct, me: Authority, application: Application, task: Task, data: Any = None, files: Any = None
) -> Any:
    """The act's form and what is seen beside it. Ids differ from form to form, since several stand on one page."""
    form = FORMS[act.name](
        data,
        files,
        application=application,
        user=me.user,
        version=task.version,
        task=task.pk,
        auto_id=f"{act.name}-%s",
    )
    seen = VisitForm(
        data, files, fact=act.fact, supply_class=application.supply_class, auto_id=f"{act.name}-%s"
    )
    return form, seen


@open_to(OFFICER)
def field_hand_back(request: HttpRequest) -> HttpResponse:
    """Hand back everything this person holds on site: who falls ill keeps nobody waiting. Each task is its own act, with its own answer."""
    me = reader(request)
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        raise Http404
    if reason not in HandBackReason.values:
        messages.error(request, _("Choose why you hand the tasks back."))
        return redirect("field_day")
    mine, _free = visits_of(me.user, (), ())
    how, given = circumstance_of(request, via="visit"), 0
    for stop in stops(mine):
        try:
            SERVICES["hand_back"](
                stop.application, by=me.user, task=stop.visit.task, reason=reason, circumstance=how,
                key=f"{request.POST.get('key', '')[:8]}{stop.visit.task.pk.hex}"[:40],
            )  # fmt: skip
        except Repeated:
            pass
        except Refusal as refusal:
            messages.error(request, f"{stop.application}：{refusal.sentence}")
            continue
        given += 1
    messages.success(
        request, _("%(n)s tasks were handed back to their office; their clocks run on.") % {"n": given}
    )
    return redirect("field_day")
