"""Forms of field work: times for a visit, tasks taken along and handed back, what is seen on site."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm
from applications.forms.fields import ManyPhotos, PhotosField
from applications.forms.handling import TaskField
from applications.models import VisitItem
from applications.services.seen import Seen
from staff.formats import span
from workflow.models import Appointment, AppointmentOutcome, HandBackReason, SaidBy, Task
from workflow.selectors.field import ON_SITE

SLOTS = 3
OWN = "own"
"""A time the customer wishes that was not offered."""

Slot = tuple[dt.datetime, dt.datetime]


def on_site_tasks(form: ActForm) -> Any:
    """Open tasks of the case that are done on site."""
    return form.application.case.tasks.filter(
        outcome="", doer="officer", node__facts__overlap=list(ON_SITE)
    ).select_related("node")


class TimeField(forms.TimeField):
    """Hours and minutes."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Write the time like 15:30.")})
        super().__init__(required=False, **kwargs)


class SlotForm(ActForm):
    """A form that asks for times: day, from, to; `slot` reads one of them."""

    def slot(self, data: dict[str, Any], suffix: str) -> Slot | None:
        """The time of one row; None where it is empty. Mistakes are told at its fields."""
        day, begin, end = (data.pop(f"{name}_{suffix}", None) for name in ("day", "begin", "end"))
        if day is None and begin is None and end is None:
            return None
        if day is None or begin is None or end is None:
            self.add_error(f"day_{suffix}", gettext("Give the day, from when and until when."))
            return None
        if end <= begin:
            self.add_error(f"end_{suffix}", gettext("The end lies before the beginning."))
            return None
        zone = timezone.get_current_timezone()
        return dt.datetime.combine(day, begin, zone), dt.datetime.combine(day, end, zone)


class OfferAppointmentForm(SlotForm):
    """Up to three times for one visit."""

    task = TaskField(label=_("Task"), queryset=Task.objects.none(), empty_label=None)
    day_1 = forms.DateField(label=_("Day"))
    begin_1 = TimeField(label=_("From"))
    end_1 = TimeField(label=_("Until"))
    day_2 = forms.DateField(label=_("Day"), required=False)
    begin_2 = TimeField(label=_("From"))
    end_2 = TimeField(label=_("Until"))
    day_3 = forms.DateField(label=_("Day"), required=False)
    begin_3 = TimeField(label=_("From"))
    end_3 = TimeField(label=_("Until"))

    def prepare(self) -> None:
        """Tasks done on site."""
        del self.fields["occurred_at"]
        self.fields["task"].queryset = on_site_tasks(self)  # type: ignore[attr-defined]

    def look(self, data: dict[str, Any]) -> None:
        """At least one, each still to come."""
        slots = [slot for n in range(1, SLOTS + 1) if (slot := self.slot(data, str(n)))]
        data["slots"] = sorted(set(slots))
        if any(begin <= timezone.now() for begin, _end in slots):
            self.add_error(
                None, gettext("A time that has begun can't be offered any more; choose a later one.")
            )


class AppointmentField(forms.ModelChoiceField):
    """An appointment that stands."""

    def label_from_instance(self, obj: Any) -> str:
        """The node, and the time where one is agreed."""
        agreed = f" · {span(obj.from_at, obj.to_at)}" if obj.from_at else ""
        return f"{obj.task.node.name}{agreed}"


class StandingForm(SlotForm):
    """A form about an appointment that stands."""

    appointment = AppointmentField(label=_("Visit"), queryset=Appointment.objects.none(), empty_label=None)

    def prepare(self) -> None:
        """Those of this case."""
        del self.fields["occurred_at"]
        standing = Appointment.objects.filter(task__case=self.application.case, outcome="")
        self.fields["appointment"].queryset = standing.select_related("task__node")  # type: ignore[attr-defined]
        self.initial.setdefault("appointment", standing.first())


