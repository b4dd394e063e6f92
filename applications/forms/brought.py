"""Sheets of other systems: their columns, and each row judged by the form the counter uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.categories import CATEGORIES
from applications.forms.counter import CounterApplicationForm
from applications.forms.intake import ContactForm
from applications.imports.table import Column, Judged, Row, Unreadable, Wrong, day, rows_of
from applications.models import StatedMoment
from applications.services.brought import Filed, Incoming
from applications.services.external import Ref
from staff.models import Office
from workflow.models import Channel
from workflow.services.contacts import FirstContact

REF = (
    Column("system", ("系统", "system")),
    Column("ref_kind", ("编号类型", "number kind")),
    Column("value", ("编号", "number")),
)
WISH = (
    Column("phone", ("联系电话", "phone")),
    Column("name", ("姓名", "名称", "name"), required=False),
    Column("need", ("用电需求", "need")),
    Column("address", ("用电地址", "address")),
    Column("category", ("业务类别", "category"), required=False),
    Column("office", ("供电单位编码", "office")),
    Column("channel", ("渠道", "channel"), required=False),
    Column("contact", ("首次接触时间", "contact time"), required=False),
)
CONTACTS = (*REF, *WISH)
ACCEPTED = (
    *CONTACTS,
    Column("kind", ("客户类型", "applicant"), required=False),
    Column("id_number", ("证件号码", "id number")),
    Column("title_kind", ("产权证明", "title")),
    Column("usage", ("用电类别", "usage"), required=False),
    Column("capacity", ("申请容量", "capacity"), required=False),
    Column("echo_date", ("客户称最早用电申请日", "customer first asked on"), required=False),
    Column("submitted", ("申请时间", "submission time"), required=False),
    Column("accepted", ("受理时间", "acceptance time"), required=False),
    Column("energised", ("送电时间", "energisation time"), required=False),
)
SHEETS = {
    "contacts": (gettext_lazy("Contacts"), CONTACTS),
    "accepted": (gettext_lazy("Accepted cases"), ACCEPTED),
}
LONGEST = {"system": 40, "ref_kind": 40, "value": 120}
MOST_ROWS = 300
"""At once on the page; more by `manage.py bring_in`."""
USUAL_CHANNEL = "hall"
PLACE_OF = {"place": "address"}
FIELDS = ("id_number", "title_kind", "usage", "capacity")


class SheetOfSystemForm(forms.Form):
    """A file, and what it holds."""

    holds = forms.ChoiceField(
        label=gettext_lazy("What it holds"), choices=[(code, name) for code, (name, _c) in SHEETS.items()],
        widget=forms.RadioSelect, initial="contacts",
    )  # fmt: skip
    sheet = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV; the first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty. Choose it again."),
        },
    )  # fmt: skip


@dataclass
class Read(Judged):
    """The rows that can be used, or what has to be mended. With faults nothing is brought in."""

    rows: list[Incoming] = field(default_factory=list)


def read_sheet(holds: str, file: BinaryIO, name: str) -> Read:
    """Read the file and judge every row. Raises Unreadable where the file as a whole is none."""
    if not name.lower().endswith((".csv", ".txt")):
        raise Unreadable(_("Send a CSV file: a workbook does not keep times to the minute."))
    read, seen = Read(), dict[tuple[str, ...], int]()
    offices = set(Office.objects.values_list("code", flat=True))
    channels = {
        text: one.code for one in Channel.objects.filter(in_force=True) for text in (one.code, one.name)
    }
    for row in rows_of(file, name, SHEETS[holds][1]):
        found = _Judge(row, read, offices, channels).incoming(accepted=holds == "accepted")
        if found is None:
            continue
        number = (found.ref.system, found.ref.kind, found.ref.value)
        if number in seen:
            said = _("%(code)s stands in row %(row)s already.") % {"code": number[2], "row": seen[number]}
            read.wrong(row.fault("value", said))
        seen.setdefault(number, row.number)
        read.rows.append(found)
    return read


@dataclass
class _Judge:
    """One row under the counter's forms; every fault of it is kept at its column."""

    row: Row
    read: Read
    offices: set[str]
    channels: Mapping[str, str]

    def incoming(self, *, accepted: bool) -> Incoming | None:
        """The row as it can be brought in, or None with its faults kept."""
        before = len(self.read.faults) + self.read.more_faults
        ref, cells = self._ref(), self.row.cells
        if cells.get("office", "") not in self.offices:
            self._wrong("office", _("No office has this code."))
        channel = self.channels.get(cells.get("channel", "") or USUAL_CHANNEL, "")
        if not channel:
            self._wrong("channel", _("There is no such channel."))
        contact = self._contact()
        application = self._application() if accepted else None
        if len(self.read.faults) + self.read.more_faults > before:
            return None
        first = FirstContact(
            channel=channel, phone=contact["phone"], name=contact["name"], need=contact["need"], place=contact["place"],
            category=_category(cells.get("category", "")), office_code=cells["office"], terminal_class="staff",
        )  # fmt: skip
        filed = None
        if application is not None:
            load = {name: value for name, value in application.load().items() if name != "echo_date"}
            given = [name for name in FIELDS if cells.get(name)]
            filed = Filed(application.particulars(), load, application.cleaned_data.get("echo_date"), given)
            first = replace(first, category=application.chosen.code)
        return Incoming(self.row.number, ref, first, filed)

    def _ref(self) -> Ref:
        texts = {name: self.row.cells.get(name, "") for name in LONGEST}
        for name, text in texts.items():
            if not text:
                self._wrong(name, _("This cell is empty."))
            elif len(text) > LONGEST[name]:
                self._wrong(name, _("At most %(n)s characters.") % {"n": LONGEST[name]})
        times = {about: moment for about in StatedMoment.values if (moment := self._moment(about))}
        return Ref(texts["system"], texts["ref_kind"], texts["value"], times)

    def _moment(self, about: str) -> dt.datetime | None:
        text = self.row.cells.get(about, "")
        if not text:
            return None
        try:
            moment = dt.datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            moment = None
        if moment is None or ":" not in text:
            self._wrong(about, _("Write day and time like 2026-11-24 15:30."))
            return None
        moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        if moment > timezone.now() + dt.timedelta(minutes=5):
            self._wrong(about, _("This time lies in the future; enter when it happened."))
        return moment

    def _contact(self) -> dict[str, Any]:
        cells = self.row.cells
        form = ContactForm(
            {"phone": cells.get("phone"), "name": cells.get("name"), "need": cells.get("need"), "place": cells.get("address"),
             "channel": USUAL_CHANNEL, "purpose": "connection"}
        )  # fmt: skip
        if not form.is_valid():
            self._errors(form)
        return form.cleaned_data

    def _application(self) -> CounterApplicationForm | None:
        cells = dict(self.row.cells)
        cells["category"] = _category(cells.get("category", ""))
        if "." not in cells["category"]:
            self._wrong(
                "category",
                _("Write one of: %(words)s.") % {"words": "、".join(str(c.name) for c in CATEGORIES)},
            )
            return None
        if cells.get("echo_date"):
            try:
                cells["echo_date"] = day(cells["echo_date"]).isoformat()
            except Wrong as wrong:
                self._wrong("echo_date", wrong.sentence)
        cells["kind"] = cells.get("kind") or "person"
        form = CounterApplicationForm({"category": cells["category"]})
        said = {name: _code_of(form.fields[name], cells.get(name, "")) for name in form.fields}
        form = CounterApplicationForm(said | {"category": cells["category"]})
        if not form.is_valid():
            self._errors(form, skip=("phone",))
        return form

    def _errors(self, form: forms.Form, skip: tuple[str, ...] = ()) -> None:
        for name, errors in form.errors.items():
            key = PLACE_OF.get(name, name)
            if key in skip:
                continue
            if key in self.row.columns or name == "__all__":
                self._wrong(key, " ".join(map(str, errors)))
            else:
                words = {"field": form.fields[name].label, "why": " ".join(map(str, errors))}
                self._wrong("category", _("%(field)s: %(why)s Send this kind through the API.") % words)

    def _wrong(self, key: str, sentence: str) -> None:
        self.read.wrong(self.row.fault(key, sentence))


def _category(text: str) -> str:
    """A category by its code or its name; anything else is not sure yet."""
    plain = "".join(text.split())
    return next((c.code for c in CATEGORIES if plain in (c.code, "".join(str(c.name).split()))), "")


def _code_of(field_: Any, text: str) -> str:
    """What a choice is called, as its code; other texts stay as they are."""
    for code, label in _flat(getattr(field_, "choices", ())):
        if text and text in (code, str(label)):
            return str(code)
    return text


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found = []
    for code, label in choices:
        found += list(label) if isinstance(label, list | tuple) else [(code, label)]
    return found
