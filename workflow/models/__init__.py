"""Case, contact, event, route, task, limit, deadline, calendar, channel, access, outbox."""

from workflow.models.calendar import CalendarYear
from workflow.models.case import Case, CaseAccess, ExternalRef, new_id
from workflow.models.channel import Channel
from workflow.models.closing import ContactClosing, HandOn
from workflow.models.contact import Contact, Outcome, PersonData, Purpose, person_terms
from workflow.models.deadline import Deadline, DeadlineRung, Extension, Pause
from workflow.models.event import Event, EventPayload
from workflow.models.field import (
    Appointment,
    AppointmentOutcome,
    DayOrder,
    HandBackReason,
    SaidBy,
    TakenAlong,
)
from workflow.models.finding import CaseTerms
from workflow.models.ladder import Digest, LadderStep, Overload, Told
from workflow.models.limit import Limit, LimitKind, PauseReason, Profile, RulesStamp
from workflow.models.outbox import (
    Delivery,
    Deployment,
    Heartbeat,
    IdempotencyKey,
    LedgerQueue,
    Outbox,
    StreamHead,
)
from workflow.models.route import Clause, Doer, Grade, Node, Origin, Route, RouteVersion, SeparationRule
from workflow.models.task import Task, TaskHolder, TaskOutcome, WaitCause
from workflow.stages import ENDED, ROUTE_STAGES, Stage

__all__ = [
    "ENDED", "ROUTE_STAGES", "Appointment", "AppointmentOutcome", "CalendarYear", "Case", "CaseAccess", "CaseTerms", "Channel", "Clause", "Contact",
    "ContactClosing", "DayOrder", "Deadline", "DeadlineRung", "Delivery", "Deployment", "Digest", "Doer", "Event", "EventPayload", "Extension",
    "ExternalRef", "Grade", "HandBackReason", "HandOn", "Heartbeat", "IdempotencyKey", "LadderStep", "LedgerQueue", "Limit", "LimitKind", "Node",
    "Origin", "Outbox", "Outcome", "Overload", "Pause", "PauseReason", "PersonData", "Profile", "Purpose", "Route", "RouteVersion", "RulesStamp",
    "SaidBy", "SeparationRule", "Stage", "StreamHead", "TakenAlong", "Task", "TaskHolder", "TaskOutcome", "Told", "WaitCause", "new_id",
    "person_terms",
]  # fmt: skip
