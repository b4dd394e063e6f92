"""Acts of field work: done at once, or brought in from a device that had no network."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.forms.field import VisitForm
from applications.models import Application, Capture
from applications.selectors.conflict import conflict_of
from applications.selectors.field import SiteAct
from applications.services import SERVICES
from applications.services.field import CLOSED, Brought, bring_in, settle_capture
from applications.views.field import SITE_ACTS, forms_of, task_on_site
from applications.views.origin import circumstance_of
from staff.access import OFFICER, authority_of, open_to, reader
from staff.formats import table_moment
from staff.models import User
from workflow import actions
from workflow.events import Circumstance
from workflow.models import Case, Event, TakenAlong, Task
from workflow.policies import why_not
from workflow.selectors.field import facts_on_site
from workflow.selectors.situations import situation_of
from workflow.services.field import taken_by_nonce
from workflow.transitions import Done, Refusal, Repeated

HANDLING = ("offer_appointment", "agree_appointment", "miss_appointment", "take_along", "hand_back")
VISIT = "visit"
"""The channel of what is done at the customer's place."""

LEFT_OUT = ("csrfmiddlewaretoken", "nonce", "captured_at", "key", "version", "task")
"""What a device sends along that is no answer of a form."""


@open_to(OFFICER)
def field_act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act at the customer's place. With a nonce it may come from a task taken along, also after it went into other hands."""
    if name in HANDLING:
        return _handle(request, pk, name)
    if name not in SITE_ACTS:
        raise Http404
    me = reader(request)
    taken = taken_by_nonce(request.POST.get("nonce", ""), me.user) if request.method == "POST" else None
    if taken is not None and taken.task_id == pk:
        task = taken.task
        application = get_object_or_404(
            Application.objects.select_related("case__office", "premises"), case=task.case_id
        )
    else:
        taken = None
        task, application = task_on_site(me, pk)
    if request.method != "POST":
        return redirect("field_visit", pk=pk)
    form, seen = forms_of(_act(name, task), me, application, task, request.POST, request.FILES)
    if not (form.is_valid() & seen.is_valid()) and not _came_too_late(taken, form):
        return _mistakes(request, task, application, name, form, seen)
    try:
        brought = _record(request, name, application, taken, form, seen)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _mistakes(request, task, application, name, form, seen, refusal.status)
    return _answer(request, task, name, brought)


def _act(name: str, task: Task) -> SiteAct:
    action = actions.get(name)
    fact = next((fact for fact in facts_on_site(task) if fact == action.task_fact), action.task_fact)
    return SiteAct(name, str(action.label), fact, None)


def _came_too_late(taken: TakenAlong | None, form: ActForm) -> bool:
    """What belongs to a task in other hands is kept as it is: the case has moved on, so its form may not fit any more."""
    return taken is not None and (taken.closed_at is not None or form.was_done_before())


def _record(
    request: HttpRequest,
    name: str,
    application: Application,
    taken: TakenAlong | None,
    form: ActForm,
    seen: VisitForm,
) -> Brought:
    how = circumstance_of(request, via=VISIT)
    me = reader(request).user
    given = {**form.cleaned_data, "key": form.data.get("key", "")[:40]}
    saw = seen.seen() if seen.is_valid() else VisitForm.nothing()
    if taken is None:
        try:
            return Brought(done=SERVICES[name](application, by=me, circumstance=how, visit=saw, **given))
        except Repeated as repeated:
            return Brought(done=repeated.done)
    return bring_in(
        application, SERVICES[name], taken, by=me, given=given, body=body_of(request), seen=saw,
        captured_at=captured_at(request), circumstance=how,
    )  # fmt: skip


def body_of(request: HttpRequest) -> dict[str, list[str]]:
    """What was typed, field by field, without what only the sending needed."""
    return {name: request.POST.getlist(name) for name in request.POST if name not in LEFT_OUT}


