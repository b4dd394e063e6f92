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
from applications.models import Application, DeliveryMethod, PartyRole, ProjectSheet, SheetRow
from applications.services import SERVICES
from applications.services.projects.opening import circumstance_of
from staff.models import User
from workflow import actions
from workflow.selectors.situations import situation_of
from workflow.transitions import Refused

IN_BULK = (
    "accept", "record_survey", "assess_hosting", "draft_scheme", "reply_scheme", "issue_contract", "record_inspection", "record_metering",
    "energise_source",
)  # fmt: skip
"""Acts that an officer may do for many units at once, in the order of a case."""
BY_SHEET = frozenset({"record_survey", "record_metering", "energise_source"})
"""Those that ask something of each unit. The others take what the unit's own form would start with."""
DELIVERED = frozenset({"reply_scheme", "issue_contract"})
SEPARATED = re.compile(r"[,，、;；\s]+")


def do_row(sheet: ProjectSheet, row: SheetRow) -> None:
    """Do the sheet's act on the row's case. Raises a Refusal with the sentence the form or the door has for it."""
    assert row.application_id is not None
    application = Application.objects.select_related("case__office", "premises").get(pk=row.application_id)
    form = form_of(sheet.act, application, sheet.sent_by, row.cells, key=f"{sheet.pk.hex}:{row.number}")
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
        sent["method"] = _delivery(application)
    return FORMS[act]({name: value for name, value in sent.items() if value is not None}, **how)


def _delivery(application: Application) -> str:
    """Online to a holder who can sign in. How it reached anybody else has to be said at the case."""
    signs_in = application.parties.filter(role=PartyRole.APPLICANT, user__isnull=False).exists()
    return DeliveryMethod.ONLINE if signs_in else ""


def _said(cells: Mapping[str, Any], form: forms.Form) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in cells.items():
        if isinstance(value, bool):
            said[name] = "yes" if value else "no"
        elif name == "seals":
            said[name] = "\n".join(part for part in SEPARATED.split(value) if part)
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
