"""Changes to the register of people. Each names who made it and is kept in the row's history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NoReturn, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from staff.models import Absence, Certificate, Competence, Office, Post, User
from staff.policies import (
    Role,
    why_not_manage_certificates,
    why_not_manage_posts,
    why_not_record_absence,
)
from staff.selectors import authority

Row = TypeVar("Row", Certificate, Post, Absence)
ONE_DAY = timedelta(days=1)


class Refused(Exception):
    """The change was not made; the text says why and who could. `field` names what to mend, if one does."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def grant_certificate(
    *,
    by: User,
    holder: User,
    competence: Competence,
    number: str,
    issued_date: date,
    valid_until: date,
    today: date,
) -> Certificate:
    """Enter a certificate. Raises Refused."""
    _unless(why_not_manage_certificates(authority(by, today), authority(holder, today)))
    if issued_date > today:
        _refuse(_("A certificate issued in the future can't be entered yet."), "issued_date")
    if valid_until < issued_date:
        _refuse(_("It would end before it was issued. Please check both dates."), "valid_until")
    number = number.strip()
    with _change(by):
        if Certificate.objects.filter(competence=competence, number=number).exists():
            _refuse(
                _("This number is already in the register. A paper belongs to one person: check the number."),
                "number",
            )
        certificate = Certificate(
            holder=holder,
            competence=competence,
            number=number,
            issued_date=issued_date,
            valid_until=valid_until,
            granted_by=by,
        )
        return _keep(certificate, by)


def grant_certificates_unchecked(*, by: User, certificates: list[Certificate]) -> None:
    """Enter many at once without asking whether each may be: made-up people on demo and test databases alone."""
    for certificate in certificates:
        certificate.granted_by = by
    with _change(by):
        bulk_create_with_history(certificates, Certificate, default_user=by)


def revoke_certificate(*, by: User, certificate: Certificate, reason: str, today: date) -> Certificate:
    """End a certificate from now on; what was done under it stays valid. Raises Refused."""
    _unless(why_not_manage_certificates(authority(by, today), authority(certificate.holder, today)))
    if not reason.strip():
        _refuse(_("Please say why it is revoked: the holder will read it."), "reason")
    with _change(by):
        locked = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
        if locked.revoked_at is not None:
            _refuse(_("This certificate was revoked before."))
        locked.revoked_by, locked.revoked_at, locked.revoke_reason = by, timezone.now(), reason.strip()
        return _keep(locked, by, "revoked_by", "revoked_at", "revoke_reason")


def open_post(
    *,
    by: User,
    user: User,
    office: Office,
    role: str,
    from_date: date,
    to_date: date | None = None,
    today: date,
) -> Post:
    """Give a person a post. Raises Refused."""
    _unless(why_not_manage_posts(authority(by, today), office.pk))
    if not user.is_officer:
        _refuse(_("A customer can't hold a post."))
    if from_date < today:
        _refuse(
            _("A post is opened from today on: who could do what in the past is not rewritten."), "from_date"
        )
    if to_date is not None and to_date < from_date:
        _refuse(_("The post would end before it begins. Please check both dates."), "to_date")
    with _change(by):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        held = Post.objects.filter(user=user, office=office, role=role)
        if held.in_force(from_date).exists():
            _refuse(_("This person already holds this post."), "role")
        if (
            role == Role.ADMINISTRATOR
        ):  # the door of the administration pages; the rights behind it end with the post
            User.objects.filter(pk=user.pk).update(is_staff=True)
        return _keep(Post(user=user, office=office, role=role, from_date=from_date, to_date=to_date), by)


def close_post(*, by: User, post: Post, to_date: date, today: date) -> Post:
    """Set a post's last day. Raises Refused."""
    _unless(why_not_manage_posts(authority(by, today), post.office_id))
    with _change(by):
        locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if to_date < locked.from_date:
            _refuse(_("The post would end before it begins. Please check both dates."), "to_date")
        if locked.to_date is not None and locked.to_date < today:
            _refuse(_("This post has ended already."))
        if to_date < today - ONE_DAY:
            _refuse(_("The past isn't rewritten: the last day is yesterday at the earliest."), "to_date")
        locked.to_date = to_date
        return _keep(locked, by, "to_date")


def record_absence(*, by: User, user: User, from_date: date, to_date: date, today: date) -> Absence:
    """Record that somebody is away, so that no work is offered to them. Raises Refused."""
    _unless(why_not_record_absence(authority(by, today), authority(user, today)))
    if to_date < from_date:
        _refuse(_("The absence would end before it begins. Please check both dates."), "to_date")
    if from_date < today:
        _refuse(_("An absence is recorded from today on."), "from_date")
    with _change(by):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if Absence.objects.ahead(from_date).filter(user=user, from_date__lte=to_date).exists():
            _refuse(_("There is already an absence on some of these days."), "from_date")
        return _keep(Absence(user=user, from_date=from_date, to_date=to_date), by)


def withdraw_absence(*, by: User, absence: Absence, today: date) -> Absence:
    """End an absence as of today: days that have passed stay, one not begun is void. Raises Refused."""
    _unless(why_not_record_absence(authority(by, today), authority(absence.user, today)))
    with _change(by):
        locked = Absence.objects.select_for_update(no_key=True).get(pk=absence.pk)
        if locked.to_date < today or locked.withdrawn_at is not None:
            _refuse(_("This absence is over already."))
        if locked.from_date < today:
            locked.to_date = today - ONE_DAY
        else:
            locked.withdrawn_at = timezone.now()
        return _keep(locked, by, "to_date", "withdrawn_at")


def _refuse(sentence: str, field: str | None = None) -> NoReturn:
    raise Refused(sentence, field)


def _unless(sentence: str | None) -> None:
    if sentence:
        _refuse(sentence)


@contextmanager
def _change(by: User) -> Iterator[None]:
    """One transaction in which the triggers that seal staff rows know who acts."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('tongdian.actor', %s, true)", [f"user:{by.pk}"])
        yield


def _keep(row: Row, by: User, *fields: str) -> Row:
    """Save the row, or only these fields of it, with its author in the history."""
    row._history_user = by  # type: ignore[attr-defined]
    row.save(update_fields=fields or None)
    return row
