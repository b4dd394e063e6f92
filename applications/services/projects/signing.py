"""Contracts of many units signed by one act: each its own signature, under its own text, with how it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import (
    Application,
    Contract,
    Project,
    ProjectSheet,
    ProjectUnit,
    SheetRow,
    SigningMethod,
    digest_of,
)
from applications.services.contract import sign_contract
from applications.services.projects.opening import circumstance_of
from applications.services.projects.sheets import confirm, with_answers
from applications.services.signing import use_code
from staff.models import User
from workflow.events import Circumstance
from workflow.transitions import Refused

SIGN = "sign_contract"

Waiting = Sequence[tuple[ProjectUnit, Contract]]


def digest_of_all(waiting: Waiting) -> str:
    """One digest of every text that is shown, in the units' order: what is signed is these texts and no others."""
    return digest_of(
        "\n".join([SIGN, *(f"{unit.label} {contract.digest}" for unit, contract in waiting)])
    ).removeprefix("sha-256:")


def signed_before(project: Project, shown: str, by: User) -> ProjectSheet | None:
    """The sheet of a form that was sent twice: under way, or done without a refusal."""
    same = project.sheets.filter(act=SIGN, sha256=shown, sent_by=by).first()
    return (
        same
        if same and (same.finished_at is None or not same.rows.filter(outcome="refused").exists())
        else None
    )


def sign_many(
    project: Project,
    waiting: Waiting,
    *,
    by: User,
    method: str,
    provider_ref: str = "",
    digits: str = "",
    circumstance: Circumstance,
) -> ProjectSheet:
    """Sign what was shown: proved once, carried out unit by unit. Raises Refused."""
    if not waiting:
        raise Refused(_("No unit waits for this."))
    code = str(use_code(by, digits)) if method == SigningMethod.CODE else ""
    how = {
        "method": method,
        "provider_ref": provider_ref,
        "code": code,
        "via": circumstance.via,
        "device": circumstance.device or "",
    }
    tried = project.sheets.filter(act=SIGN, sha256=digest_of_all(waiting)).exists()
    answers = [(unit, how | {"digest": contract.digest}) for unit, contract in waiting]
    shown = digest_of_all(waiting)
    with transaction.atomic():
        sha256 = digest_of(f"{shown} {code or provider_ref}").removeprefix("sha-256:") if tried else shown
        return confirm(with_answers(project, SIGN, answers, by=by, sha256=sha256), by=by)


def sign_row(sheet: ProjectSheet, row: SheetRow, application: Application, *, key: str) -> None:
    """One unit's signature, by the service its own page uses: the door asks who signs, what for, and whether the text is still the newest."""
    said: Mapping[str, Any] = row.cells
    circumstance = replace(
        circumstance_of(sheet), via=said["via"], behalf=None, device=said["device"] or None
    )
    sign_contract(
        application, by=sheet.sent_by, digest=said["digest"], method=said["method"], provider_ref=said["provider_ref"],
        code=UUID(said["code"]) if said["code"] else None, occurred_at=sheet.confirmed_at, key=key, circumstance=circumstance,
    )  # fmt: skip
