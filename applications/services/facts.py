"""What the services of facts share: how an act was sent, the columns every fact has, what of it may enter the log.

Every service is called as `service(application, by=…, occurred_at=…, version=…, key=…, circumstance=…, **fields)`, the fields being what
its form brings. Payloads hold ids, codes, numbers and short outcome words: never a name, a telephone number, an address or free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from applications.selectors.terms import figure
from applications.services.issuing import put_in_writing
from applications.services.seen import Seen
from staff.models import User
from workflow.transitions import Act, Refused, act

HOW = ("occurred_at", "version", "task", "key", "circumstance", "visit")

Row = TypeVar("Row", bound=Model)


def split(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """How it was sent (for the door), the fact's own fields, and the remarks somebody confirmed (for the log)."""
    confirmed = given.pop("confirmed", None)
    how = {name: given.pop(name, None) for name in HOW}
    return how, given, {"confirmed": sorted(confirmed)} if confirmed else {}


@contextmanager
def recording(
    application: Application,
    name: str,
    by: User,
    how: Mapping[str, Any],
    says: Mapping[str, Any],
    **brought: Any,
) -> Iterator[Act]:
    """The door, with a payload of `says` alone. What the form `brought` besides only makes a repeat of the same key recognisable.

    What was seen on site (`visit` among the `how`) is kept with it: photographs and signature as papers, their digests in the event.
    """
    how = dict(how)
    visit: Seen = how.pop("visit", None) or Seen()
    with act(application, name, by=by, data={**_bare(brought), **visit.known_by(), **says}, **how) as a:
        a.data |= says
        yield a
        visit.keep(a, application, by)
        put_in_writing(a, application)


def _bare(brought: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [plain(one) for one in value] if isinstance(value, QuerySet | list | tuple) else plain(value)
        for name, value in brought.items()
    }


def base(a: Act, application: Application) -> dict[str, Any]:
    """The columns every fact has."""
    return {"application": application, "round": a.round, "recorded_by": a.by, "occurred_at": a.occurred_at}


def said(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The named fields as the log may hold them."""
    return {name: plain(fields.get(name)) for name in names if fields.get(name) not in (None, "")}


def plain(value: Any) -> Any:
    """Rows by their id, numbers without needless zeros; the same inside lists and mappings."""
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Model):
        return str(value.pk)
    return figure(value) if isinstance(value, Decimal) else value


def ids(people: Iterable[User]) -> list[str]:
    """Ids in a fixed order."""
    return sorted(str(person.pk) for person in people)


def party_of(application: Application, by: User, party: Any = None) -> Any:
    """Who acts on the customer's side: the customer themself, or whom the counter named."""
    if by.kind == User.Kind.CUSTOMER:
        own: Iterable[Any] = application.parties.filter(user=by, role__in=["applicant", "agent"])
        return next(iter(own), None) or application.parties.get(role="applicant")
    return party or application.parties.get(role="applicant")


def there(row: Row | None, sentence: str = "") -> Row:
    """The row a fact builds on; a sentence where it is missing."""
    if row is None:
        raise Refused(sentence or _("What this builds on has not been recorded yet."))
    return row