def captured_at(request: HttpRequest) -> dt.datetime | None:
    """The device's own time of pressing the button; nothing where it sent none or none that can be read."""
    try:
        moment = parse_datetime(request.POST.get("captured_at", ""))
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def _wants_json(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def _mistakes(
    request: HttpRequest,
    task: Task,
    application: Application,
    name: str,
    form: ActForm,
    seen: Any,
    status: int = 422,
) -> HttpResponse:
    if _wants_json(request):
        said = [str(text) for texts in (*form.errors.values(), *seen.errors.values()) for text in texts]
        fields = {
            key: [str(text) for text in texts] for one in (form, seen) for key, texts in one.errors.items()
        }
        return JsonResponse({"state": "mistakes", "said": said, "fields": fields}, status=422)
    context = {
        "task": task, "application": application, "action": actions.get(name), "form": form, "seen": seen, "case": task.case,
        "multipart": True,
    }  # fmt: skip
    return render(request, "applications/field_act.html", context, status=status)


def _answer(request: HttpRequest, task: Task, name: str, brought: Brought) -> HttpResponse:
    said, url, event = _said(name, brought), "", None
    if brought.capture is not None:
        url = reverse("field_capture", args=[brought.capture.pk])
    elif brought.done is not None:
        event = Event.objects.get(stream=brought.done.stream, number=brought.done.number)
    if _wants_json(request):
        state = "done" if event else "kept"
        return JsonResponse({
            "state": state, "said": said, "url": url, "number": event.number if event else None,
            "recorded": table_moment(event.recorded_at) if event else "",
            "captured": table_moment(event.captured_at) if event and event.captured_at else "",
        })  # fmt: skip
    messages.success(request, said)
    return redirect(url or reverse("field_visit", args=[task.pk]))


def _said(name: str, brought: Brought) -> str:
    if brought.capture is None:
        return _("Recorded: %(act)s.") % {"act": actions.get(name).label}
    if brought.capture.reason == CLOSED:
        return _(
            "This task is no longer in your hands. What you captured is kept on the case and shown to whoever does it now."
        )
    return _("It could not be recorded: %(why)s What you captured is kept on the case.") % {
        "why": brought.sentence
    }


def _handle(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Appointments, taking along, handing back: ordinary forms of the case, leading back to the visit."""
    me = reader(request)
    task, application = task_on_site(me, pk)
    form = FORMS[name](request.POST or None, application=application, user=me.user, initial={"task": task.pk})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                SERVICES[name](
                    application,
                    by=me.user,
                    circumstance=circumstance_of(request, via=VISIT),
                    **form.cleaned_data,
                )
            except Repeated:
                return redirect("field_visit", pk=pk)
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Recorded: %(act)s.") % {"act": actions.get(name).label})
                return redirect("field_day") if name == "hand_back" else redirect("field_visit", pk=pk)
    context = {
        "task": task,
        "application": application,
        "action": actions.get(name),
        "form": form,
        "case": task.case,
    }
    return render(request, "applications/field_act.html", context, status=status)


@open_to(OFFICER)
def field_capture(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What came too late: both values, the photographs, and the form filled with it, to be recorded after all or left in the file."""
    me = reader(request)
    capture = _capture(request, pk)
    application, action = capture.application, actions.get(capture.act)
    situation = situation_of(application, me.user, known=me).before(action)
    refused = why_not(situation)
    sent = request.POST if request.method == "POST" and "leave" not in request.POST else None
    form = FORMS[capture.act](sent, application=application, user=me.user, initial=typed(capture))
    status = 200
    if request.method == "POST" and capture.settled_at is None:
        try:
            if _settle(request, capture, form):
                return redirect("case", pk=application.case_id)
            status = 422
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    context = {
        "capture": capture, "application": application, "case": application.case, "action": action, "form": form, "why_not": refused,
        "conflict": conflict_of(application, action, form), "rows": shown(form), "photos": list(capture.photos.all()),
    }  # fmt: skip
    return render(request, "applications/field_capture.html", context, status=status)


def _capture(request: HttpRequest, pk: uuid.UUID) -> Capture:
    """One that this person sent, or whose case they may see."""
    me = reader(request)
    found = get_object_or_404(
        Capture.objects.select_related(
            "application__case__office", "application__premises", "taken__task__node", "kept_by"
        ),
        pk=pk,
    )
    seen = (
        Case.objects.visible_to(me.user, authority_of(request)).filter(pk=found.application.case_id).exists()
    )
    if not seen and found.kept_by_id != me.user.pk:
        raise Http404
    return found


def _settle(request: HttpRequest, capture: Capture, form: ActForm) -> bool:
    how = circumstance_of(request, via="counter")
    me = reader(request).user
    used = "leave" not in request.POST
    if used and not form.is_valid():
        return False
    with transaction.atomic():
        if used:
            _record_after_all(capture, form, me, how)
        settle_capture(capture.application, capture, by=me, used=used, circumstance=how)
    messages.success(
        request,
        _("Recorded: %(act)s.") % {"act": actions.get(capture.act).label} if used else _("Left in the file."),
    )
    return True


def _record_after_all(capture: Capture, form: ActForm, me: User, how: Circumstance) -> Done:
    """By whoever does the task now. Where that is who was on site, the times of the device go with it."""
    if capture.kept_by_id == me.pk:
        how = replace(how, captured_at=capture.captured_at, nonce_at=capture.taken.nonce_at)
    done: Done = SERVICES[capture.act](capture.application, by=me, circumstance=how, **form.cleaned_data)
    return done


def typed(capture: Capture) -> dict[str, Any]:
    """What was typed, as a form starts with it."""
    body: dict[str, list[str]] = json.loads(capture.body)
    lists = {"surveyors", "inspectors", "fitters", "energised_by"}
    return {name: values if name in lists else values[-1] for name, values in body.items() if values}


def shown(form: ActForm) -> list[tuple[str, str]]:
    """What was captured, line by line, choices by their words."""
    rows = []
    for bound in form.visible_fields():
        value = bound.value()
        words = {str(code): str(label) for code, label in getattr(bound.field, "choices", ()) or ()}
        values = value if isinstance(value, list | tuple) else [value]
        text = "、".join(words.get(str(one), str(one)) for one in values if one not in (None, ""))
        if text:
            rows.append((str(bound.label), text))
    return rows
