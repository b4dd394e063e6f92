"""Who may what, as pure questions: nothing here asks the database.

A policy answers with nothing (yes) or with a sentence (why not), which is shown under the button, in the form
and in the API alike.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from staff.models import Certificate, User

EXPIRES_SOON = timedelta(days=60)


class Role(models.TextChoices):
    """What a post is for."""

    INTAKE = "intake", _("Intake clerk")
    SURVEYOR = "surveyor", _("Surveyor")
    PLANNER = "planner", _("Scheme planner")
    APPROVER = "approver", _("Approver")
    REVIEWER = "reviewer", _("Design reviewer")
    INSPECTOR = "inspector", _("Inspector")
    FITTER = "fitter", _("Meter fitter")
    ARCHIVIST = "archivist", _("Archivist")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    DISCIPLINE = "discipline", _("Discipline officer")
    TRAINING = "training", _("Training manager")
    ADMINISTRATOR = "administrator", _("Administrator")


# Those who do the work of a case. The others watch over it and are never offered a task.
WORKING_ROLES = frozenset(
    {
        Role.INTAKE,
        Role.SURVEYOR,
        Role.PLANNER,
        Role.APPROVER,
        Role.REVIEWER,
        Role.INSPECTOR,
        Role.FITTER,
        Role.ARCHIVIST,
    }
)


class Audience(models.TextChoices):
    """Whom a page is open to."""

    EVERYONE = "everyone", _("Everyone")
    SIGNED_IN = "signed_in", _("Whoever is signed in")
    CUSTOMER = "customer", _("Customers")
    OFFICER = "officer", _("Officers with a post")
    SUPERVISOR = "supervisor", _("Supervisors")
    AUDITOR = "auditor", _("Auditors and the discipline office")
    DISCIPLINE = "discipline", _("The discipline office")
    TRAINING = "training", _("Training managers")
    ADMINISTRATOR = "administrator", _("Administrators")


# Audiences that are a matter of the posts held today.
ROLES_ADMITTED = {
    Audience.SUPERVISOR: frozenset({Role.SUPERVISOR}),
    Audience.AUDITOR: frozenset({Role.AUDITOR, Role.DISCIPLINE}),
    Audience.DISCIPLINE: frozenset({Role.DISCIPLINE}),
    Audience.TRAINING: frozenset({Role.TRAINING}),
    Audience.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}


@dataclass(frozen=True)
class PostFact:
    """A post in force, as policies need it. `reach` are the ids of its office and all below: what it says holds there alone."""

    role: str
    office_id: int
    office_code: str
    office_name: str = ""
    reach: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Authority:
    """What one user may build on, on one day: posts, certified competences, and the offices within reach."""

    user: User
    posts: tuple[PostFact, ...]
    competences: frozenset[str]
    offices: frozenset[int]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    def acts_as(self, roles: Collection[str], office_id: int) -> bool:
        """Whether a post with one of these roles reaches that office. Two posts are not added up: a role counts where it is held."""
        return any(p.role in roles and office_id in (p.reach or {p.office_id}) for p in self.posts)

    def has_role(self, *roles: str) -> bool:
        """Whether any of these roles is held at any office."""
        return not self.roles.isdisjoint(roles)


def admits(audience: str, authority: Authority | None) -> bool:
    """Whether a page for this audience is open to somebody; without authority nobody is signed in."""
    if audience == Audience.EVERYONE:
        return True
    if authority is None or not authority.user.is_active:
        return False
    if audience == Audience.SIGNED_IN:
        return not has_left(authority)
    if audience == Audience.CUSTOMER:
        return authority.user.is_customer
    if audience == Audience.OFFICER:
        return authority.user.is_officer and bool(authority.posts)
    if audience == Audience.ADMINISTRATOR and authority.user.is_superuser:
        return True
    return authority.user.is_officer and authority.has_role(*ROLES_ADMITTED[Audience(audience)])


def has_left(authority: Authority) -> bool:
    """An officer whose posts have all ended is out, even with a session from before.

    A superuser is let in without a post: somebody has to open the first one.
    """
    return authority.user.is_officer and not authority.posts and not authority.user.is_superuser


class Standing(StrEnum):
    """How a certificate stands on a day; also the name of its lamp."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_YET = "not_yet"


def standing(certificate: Certificate, on: date) -> Standing:
    """How this certificate stands on that day."""
    if certificate.revoked_at is not None and timezone.localdate(certificate.revoked_at) <= on:
        return Standing.REVOKED
    if certificate.issued_date > on:
        return Standing.NOT_YET
    if certificate.valid_until < on:
        return Standing.EXPIRED
    return Standing.EXPIRING if certificate.valid_until - on < EXPIRES_SOON else Standing.VALID


def why_not_manage_certificates(by: Authority, holder: Authority) -> str | None:
    """Why `by` may not grant or revoke a certificate of `holder`."""
    if not by.has_role(Role.TRAINING, Role.ADMINISTRATOR):
        return gettext("Certificates are kept by the training manager. Please ask them to enter this one.")
    if by.user.pk == holder.user.pk:
        return gettext(
            "Nobody enters their own certificate. Please ask another training manager or an administrator."
        )
    return _why_not_within_reach(by, holder)


def sees_the_unposted(by: Authority) -> bool:
    """Whoever opens posts must find the people who hold none."""
    return by.user.is_superuser or by.has_role(Role.ADMINISTRATOR)


def why_not_manage_posts(by: Authority, office_id: int | None) -> str | None:
    """Why `by` may not open or close a post at that office (at any, if none is given)."""
    if by.user.is_superuser:
        return None
    if not by.has_role(Role.ADMINISTRATOR):
        return gettext("Posts are opened and closed by an administrator.")
    if office_id is not None and office_id not in by.offices:
        return gettext("This office does not belong to yours. Please ask its own administrator.")
    return None


def why_not_record_absence(by: Authority, absent: Authority) -> str | None:
    """Why `by` may not record that somebody is away; everybody may record it of themselves."""
    if by.user.pk == absent.user.pk:
        return None
    if not by.has_role(Role.SUPERVISOR, Role.TRAINING, Role.ADMINISTRATOR):
        return gettext("Only the person or a supervisor can record an absence.")
    return _why_not_within_reach(by, absent)


def _why_not_within_reach(by: Authority, other: Authority) -> str | None:
    if by.offices.isdisjoint(post.office_id for post in other.posts):
        return gettext("This person holds no post at your office or below it.")
    return None


# How long a session lasts without a sign of life, and at most. An officer's working day, with the midday break.
IDLE = {"officer": timedelta(minutes=30), "customer": timedelta(minutes=30)}
AT_MOST = {"officer": timedelta(hours=12), "customer": timedelta(hours=24)}


def session_is_over(kind: str, signed_in_at: datetime, seen_at: datetime, moment: datetime) -> bool:
    """Whether somebody has to sign in again: away too long, or signed in too long ago."""
    idle, at_most = IDLE.get(kind, IDLE["officer"]), AT_MOST.get(kind, AT_MOST["officer"])
    return moment - seen_at > idle or moment - signed_in_at > at_most