class AgreeAppointmentForm(StandingForm):
    """Which of the times offered suits, or another the customer wishes."""

    choice = forms.ChoiceField(label=_("Time agreed"), widget=forms.RadioSelect)
    day_own = forms.DateField(label=_("Another day"), required=False)
    begin_own = TimeField(label=_("From"))
    end_own = TimeField(label=_("Until"))
    said_by = forms.ChoiceField(
        label=_("How the customer said so"), choices=SaidBy.choices, initial=SaidBy.PHONE
    )

    def prepare(self) -> None:
        """The times offered."""
        super().prepare()
        slots: dict[str, str] = {}
        for standing in self.fields["appointment"].queryset:  # type: ignore[attr-defined]
            for begin, end in standing.slots:
                slots[f"{begin.isoformat()}/{end.isoformat()}"] = span(begin, end)
        field: Any = self.fields["choice"]
        field.choices = [*slots.items(), (OWN, _("Another time the customer wishes"))]

    def look(self, data: dict[str, Any]) -> None:
        """The slot meant."""
        chosen, own = data.pop("choice", None), self.slot(data, "own")
        if chosen == OWN:
            if own is None and "day_own" not in self.errors:
                self.add_error("day_own", gettext("Give the day, from when and until when."))
            data["slot"] = own
        elif chosen:
            begin, end = chosen.split("/")
            data["slot"] = (dt.datetime.fromisoformat(begin), dt.datetime.fromisoformat(end))


class MissAppointmentForm(StandingForm):
    """Nobody met."""

    missed_by = forms.ChoiceField(
        label=_("Whose doing"), widget=forms.RadioSelect,
        choices=[
            (AppointmentOutcome.MISSED_BY_CUSTOMER, AppointmentOutcome.MISSED_BY_CUSTOMER.label),
            (AppointmentOutcome.MISSED_BY_US, AppointmentOutcome.MISSED_BY_US.label),
        ],
    )  # fmt: skip


class TakeAlongForm(ActForm):
    """带走."""

    task = TaskField(label=_("Task"), queryset=Task.objects.none(), empty_label=None)

    def prepare(self) -> None:
        """Tasks done on site."""
        del self.fields["occurred_at"]
        self.fields["task"].queryset = on_site_tasks(self)  # type: ignore[attr-defined]


class HandBackForm(ActForm):
    """Give back what one holds."""

    task = TaskField(label=_("Task"), queryset=Task.objects.none(), empty_label=None)
    reason = forms.ChoiceField(label=_("Why"), choices=HandBackReason.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Tasks in one's hands."""
        del self.fields["occurred_at"]
        self.fields["task"].queryset = (  # type: ignore[attr-defined]
            self.application.case.tasks.filter(
                outcome="", holders__user=self.user, holders__until_at=None
            ).select_related("node")
        )


class VisitForm(forms.Form):
    """What is seen on site beside the fact's own form: ticks, photographs, the customer's signature."""

    prefix = "visit"
    ticked = forms.MultipleChoiceField(
        label=_("Looked at on site"), widget=forms.CheckboxSelectMultiple, required=False,
        error_messages={"invalid_choice": _("One of the choices is not on the list any more; choose again.")},
    )  # fmt: skip
    pictures = PhotosField(
        label=_("Photographs"), required=False,
        help_text=_("Of the place, not of people. Their digests enter the record."),
    )  # fmt: skip
    signature = PhotosField(
        label=_("Customer's signature"), required=False,
        help_text=_("Signed on the screen, or a photograph of the signed slip."),
    )  # fmt: skip

    def __init__(self, *args: Any, fact: str, supply_class: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = VisitItem.objects.filter(fact=fact, in_force=True)
        items = [row for row in rows if not row.supply_classes or supply_class in row.supply_classes]
        ticked: Any = self.fields["ticked"]
        ticked.choices = [(row.code, row.name) for row in items]
        if not items:
            del self.fields["ticked"]
        self.fields["pictures"].widget.attrs["data-camera"] = "pictures"
        signature = self.fields["signature"]
        signature.widget = ManyPhotos()
        signature.widget.attrs.update({"data-camera": "signature"})
        signature.widget.attrs.pop("multiple")

    def seen(self) -> Seen:
        """What it holds, once valid."""
        said = self.cleaned_data
        signature = said.get("signature") or [None]
        return Seen(tuple(said.get("ticked") or ()), tuple(said.get("pictures") or ()), signature[0])

    @staticmethod
    def nothing() -> Seen:
        """Nothing was seen."""
        return Seen()
