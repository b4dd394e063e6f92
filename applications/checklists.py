"""The papers a category asks for, as they stood at an edition: the same list for customer, clerk and form.

An edition is a place in the history of the category's rows (its last history record), so that a link opened next year
shows what it showed today, without anything being stored when somebody merely looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import (
    Application,
    BusinessType,
    ChecklistItem,
    EstateConsent,
    PartyRole,
    TemporaryPurpose,
)
from workflow.deadlines import applies
from workflow.stages import Stage

HISTORY = ChecklistItem.history.model


@dataclass(frozen=True, slots=True)
class Edition:
    """A state of a category's list: its number and since when it holds."""

    number: int
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be known to tell which papers are needed. `choices` maps the word in the address to value and label."""

    field: str
    text: str | Promise
    choices: Mapping[str, tuple[Any, str | Promise]]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers that apply to somebody's answers in one edition."""

    category: str
    edition: Edition
    items: tuple[ChecklistItem, ...]

    def codes(self) -> list[str]:
        """Codes of its papers, in order."""
        return [item.code for item in self.items]


def _yes_no(yes: str | Promise, no: str | Promise) -> dict[str, tuple[Any, str | Promise]]:
    return {"yes": (True, yes), "no": (False, no)}


QUESTIONS: dict[str, Question] = {
    question.field: question
    for question in (
        Question(
            "owner_is_applicant",
            _("Are the premises your own?"),
            _yes_no(_("Yes, my own or my firm's"), _("No, rented or somebody else's")),
        ),
        Question(
            "title_proof",
            _("Have you got a title deed or another proof of the premises?"),
            {
                "yes": ("yes", _("Yes, or one can be had")),
                "none": ("none", _("No, as with many houses in villages")),
            },
        ),
        Question(
            "organisation",
            _("In whose name will the account be?"),
            {
                "self_employed": ("self_employed", _("A self-employed person")),
                "company": ("company", _("A company")),
                "institution": ("institution", _("A public body or association")),
            },
        ),
        Question(
            "by_agent",
            _("Who hands it in?"),
            {"no": (False, _("Myself")), "yes": (True, _("Somebody for me or for the firm"))},
        ),
        Question(
            "regulated",
            _("Does the project need the government's approval?"),
            _yes_no(_("Yes"), _("No, or I don't know")),
        ),
        Question(
            "nonlinear",
            _("Will there be rectifiers, arc furnaces, large converters or the like?"),
            _yes_no(_("Yes"), _("No, or I don't know")),
        ),
        Question(
            "roof",
            _("Whose roof is it?"),
            {
                "own": ("own", _("My own alone")),
                "shared": ("shared", _("Shared with others, as in a block of flats")),
                "leased": ("leased", _("Leased or borrowed")),
            },
        ),
        Question(
            "space",
            _("What about the parking space?"),
            {
                "own": ("own", _("It is my own")),
                "leased": ("leased", _("Leased for a year or longer")),
                "defence": ("defence", _("A civil-defence parking space")),
            },
        ),
        Question(
            "managed",
            _("Is there a property manager?"),
            _yes_no(_("Yes"), _("No")),
        ),
        Question(
            "purpose",
            _("What is it for?"),
            {
                "site": ("site", _("A building site")),
                "other": ("other", _("Something else: fields, a fair, an event")),
            },
        ),
        Question(
            "high_energy",
            _("Is it a trade of high energy use?"),
            _yes_no(_("Yes"), _("No, or I don't know")),
        ),
    )
}
"""The questions in the order they are asked; which of them a category asks follows from its rows' conditions."""


def checklist(category: str, conditions: Mapping[str, Any], on: dt.date) -> Checklist | None:
    """The papers asked for on that day, given what is known; nothing if the category has no list."""
    edition = edition_on(category, on)
    return None if edition is None else checklist_of(category, edition, conditions)


