"""Application: what is applied for, and its lifecycle. The transitions here are the only places that change its state."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, transition

from staff.models import User
from workflow.models import ROUTE_STAGES, Case, Stage, new_id

IN_PROGRESS = [Stage.DRAFT, *ROUTE_STAGES]
NEXT = [*ROUTE_STAGES, Stage.ARCHIVED]
LOW_VOLTAGE = "0.4"


class BusinessType(models.TextChoices):
    """What kind of business it is."""

    NEW_SUPPLY = "new_supply", _("New supply")
    TEMPORARY = "temporary", _("Temporary supply")
    CAPACITY_INCREASE = "capacity_increase", _("Capacity increase")
    CAPACITY_DECREASE = "capacity_decrease", _("Capacity decrease")
    RENAME = "rename", _("Change of the account's name")
    TRANSFER = "transfer", _("Transfer to another holder")
    METER_MOVE = "meter_move", _("Moving the meter")
    VOLTAGE_CHANGE = "voltage_change", _("Change of voltage")


class SupplyClass(models.TextChoices):
    """Which class of supply; decides route, limits and checklist."""

    RESIDENTIAL = "residential", _("Residential")
    LV_OTHER = "lv_other", _("Low voltage, non-residential")
    HV_SINGLE = "hv_single", _("High voltage, single source")
    HV_DUAL = "hv_dual", _("High voltage, dual source")
    HV_MULTI = "hv_multi", _("High voltage, several sources")
    PV_NATURAL = "pv_natural", _("Distributed PV, natural person")
    PV_OTHER = "pv_other", _("Distributed PV, organisation")
    CHARGING_PRIVATE = "charging_private", _("Charging point, private")
    CHARGING_STATION = "charging_station", _("Charging station, public")
    CHARGING_ESTATE = "charging_estate", _("Charging points of an estate")


class Application(models.Model):
    """The subject of nearly every act. Its `state` equals its case's stage: the database refuses anything else.

    `voltage` is in kV as text ("0.4", "10"), `capacity` in kW at low voltage and kVA at high voltage. Booleans that are null are not known
    yet: conditions on them do not hold until the survey has answered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="application")
    state = FSMField(max_length=16, choices=Stage.choices, default=Stage.DRAFT, protected=True)
    ended_from = models.CharField(max_length=16, blank=True, default="", editable=False)
    business_type = models.CharField(
        max_length=24, choices=BusinessType.choices, default=BusinessType.NEW_SUPPLY
    )
    supply_class = models.CharField(max_length=24, choices=SupplyClass.choices)
    usage = models.CharField(
        max_length=40, blank=True, default="", help_text="electricity category, e.g. residential, commercial"
    )
    industry = models.CharField(max_length=60, blank=True, default="")
    capacity = models.DecimalField(max_digits=10, decimal_places=1, null=True)
    voltage = models.CharField(max_length=8, blank=True, default="")
    three_zero = models.BooleanField(null=True)
    three_zero_basis = models.CharField(max_length=200, blank=True, default="")
    customer_works = models.BooleanField(null=True)
    external_line = models.BooleanField(null=True)
    grid_works = models.BooleanField(null=True, help_text="works of the grid's own are needed")
    fees_due = models.BooleanField(null=True, help_text="the latest sheet has charges on it")
    important = models.BooleanField(default=False)
    estate = models.BooleanField(default=False)
    wanted_by_date = models.DateField(null=True, blank=True)
    echo = models.CharField(
        max_length=12,
        blank=True,
        default="",
        help_text="customer's answer: today or earlier; empty = not asked",
    )
    behalf = models.CharField(
        max_length=8,
        default="self",
        choices=[("self", "self"), ("agent", "agent"), ("staff", "staff")],
        help_text="who keyed it in: the customer, an agent, or staff in the customer's name",
    )
    terminal_class = models.CharField(
        max_length=12, default="customer", help_text="staff, kiosk or customer device"
    )
    device = models.CharField(
        max_length=64, blank=True, default="", help_text="salted pseudonym of the device"
    )
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["supply_class", "state"], name="application_class_state")]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def category(self) -> str:
        """Category code, such as `new_supply.lv_other`."""
        return f"{self.business_type}.{self.supply_class}"

    @property
    def capacity_unit(self) -> str:
        """kVA at high voltage, kW below; of a PV plant kWp."""
        if self.supply_class.startswith("pv"):
            return "kWp"
        return "kVA" if self.high else "kW"

    @property
    def high(self) -> bool:
        """Whether it is supplied at high voltage. A charging station or PV plant may be either: its voltage tells."""
        if self.supply_class.startswith(("pv", "charging_station")):
            return self.voltage not in ("", LOW_VOLTAGE)
        return self.supply_class.startswith("hv")

    # --- what the door asks (workflow.situation.Subject) -------------------------------------------------------

    def reload(self) -> None:
        """Read everything again under the case's lock.

        Not refresh_from_db: the state is protected, and lifting the protection on the class is not safe between threads.
        """
        fresh = (
            type(self)._default_manager.select_related("case__office", "case__route_version").get(pk=self.pk)
        )
        self.__dict__.update(fresh.__dict__)

    def matching(self) -> dict[str, Any]:
        """Values by which limits and nodes match; a supply of 10 kV is `voltage: "10"`."""
        return {
            "business_type": self.business_type,
            "supply_class": self.supply_class,
            "three_zero": self.three_zero,
            "customer_works": self.customer_works,
            "external_line": self.external_line,
            "grid_works": self.grid_works,
            "fees_due": self.fees_due,
            "important": self.important,
            "estate": self.estate,
            "voltage": self.voltage,
            "capacity": self.capacity,
        }

    def facts(self) -> Mapping[str, Any]:
        """What policies need beyond tasks: papers, an open request, unpaid charges, the echo, where an ended case stood; one query."""
        at_hand = self._papers_and_charges()
        return {
            "documents": {row["code"]: row["status"] for row in at_hand["papers"]},
            "returned": sorted({row["code"] for row in at_hand["papers"] if row["status"] == "returned"}),
            "open_request": at_hand["asked"],
            "echo": self.echo,
            "ended_from": self.ended_from,
            "has_route": self.case.route_version_id is not None,
            "unpaid": _owing(at_hand) > 0,
            "refundable": (at_hand["paid"] or 0) > (at_hand["back"] or 0),
            "works": at_hand["works"],
            "works_open": at_hand["works_open"],
            "resting": at_hand["resting"],
            "objected": at_hand["objected"],
            "options": at_hand["options"],
            "queued": at_hand["queued"],
            "design_asked": at_hand["design_asked"],
            "metered": set(at_hand["metered"]),
            "title_unclear": at_hand["title"],
            **_validity(at_hand["reply"] or {}),
        }

    def unpaid(self) -> Decimal:
        """What is due by the latest fee sheet and not paid yet; 0 while there is no sheet."""
        return max(_owing(self._papers_and_charges()), Decimal(0))

    def _papers_and_charges(self) -> dict[str, Any]:
        standing = self.documents.filter(replaced=False).values(
            row=JSONObject(code="item_code", status="status")
        )
        sheet = self.feesheets.order_by("-recorded_at").values("due")[:1]
        since = self.feesheets.order_by("-recorded_at").values("recorded_at")[:1]
        works = self.worksitems.filter(side="grid").order_by()
        reply = self.replynotices.order_by("-recorded_at").values(
            row=JSONObject(
                until=Coalesce("scheme__extension__until_date", "valid_until_date"),
                extended="scheme__extension__until_date",
                lapsed="scheme__lapse__valid_until_date",
            )
        )[:1]
        at_hand: dict[str, Any] = dict(
            type(self)
            ._default_manager.filter(pk=self.pk)
            .values(
                papers=ArraySubquery(standing),
                resting=models.Exists(self.case.pauses.filter(ended_at=None)),
                asked=models.Exists(self.document_requests.filter(answered_at=None)),
                objected=models.Exists(self.objections.filter(answers=None)),
                options=models.Exists(self._with_another_option()),
                queued=models.Exists(self.queue_entries.filter(left_at=None)),
                design_asked=models.Exists(self.accessdesignrequests.filter(receipt=None)),
                metered=ArraySubquery(self.meterings.order_by().values("round")),
                title=models.Exists(self.title_questions.filter(settled_at=None)),
                due=models.Subquery(sheet),
                paid=models.Subquery(_total(self.payments.all())),
                back=models.Subquery(_total(self.refunds.all())),
                # what was given back since the sheet is no longer due; what was before, the sheet knows of
                back_before=models.Subquery(
                    _total(self.refunds.filter(recorded_at__lt=models.Subquery(since)))
                ),
                works_open=models.Exists(self.worksitems.filter(finish=None)),
                works=ArraySubquery(
                    works.values(row=JSONObject(source="source_number", done="finish__finished_date"))
                ),
                reply=models.Subquery(reply),
            )
            .get()
        )
        return at_hand

    def _with_another_option(self) -> models.QuerySet[Any]:
        """The newest version, if it compares itself with one of another voltage or capacity."""
        newest = self.schemes.order_by("-number").values("number")[:1]
        other = (
            models.Q(options__voltage__lt=models.F("voltage")) | models.Q(options__voltage__gt=models.F("voltage"))
            | models.Q(options__capacity__lt=models.F("capacity")) | models.Q(options__capacity__gt=models.F("capacity"))
        )  # fmt: skip
        return self.schemes.filter(other, number=models.Subquery(newest))

    def take_step(self, step: str, target: str) -> None:
        """Run the transition: a stage's own step for `advance`, the step itself otherwise."""
        name = STAGE_STEPS[self.state] if step == "advance" else step
        self._target = target
        if step in EXITS:
            self.ended_from = self.state
        getattr(self, name)()

    def keep(self, changed: Sequence[str]) -> None:
        """Save state and changed fields; nothing else is written."""
        self.save(update_fields=sorted({"state", "ended_from", *changed}))

    def going(self) -> str:
        """Where the running step leads: decided by the route, passed in by the door."""
        return self._target

    _target: str = ""

    # --- the lifecycle -----------------------------------------------------------------------------------------

    @transition(field=state, source=Stage.DRAFT, target=GET_STATE(going, states=ROUTE_STAGES))
    def submit(self) -> None:
        """The customer sends it in; the route is pinned."""

    @transition(field=state, source=Stage.INTAKE, target=GET_STATE(going, states=NEXT))
    def accept(self) -> None:
        """受理: papers and identity are in order."""

    @transition(field=state, source=Stage.SURVEY, target=GET_STATE(going, states=NEXT))
    def complete_survey(self) -> None:
        """勘查 is complete; runs by itself."""

    @transition(field=state, source=Stage.SCHEME, target=GET_STATE(going, states=NEXT))
    def agree_scheme(self) -> None:
        """The customer agrees to the supply scheme."""

    @transition(field=state, source=Stage.CONTRACT, target=GET_STATE(going, states=NEXT))
    def conclude_contract(self) -> None:
        """The contract's text is ready and the customer has it; runs by itself."""

    @transition(field=state, source=Stage.WORKS, target=GET_STATE(going, states=NEXT))
    def complete_works(self) -> None:
        """The customer has reported completion; runs by itself."""

    @transition(field=state, source=Stage.INSPECTION, target=GET_STATE(going, states=NEXT))
    def pass_inspection(self) -> None:
        """竣工检验 passed; runs by itself."""

    @transition(field=state, source=Stage.CONNECTION, target=GET_STATE(going, states=NEXT))
    def energise(self) -> None:
        """Lights on; runs by itself."""

    @transition(field=state, source=Stage.ARCHIVING, target=Stage.ARCHIVED)
    def archive(self) -> None:
        """归档."""

    @transition(field=state, source=list(ROUTE_STAGES), target=GET_STATE(going, states=ROUTE_STAGES))
    def go_back(self) -> None:
        """Work sent back belongs to an earlier stage."""

    @transition(field=state, source=[Stage.DRAFT, Stage.INTAKE], target=Stage.REFUSED)
    def refuse(self) -> None:
        """不予受理, with written reason."""

    @transition(field=state, source=IN_PROGRESS, target=Stage.WITHDRAWN)
    def withdraw(self) -> None:
        """The customer gives it up."""

    @transition(field=state, source=list(ROUTE_STAGES), target=Stage.TERMINATED)
    def terminate(self) -> None:
        """The utility ends it, with reason and notice."""

    @transition(field=state, source=[Stage.DRAFT, Stage.INTAKE], target=Stage.VOID)
    def void(self) -> None:
        """误建作废, by two persons."""

    @transition(field=state, source=IN_PROGRESS, target=Stage.JOINED)
    def join(self) -> None:
        """The same need is further along on another case, where this one's number leads."""

    @transition(
        field=state,
        source=[Stage.REFUSED, Stage.WITHDRAWN, Stage.TERMINATED],
        target=GET_STATE(going, states=IN_PROGRESS),
    )
    def reopen(self) -> None:
        """Taken up again where it stopped; the chain and the time since first contact run through."""


