"""Capacity: looked up, waited for in the order of first contact, released to the head of the queue; priorities granted elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Application,
    CapacityAsset,
    CapacityCheck,
    CapacityFigure,
    CapacityRelease,
    Document,
    Priority,
    QueueEntry,
)
from applications.selectors.capacity import (
    Look,
    Open,
    look_at,
    must_check,
    open_of,
    place_of,
    priority_of,
    standing_check,
    waiting,
)
from applications.selectors.terms import figure
from applications.services.facts import base, plain, recording, said, split
from applications.services.scheme_tree import Fault
from staff.models import Office, User
from workflow.transitions import Act, Done, Refused


def check_capacity(
    application: Application, *, by: User, asset: CapacityAsset, needed: Decimal, **given: Any
) -> Done:
    """可开放容量核查: what the asset has open against what is needed, on record whatever comes out."""
    how, _fields, _confirmed = split(given)
    with recording(
        application, "check_capacity", by, how, {"asset": asset.code, "needed": plain(needed)}
    ) as a:
        look = look_at(application, _held(asset), needed)
        if look.found is None:
            raise Refused(why_not_from(look))
        check = _checked(a, application, look, look.found)
        a.data |= said(vars(check), "open_capacity", "promised", "as_of_date") | {
            "sufficient": check.sufficient
        }
    return a.done


def checks_for(
    a: Act,
    application: Application,
    sources: Sequence[Mapping[str, Any]],
    assets: Sequence[CapacityAsset | None],
) -> list[CapacityCheck | None]:
    """The look at the capacity behind each source of a scheme about to be drafted, saved with it.

    An asset named with the source is looked up now; without one the look on record for the case counts. Refused where the class of supply
    asks for it and there is none, or where it is not enough.
    """
    for asset in sorted((asset for asset in assets if asset), key=lambda asset: asset.pk):
        _held(asset)
    looks = list(looks_behind(application, sources, assets))
    if fault := next(capacity_faults(application, looks), None):
        raise Refused(fault.sentence)
    checks = [_checked(a, application, look, look.found) if look and look.found else None for look in looks]
    if used := [check.asset_id for check in checks if check]:
        _leave_other_queues(application, used)
    return checks


def looks_behind(
    application: Application, sources: Sequence[Mapping[str, Any]], assets: Sequence[CapacityAsset | None]
) -> Iterator[Look | None]:
    """What each source of a scheme would find."""
    for row, asset in zip(sources, assets, strict=True):
        if asset is None and len(sources) == 1 and (known := standing_check(application)):
            asset = known.asset  # noqa: PLW2901 - what was looked up before the form was opened
        yield look_at(application, asset, row["capacity"]) if asset else None


def capacity_faults(application: Application, looks: Sequence[Look | None]) -> Iterator[Fault]:
    """Sources without the look they need, or without the capacity."""
    needed = must_check(application)
    for number, look in enumerate(looks, 1):
        if look is None and needed:
            yield Fault("source", number, "asset", look_it_up_first(number, alone=len(looks) == 1))
        elif look is not None and not look.sufficient:
            yield Fault("source", number, "asset", why_not_from(look))


def _checked(a: Act, application: Application, look: Look, found: Open) -> CapacityCheck:
    return CapacityCheck.objects.create(
        **base(a, application), asset=look.asset, figure=found.figure, open_capacity=found.figure.open_capacity, promised=found.promised,
        needed=look.needed, as_of_date=found.figure.as_of_date, source=found.figure.source, sufficient=look.sufficient,
    )  # fmt: skip


def _held(asset: CapacityAsset) -> CapacityAsset:
    """The asset's row, locked: two cases must not be promised the same capacity. Always after the case, in the order of ids."""
    return CapacityAsset.objects.select_for_update(no_key=True).get(pk=asset.pk)


def _leave_other_queues(application: Application, used: Collection[int]) -> None:
    """Supplied from elsewhere: the places in other queues are given up."""
    application.queue_entries.filter(left_at=None).exclude(asset__in=used).update(
        left_at=timezone.now(), left_how="left"
    )


def look_it_up_first(number: int, *, alone: bool) -> str:
    """The sentence where a scheme is drafted without a look."""
    if alone:
        return _(
            "Look up the open capacity first: choose the transformer area or line the supply is taken from."
        )
    return _("Look up the open capacity first: choose the line or substation of source %(n)s.") % {
        "n": number
    }


def why_not_from(look: Look) -> str:
    """The sentence where an asset cannot carry it, with the figure and what to do."""
    if look.found is None:
        return _("No figure is known for %(asset)s; import its open capacity first.") % {"asset": look.asset}
    words = {
        "asset": look.asset, "left": figure(look.found.left), "unit": look.asset.unit, "needed": figure(look.needed), "queued": look.queued,
    }  # fmt: skip
    if look.waits:
        return _("This case waits in the queue of %(asset)s; it is served when capacity is released.") % words
    if look.found.left >= look.needed:
        return (
            _(
                "%(asset)s has %(left)s %(unit)s open, but %(queued)s wait for it already; put this case into the queue."
            )
            % words
        )
    return (
        _(
            "%(asset)s has %(left)s %(unit)s open, %(needed)s are needed. Look it up, then put the case into the queue, or choose another source."
        )
        % words
    )


