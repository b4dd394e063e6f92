"""Cases as the API tells them: officers what the case page shows, customers what their own page shows, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import localtime

from applications.api.shapes import form_schema
from applications.categories import called
from applications.forms import FORMS
from applications.models import Application, PartyRole
from applications.progress import CUSTOMER_ACTS, stages_of, wire
from applications.selectors.labels import stage_names
from applications.selectors.offers import Offer, case_offers, offers
from applications.selectors.outside import outside_times
from applications.selectors.standing import OUTWARD, Standing
from staff.formats import mask_name
from staff.models import User
from staff.presentation import Milestone
from workflow import actions
from workflow.models import Case, Contact, Event, Stage, Task
from workflow.presentation import DeadlineRow
from workflow.selectors.timeline import names_for, timeline
from workflow.transitions import Done

SUPPLY = "supply_documents"


def moment(value: dt.datetime | None) -> str | None:
    """ISO 8601 with the offset of here."""
    return localtime(value).isoformat() if value else None


def case_row(case: Case) -> dict[str, Any]:
    """A case in a list."""
    return {
        "id": str(case.pk), "contact_no": case.contact_no, "application_no": case.application_no, "stage": case.stage,
        "stage_label": str(case.get_stage_display()), "office": case.office.code, "office_name": case.office.name,
        "first_contact_at": moment(case.first_contact_at), "opened_at": moment(case.opened_at),
    }  # fmt: skip


def whole_case(here: Standing, user: User) -> dict[str, Any]:
    """A case in full, as far as this person may know it."""
    case, application = here.case, here.application
    contact = case.contacts.order_by("number").first()
    category = application.category if application else contact.category if contact else ""
    place = application.premises.address if application else contact.place if contact else ""
    found = case_row(case) | {
        "category": category, "place": place, "sentence": here.sentence,
        "milestones": [_milestone(stop) for stop in milestones(here, user)],
        "external": list(case.external_refs.order_by("pk").values("system", "kind", "value")),
        "continues": str(case.continues_id) if case.continues_id else None,
        "joined_to": str(case.joined_to_id) if case.joined_to_id else None,
    }  # fmt: skip
    return found if user.is_customer else found | _for_officers(here, called(category) if category else "")


def _for_officers(here: Standing, category_name: str) -> dict[str, Any]:
    case, application = here.case, here.application
    applicant = (
        application.parties.filter(role=PartyRole.APPLICANT).select_related("person").first()
        if application
        else None
    )
    return {
        "route": case.route_version.name if case.route_version else category_name,
        "applicant": mask_name(applicant.person.name) if applicant else "",
        "tasks": [_task(here, task) for task in here.situation.tasks if task.is_open and task.current],
        "outside_times": [
            {"system": row.system, "about": row.about, "stated_at": moment(row.stated_at), "received_at": moment(row.received_at),
             "ours": moment(row.ours)}
            for row in outside_times(case, application)
        ],
    }  # fmt: skip


def _task(here: Standing, task: Task) -> dict[str, Any]:
    return {
        "node": task.node_code, "label": here.situation.node(task.node_code).name, "round": task.round, "doer": task.doer,
        "office": task.office.code, "opened_at": moment(task.opened_at), "taken_at": moment(task.taken_at), "version": task.version,
    }  # fmt: skip


def milestones(here: Standing, user: User) -> list[Milestone]:
    """The wire: the customer's, or the desk's."""
    if user.is_customer:
        return here.public_milestones()
    s = here.situation
    names = stage_names(s.matching, s.rules.stamp)
    clocks = [row.deadline for row in here.rows]
    return wire(stages_of(s.nodes, s.matching), s.state, s.tasks, clocks, here.now, {}, names)


def _milestone(stop: Milestone) -> dict[str, Any]:
    when = stop.when
    said = (
        moment(when)
        if isinstance(when, dt.datetime)
        else when.isoformat()
        if isinstance(when, dt.date)
        else when
    )
    return {"label": str(stop.name), "state": stop.state, "when": said}


def deadline(row: DeadlineRow) -> dict[str, Any]:
    """One clock."""
    clock = row.deadline
    return {
        "name": str(row.countdown.name), "kind": str(row.kind), "round": row.round, "standing": row.countdown.standing,
        "text": str(row.countdown.text), "rule": row.countdown.rule, "clause": row.clause, "started_at": moment(clock.started_at),
        "due_at": moment(clock.due_at), "stopped_at": moment(clock.stopped_at),
    }  # fmt: skip


def deadlines(here: Standing, user: User) -> list[dict[str, Any]]:
    """Customers see law and promises alone, as on their page."""
    rows = [r for r in here.rows if not user.is_customer or (r.kind in OUTWARD and r.deadline.limit.days)]
    return [deadline(row) for row in rows]


def record(here: Standing, user: User, limit: int) -> list[dict[str, Any]]:
    """The record, newest first; for customers the milestones passed."""
    if user.is_customer:
        passed = [_milestone(stop) for stop in milestones(here, user) if stop.state == "done"]
        return [{"label": stop["label"], "recorded_at": stop["when"]} for stop in reversed(passed)]
    entries = timeline(here.case, limit)
    names = names_for(here.case, entries)
    labels = {action.event: str(action.label) for action in actions.all_actions()}
    return [
        {
            "number": e.event.number, "kind": e.event.kind, "label": labels.get(e.event.kind, e.event.kind),
            "sentence": _sentence(e.event, e.data, names), "recorded_at": moment(e.event.recorded_at),
            "occurred_at": moment(e.event.occurred_at), "by": names.get(e.actor_id, e.actor_id), "via": e.event.via,
            "stage_from": e.event.state_from, "stage_to": e.event.state_to, "node": e.event.task_node, "round": e.event.task_round,
        }
        for e in entries
    ]  # fmt: skip


def _sentence(event: Event, data: dict[str, Any], names: dict[str, str]) -> str:
    html = render_to_string(f"events/{event.kind}.html", {"event": event, "data": data, "names": names})
    return " ".join(strip_tags(html).split())


def offered(here: Standing, user: User) -> list[Offer]:
    """Every act that makes sense now, those that can't be done with their reason."""
    if here.application is None:
        return []
    s = here.situation
    if not user.is_customer:
        return offers(s) + [o for o in offers(s, "customer") if o.allowed] + case_offers(s)
    found = [offer for offer in offers(s, "customer") + case_offers(s) if offer.action.name in CUSTOMER_ACTS]
    return found + ([Offer(actions.get(SUPPLY), None, None)] if here.request else [])


