"""One row of a sheet as the act's own form: what the form would show, with the row's cells in it; the same checks, the same service."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.models import Application, DeliveryMethod, ProjectSheet, SheetRow
from applications.selectors.facts import signing_parties
from applications.services import SERVICES
from applications.services.authority import in_force
from applications.services.projects.opening import circumstance_of
from applications.services.projects.signing import SIGN, sign_row
from staff.models import User
from workflow import actions
from workflow.selectors.situations import situation_of
from workflow.transitions import Refused

IN_BULK = (
    "accept", "record_survey", "assess_hosting", "draft_scheme", "reply_scheme", "issue_contract", "record_inspection", "record_metering",
    "energise_source",
)  # fmt: skip
"""Acts that an officer may do for many units at once, in the order of a case."""
BY_SHEET = frozenset(
    {
        "record_survey",
        "assess_hosting",
        "draft_scheme",
        "record_inspection",
        "record_metering",
        "energise_source",
    }
)
"""Those that ask something of each unit. The others take what the unit's own form would start with."""
DELIVERED = {"reply_scheme": "delivered_to", "issue_contract": "issued_to"}
"""Acts that hand something to the customer, with the field that says to whom."""
SEPARATED = {
    "seals": re.compile(r"[,，、;；\s]+"),
    "items": re.compile(r"[;；\n]+"),
    "remarks": re.compile(r"[;；\n]+"),
}


def do_row(sheet: ProjectSheet, row: SheetRow) -> None:
    """Do the sheet's act on the row's case. Raises a Refusal with the sentence the form or the door has for it."""
    assert row.application_id is not None
    application = Application.objects.select_related("case__office", "premises").get(pk=row.application_id)
    key = f"{sheet.pk.hex}:{row.number}"
    if sheet.act == SIGN:
        sign_row(sheet, row, application, key=key)
        return
    form = form_of(sheet.act, application, sheet.sent_by, row.cells, key=key)
    if not form.is_valid():
        raise Refused(" ".join(_mistakes(form)))
    SERVICES[sheet.act](
        application, by=sheet.sent_by, circumstance=circumstance_of(sheet), **form.cleaned_data
    )


def form_of(act: str, application: Application, by: User, cells: Mapping[str, Any], *, key: str) -> ActForm:
    """The act's form, filled in."""
    task = situation_of(application, by).before(actions.get(act)).task
    how: dict[str, Any] = {
        "application": application, "user": by, "version": task.version if task else None, "task": task.pk if task else None,
    }  # fmt: skip
    shown = FORMS[act](**how)
    sent = {name: shown[name].value() for name in shown.fields} | _said(cells, shown) | {"key": key}
    if act in DELIVERED and not sent.get("method"):
        sent |= _delivery(application, DELIVERED[act])
    return FORMS[act]({name: value for name, value in sent.items() if value is not None}, **how)


def _delivery(application: Application, to_whom: str) -> dict[str, Any]:
    """Online to a holder who can sign in, else to their agent who can. How it reached anybody else has to be said at the case."""
    now = timezone.now()
    for party in signing_parties(application):
        if party.user_id and in_force(party, now):
            return {"method": DeliveryMethod.ONLINE, to_whom: party.pk}
    return {}


def _said(cells: Mapping[str, Any], form: forms.Form) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in cells.items():
        if isinstance(value, bool):
            said[name] = "yes" if value else "no"
        elif name in SEPARATED:
            said[name] = "\n".join(part for part in SEPARATED[name].split(value) if part)
        elif name == "date":
            said["occurred_at"] = _moment(value)
        elif name in form.fields:
            said[name] = value
    return {name: value for name, value in said.items() if name in form.fields}


def _moment(day: str) -> str | None:
    """The middle of a day that has been; today needs no claim."""
    return None if dt.date.fromisoformat(day) == timezone.localdate() else f"{day} 12:00"


def _mistakes(form: ActForm) -> list[str]:
    """What the form says, each with its question."""
    return [_named(form, name, str(sentence)) for name, errors in form.errors.items() for sentence in errors]


def _named(form: ActForm, name: str, sentence: str) -> str:
    label = str(form.fields[name].label or "") if name in form.fields else ""
    return _("%(label)s: %(sentence)s") % {"label": label, "sentence": sentence} if label else sentence