def queue_for_capacity(application: Application, *, by: User, **given: Any) -> Done:
    """容量受限排队: the case waits for the asset that was looked up last, at the place its first contact gives it."""
    how, _fields, _confirmed = split(given)
    with recording(application, "queue_for_capacity", by, how, {}) as a:
        check = standing_check(application)
        if check is None or check.sufficient:
            raise Refused(
                _(
                    "Record a look at the capacity that says it is not enough; without one nobody is made to wait."
                )
            )
        case = application.case
        QueueEntry.objects.create(
            application=application, asset=check.asset, check_row=check, needed=check.needed, queued_at=timezone.now(),
            first_contact_at=case.first_contact_at or case.opened_at,
        )  # fmt: skip
        found = place_of(application)
        a.data |= {
            "asset": check.asset.code,
            "needed": plain(check.needed),
            "place": found[1] if found else None,
        }
    return a.done


def release_capacity(
    application: Application, *, by: User, amount: Decimal, reason: str, **given: Any
) -> Done:
    """Capacity set free serves the head of the queue, or names the priority for which somebody went first. Sealed on the case served.

    The asset's lock keeps two releases from counting the same figure.
    """
    how, _fields, _confirmed = split(given)
    with recording(application, "release_capacity", by, how, {"amount": plain(amount)}, reason=reason) as a:
        entry = application.queue_entries.filter(left_at=None).select_related("asset").first()
        if entry is None:
            raise Refused(_("This case waits for no capacity."))
        asset = _held(entry.asset)
        order = waiting(asset)
        if order[0].pk != entry.pk:
            raise Refused(_served_first(order[0]))
        priority = _went_before(application, order)
        left = _left_with(asset, amount)
        if left < entry.needed:
            words = {"left": figure(left), "needed": figure(entry.needed), "unit": asset.unit}
            raise Refused(
                _("With this release %(left)s %(unit)s are open, the head of the queue needs %(needed)s.")
                % words
            )
        row = CapacityFigure.objects.create(
            asset=asset,
            open_capacity=left,
            as_of_date=timezone.localdate(),
            source=reason[:120],
            recorded_by=by,
        )
        release = CapacityRelease.objects.create(
            **base(a, application),
            asset=asset,
            amount=amount,
            reason=reason,
            entry=entry,
            priority=priority,
            figure=row,
        )
        QueueEntry.objects.filter(pk=entry.pk).update(left_at=row.recorded_at, left_how="served")
        a.data |= {
            "asset": asset.code,
            "needed": plain(entry.needed),
            "waited": len(order),
            "release": release.pk,
        }
        if priority:
            a.data |= {"priority": priority.pk, "passed": _passed(entry, order)}
    return a.done


def _left_with(asset: CapacityAsset, amount: Decimal) -> Decimal:
    found = open_of(asset)
    return (found.left if found else Decimal(0)) + amount


def _went_before(application: Application, order: Sequence[QueueEntry]) -> Priority | None:
    """The priority that changed the order; none where the head would have been the head anyway."""
    return priority_of(application) if _passed(order[0], order) else None


def _passed(entry: QueueEntry, order: Sequence[QueueEntry]) -> int:
    """How many who were here earlier wait longer for it."""
    return sum(other.first_contact_at < entry.first_contact_at for other in order)


def _served_first(head: QueueEntry) -> str:
    return _(
        "Another case is before this one: first contact on %(day)s. It is served first, unless this one has a priority."
    ) % {"day": timezone.localdate(head.first_contact_at).isoformat()}


def grant_priority(
    application: Application,
    *,
    by: User,
    kind: str,
    basis: str,
    from_date: dt.date,
    to_date: dt.date,
    papers: Collection[Document] = (),
    **given: Any,
) -> Done:
    """A priority by a document, granted by somebody of another office than the one that benefits. It changes an order, never a time."""
    how, _fields, _confirmed = split(given)
    data = {"kind": kind, "from_date": from_date, "to_date": to_date}
    with recording(application, "grant_priority", by, how, data, basis=basis, papers=papers) as a:
        office = _elsewhere(a, application)
        priority = Priority.objects.create(
            **base(a, application),
            kind=kind,
            basis=basis,
            from_date=from_date,
            to_date=to_date,
            granted_at_office=office,
        )
        priority.papers.set(papers)
        a.documents += [f"sha-256:{paper.sha256}" for paper in papers if paper.sha256]
        a.data |= {"priority": priority.pk, "office": office.code}
    return a.done


def _elsewhere(a: Act, application: Application) -> Office:
    """The granter's office, which is not the one that benefits."""
    benefits = application.case.office_id
    offices = [post.office_id for post in a.situation.authority.posts if post.role == "supervisor"]
    if not offices or benefits in {post.office_id for post in a.situation.authority.posts}:
        raise Refused(_("A priority is granted by somebody of another office than the one it benefits."))
    return Office.objects.get(pk=offices[0])
