"""Cases walked through the real forms and services, played by the demo cast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.models import Application
from applications.services import SERVICES, filing, intake
from staff.demo import Cast, build_cast
from staff.models import User
from workflow import actions
from workflow.events import Circumstance
from workflow.models import Event, EventPayload, Task
from workflow.services.contacts import FirstContact, register_contact

EAST = "37010201"
PHONES = {"zhanghaitang": "13800000101", "hengtai": "13800000202"}


def bureau() -> Cast:
    """Offices and people, as a demo database starts with; the rules stand in every test's database."""
    return build_cast()


@contextmanager
def shared_bureau(django_db_blocker: Any) -> Iterator[Cast]:
    """One bureau for a module, in a transaction around its tests, whose own are savepoints in it."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        people = bureau()
    yield people
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


class Walk:
    """One case of one class of supply, from contact to acceptance; then act by act as the test says."""

    def __init__(
        self,
        cast: Cast,
        supply_class: str,
        *,
        customer: str = "zhanghaitang",
        three_zero: bool = True,
        **values: Any,
    ) -> None:
        self.cast, self.customer = cast, cast[customer]
        self.three_zero = three_zero
        clerk, phone = cast["wangmin"], PHONES[customer]
        first = FirstContact(
            channel="hall",
            phone=phone,
            need="新装用电",
            place="海棠路 1 号",
            category=f"new_supply.{supply_class}",
            office_code=EAST,
        )
        case = register_contact(first, by=clerk).case
        particulars = filing.Particulars(name="张海棠", phone=phone, address="海棠路 1 号")
        self.application: Application = filing.start_application(
            case, particulars, supply_class=supply_class, by=clerk, **values
        )
        intake.submit(self.application, by=clerk)
        intake.record_echo(self.application, by=clerk)

    def accepted(self) -> Walk:
        """受理."""
        intake.accept(
            self.application,
            by=self.cast["wangmin"],
            three_zero=self.three_zero,
            three_zero_basis="客户选择按普通流程办理",
        )
        return self

    def form(self, name: str, who: str | User, data: dict[str, Any] | None = None, **changes: Any) -> ActForm:
        """The act's form as a browser would send it: what it starts with, changed as said; None takes a field away."""
        user = self.cast[who] if isinstance(who, str) else who
        self.application.reload()
        how = {"application": self.application, "user": user, "version": self.version(name)}
        shown = FORMS[name](**how)
        sent = {field: shown[field].value() for field in shown.fields} | (data or {}) | changes
        return FORMS[name]({key: value for key, value in sent.items() if value is not None}, **how)

    def do(self, name: str, who: str | User, **changes: Any) -> Any:
        """Fill the form in, send it, do the act."""
        form = self.form(name, who, **changes)
        assert form.is_valid(), (name, form.errors.as_json())
        user = self.cast[who] if isinstance(who, str) else who
        done = SERVICES[name](
            self.application, by=user, circumstance=Circumstance(via="hall"), **form.cleaned_data
        )
        self.application.reload()
        return done

    def version(self, name: str) -> int | None:
        """Version of the open task the act works on."""
        tasks = Task.objects.filter(case=self.application.case, outcome="").select_related("node")
        facts = {a.name: a.task_fact for a in actions.all_actions()}
        return next((t.version for t in tasks if facts[name] and facts[name] in t.node.facts), None)

    def said(self, kind: str) -> dict[str, Any]:
        """Payload of the newest event of a kind."""
        event = self.event(kind)
        return EventPayload.objects.get(stream=event.stream, number=event.number).data

    def event(self, kind: str) -> Event:
        """The newest event of a kind on the case."""
        return Event.objects.filter(stream=self.application.case.stream, kind=kind).latest("number")

    @property
    def stage(self) -> str:
        """Where the case stands."""
        return str(self.application.state)

    def open_nodes(self) -> set[str]:
        """What is to be done."""
        return set(
            Task.objects.filter(case=self.application.case, outcome="").values_list("node_code", flat=True)
        )


SURVEYED = {
    "can_supply": "yes", "external_line": "no", "customer_works": "no", "transformer_area": "海棠 3 号台区", "pole": "12 号杆",
    "distance_m": "35", "photos": "4", "approved_capacity": "8 kW",
}  # fmt: skip
LOW_SCHEME = {
    "capacity": "8", "transformer_area": "海棠 3 号台区", "ownership_boundary": "表箱出线端", "utility_pays": "下户线、表箱、电能表",
}  # fmt: skip
METERED = {"asset_no": "3701 0020 2611", "seals": "F100234\nF100235", "first_reading": "0"}