def offer(one: Offer, here: Standing, user: User) -> dict[str, Any]:
    """One of them, with the fields of its form where it can be done."""
    name, task = one.action.name, one.task
    fields = None
    if one.allowed and name in FORMS and here.application is not None:
        form = FORMS[name](application=here.application, user=user, version=task.version if task else None)
        shown = {n: f for n, f in form.fields.items() if not (user.is_customer and n == "occurred_at")}
        fields = form_schema(shown, form)
    return {
        "name": name, "label": str(one.action.label), "allowed": one.allowed, "why_not": one.why_not,
        "node": task.node_code if task else None, "round": task.round if task else None,
        "version": task.version if task else None, "fields": fields,
    }  # fmt: skip


def done_answer(done: Done) -> dict[str, Any]:
    """What an act came to, from its event alone, so that a repeat gets the very same."""
    event = Event.objects.get(stream=done.stream, number=done.number)
    moved = Event.objects.filter(stream=done.stream, number__lte=done.number, state_to__isnull=False)
    last = moved.aggregate(n=Max("number"))["n"]
    stage = Event.objects.get(stream=done.stream, number=last).state_to if last else Stage.CONTACT
    case = Case.objects.get(pk=done.case_id)
    return {
        "case": str(case.pk), "contact_no": case.contact_no, "stage": stage,
        "event": {"number": event.number, "kind": event.kind, "recorded_at": moment(event.recorded_at)},
    }  # fmt: skip


def contact_answer(contact: Contact) -> dict[str, Any]:
    """A contact and its receipt."""
    return {
        "id": str(contact.pk), "case": str(contact.case_id), "contact_no": contact.case.contact_no, "receipt_code": contact.receipt_code,
        "receipt_url": settings.TONGDIAN_BASE_URL + reverse("receipt", args=[contact.receipt_key]),
        "recorded_at": moment(contact.recorded_at),
    }  # fmt: skip


def filed_answer(application: Application) -> dict[str, Any]:
    """A submitted application, and the receipt of its first contact."""
    case = application.case
    contact = case.contacts.order_by("number").first()
    return {
        "case": str(case.pk), "contact_no": case.contact_no, "application_no": case.application_no,
        "receipt_code": contact.receipt_code if contact else "",
    }  # fmt: skip