STAGE_STEPS: dict[str, str] = {
    Stage.INTAKE: "accept",
    Stage.SURVEY: "complete_survey",
    Stage.SCHEME: "agree_scheme",
    Stage.CONTRACT: "conclude_contract",
    Stage.WORKS: "complete_works",
    Stage.INSPECTION: "pass_inspection",
    Stage.CONNECTION: "energise",
    Stage.ARCHIVING: "archive",
}
"""The step by which each stage is left."""

EXITS = frozenset({"refuse", "withdraw", "terminate", "void", "join"})


class Fact(models.Model):
    """Base of every fact: what one act recorded, per round. Rows are added, never changed; a mistake is corrected by an event."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="%(class)ss")
    round = models.PositiveSmallIntegerField(default=1)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField(null=True, help_text="claimed")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["recorded_at"]


def _validity(reply: Mapping[str, str | None]) -> dict[str, Any]:
    """The last day the reply to the scheme holds, and whether that was extended or found to have passed."""
    until = reply.get("until")
    return {
        "valid_until": dt.date.fromisoformat(until) if until else None,
        "validity_extended": bool(reply.get("extended")),
        "lapse_found": bool(reply.get("lapsed")),
    }


def _owing(at_hand: Mapping[str, Any]) -> Decimal:
    kept = (at_hand["paid"] or Decimal(0)) - (at_hand["back_before"] or Decimal(0))
    return (at_hand["due"] or Decimal(0)) - kept


def _total(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The sum of their amounts, for a subquery."""
    return rows.order_by().values("application").annotate(total=models.Sum("amount")).values("total")


def digest_of(text: str) -> str:
    """`sha-256:…` of a text's UTF-8 bytes: how documents enter the log."""
    return "sha-256:" + hashlib.sha256(text.encode()).hexdigest()