def checklist_of(category: str, edition: Edition, conditions: Mapping[str, Any]) -> Checklist:
    """The papers of a given edition. A condition on something not known does not hold."""
    rows = rows_of(category, edition)
    return Checklist(category, edition, tuple(row for row in rows if applies(row.conditions, conditions)))


def whole_list(category: str, on: dt.date) -> list[ChecklistItem]:
    """Every paper a category may ask for, whatever is not known yet: what a first contact is told at once."""
    edition = edition_on(category, on) if category else None
    return list(rows_of(category, edition)) if edition else []


def edition_on(category: str, on: dt.date) -> Edition | None:
    """The edition in force at the end of a day. A day before the first one is answered with that: cases are older than lists."""
    records = HISTORY.objects.filter(category=category)
    first = records.order_by("history_id").values_list("history_date", flat=True).first()
    if first is None:
        return None
    day = max(on, timezone.localtime(first).date())
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
    return _edition(records.filter(history_date__lt=end).order_by("-history_id").first())


def current_edition(category: str) -> Edition | None:
    """The newest edition."""
    return _edition(HISTORY.objects.filter(category=category).order_by("-history_id").first())


def edition_numbered(category: str, number: int) -> Edition | None:
    """The edition of that number, if the category has it."""
    return _edition(HISTORY.objects.filter(category=category, history_id=number).first())


def _edition(record: Any) -> Edition | None:
    return None if record is None else Edition(record.history_id, record.history_date)


def rows_of(category: str, edition: Edition) -> tuple[ChecklistItem, ...]:
    """Every row of the edition, whoever it is for."""
    records = HISTORY.objects.filter(category=category, history_id__lte=edition.number)
    latest = records.order_by("id", "-history_id").distinct("id")
    rows = [record.instance for record in latest if record.in_force and record.history_type != "-"]
    return tuple(sorted(rows, key=lambda row: (row.order, row.code)))


def questions_of(rows: Iterable[ChecklistItem]) -> list[Question]:
    """The questions whose answers change this list, in the order they are asked."""
    asked = {field for row in rows for field in row.conditions}
    return [question for field, question in QUESTIONS.items() if field in asked]


def categories() -> list[str]:
    """Categories that have a list."""
    return sorted(ChecklistItem.objects.filter(in_force=True).values_list("category", flat=True).distinct())


def deferred_until(item: ChecklistItem) -> str:
    """The stage by which a paper that may come later has to be there, in the reader's language; empty if it may not."""
    return str(Stage(item.deferred_until).label) if item.may_defer and item.deferred_until else ""


def conditions_of(application: Application) -> dict[str, Any]:
    """What an application says about the list's conditions; what it does not say is left out."""
    premises = getattr(application, "premises", None)
    applicant = application.parties.filter(role=PartyRole.APPLICANT).first()
    known: dict[str, Any] = {"by_agent": application.parties.filter(role=PartyRole.AGENT).exists()}
    known["title_proof"] = "none" if premises is not None and premises.title_kind == "village" else "yes"
    if premises is not None:
        known["owner_is_applicant"] = premises.owner_is_applicant
    if applicant is not None:
        known["organisation"] = "company" if applicant.kind == "organisation" else "self_employed"
    return known | told_by(_own_answers(application))


def _own_answers(application: Application) -> dict[str, Any]:
    """The category's typed row, asked for only where the category has one."""
    family = application.supply_class.partition("_")[0]
    name = "temporary" if application.business_type == BusinessType.TEMPORARY else family
    row = getattr(application, name, None) if name in ("temporary", "pv", "charging") else None
    return vars(row) if row is not None else {}


def told_by(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers of a category's own questions say about the list's conditions."""
    said: dict[str, Any] = {name: row[name] for name in ("roof", "space") if row.get(name)}
    if consent := row.get("estate_consent"):
        said["managed"] = consent != EstateConsent.NONE_NEEDED
    if purpose := row.get("purpose"):
        said["purpose"] = purpose if purpose == TemporaryPurpose.SITE else TemporaryPurpose.OTHER
    return said
