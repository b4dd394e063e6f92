"""Handling: tasks taken and assigned, clocks paused and resumed, entries corrected; the workflow's verbs as forms call them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from applications.models import Application, Document
from applications.services.access_design import CUSTOMERS_DESIGN, why_not_pause_for_design
from applications.services.second_person import confirm
from staff.models import User
from staff.policies import Role
from workflow.models import Deadline, Task
from workflow.services import clocks, corrections, extensions, tasks
from workflow.transitions import Done, Refused

APPROVERS = frozenset({Role.SUPERVISOR, Role.APPROVER})
"""Posts whose second look counts for a pause or a correction."""


def take(application: Application, *, by: User, task: Task, **given: Any) -> Done:
    """Take a task nobody holds."""
    return tasks.take(application, task, by=by, key=given.get("key"))


def assign(
    application: Application, *, by: User, task: Task, to: User, reason: str = "", **given: Any
) -> Done:
    """Put a task into somebody's hands; out of other hands it needs a reason."""
    return tasks.assign(application, task, to=to, by=by, reason=reason, key=given.get("key"))


def pause(
    application: Application,
    *,
    by: User,
    reason: str,
    note: str = "",
    paper: Document | None = None,
    approved_by: User | None = None,
    approver_password: str = "",
    **given: Any,
) -> Done:
    """Let the clocks stand still for a listed reason, with its paper; where the reason says so, a second person confirms."""
    if reason == CUSTOMERS_DESIGN and (sentence := why_not_pause_for_design(application)):
        raise Refused(sentence)
    if approved_by is not None:
        confirm(application, by, approved_by, approver_password, APPROVERS)
    evidence = (
        f"sha-256:{paper.sha256}"
        if paper is not None and paper.sha256
        else str(paper.pk)
        if paper is not None
        else ""
    )
    return clocks.pause(
        application,
        reason=reason,
        by=by,
        evidence=evidence,
        note=note,
        approved_by=approved_by,
        key=given.get("key"),
    )


def resume(application: Application, *, by: User, reason: str, note: str = "", **given: Any) -> Done:
    """The clocks run on."""
    return clocks.resume(application, reason=reason, by=by, note=note, key=given.get("key"))


def ask_extension(
    application: Application,
    *,
    by: User,
    deadline: Deadline,
    days: int,
    reason: str,
    appointment: bool = False,
    slot: dt.datetime | None = None,
    **given: Any,
) -> Done:
    """Ask the customer for more time on one clock."""
    return extensions.ask_extension(
        application, deadline=deadline, days=days, reason=reason, by=by, appointment=appointment,
        offered=[slot] if slot else [], key=given.get("key"),
    )  # fmt: skip


def agree_extension(application: Application, *, by: User, **given: Any) -> Done:
    """The customer agrees."""
    return extensions.answer_extension(
        application, agreed=True, by=by, key=given.get("key"), circumstance=given.get("circumstance")
    )


def decline_extension(application: Application, *, by: User, **given: Any) -> Done:
    """The customer does not agree: the date stays."""
    return extensions.answer_extension(
        application, agreed=False, by=by, key=given.get("key"), circumstance=given.get("circumstance")
    )


def correct(
    application: Application,
    *,
    by: User,
    of_number: int,
    value: Any,
    reason: str,
    paper: Document | None = None,
    approved_by: User | None = None,
    approver_password: str = "",
    **given: Any,
) -> Done:
    """Say that the claimed time of an entry is wrong, and what is right: a new entry, a paper, a second person."""
    if approved_by is not None:
        confirm(application, by, approved_by, approver_password, APPROVERS)
    document = f"sha-256:{paper.sha256}" if paper is not None and paper.sha256 else ""
    return corrections.correct(
        application, of_number=of_number, field=corrections.CLAIMED_TIME, value=value, reason=reason, by=by, document=document,
        approved_by=approved_by, key=given.get("key"),
    )  # fmt: skip
