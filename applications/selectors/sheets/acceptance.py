"""受理回执: what came, what is still missing and by when, until when what is promised, how to follow it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.checklists import checklist, conditions_of, deferred_until
from applications.models import Acceptance, Application, ChecklistItem, Document
from applications.progress import masked_place
from applications.selectors.facts import paper_names
from applications.selectors.sheets.frame import (
    applicant_of,
    business_of,
    framed,
    masked,
    place_of,
    signed_by,
    usage_of,
)
from applications.sheets.parts import Facts, Items, Line, Part, Sheet, Table
from staff.formats import long_moment, mask_phone, quantity
from workflow.deadlines import slot_of
from workflow.models import Limit, LimitKind
from workflow.presentation import counting
from workflow.selectors.rules import rules

ACCEPTED = "application.accepted"


def acceptance_receipt(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """What a customer takes home from the counter: the day the promise counts from, in writing."""
    accepted = application.acceptances.select_related("recorded_by").latest("recorded_at")
    parts: list[Part | None] = [
        Facts(tuple(_facts(application, accepted))),
        _received(application),
        _missing(application, accepted),
        Table(_("What is promised"), (_("What"), _("Within"), _("By which rule")), tuple(promised(application, moment)), (30, 34, 36)),
        Line(counting(promised_limits(application, moment), rules()), "muted"),
        Line(_("Scan the code or give the number by telephone to see how far it is."), "muted"),
        signed_by(application, accepted.recorded_by, moment),
    ]  # fmt: skip
    return framed(application, _("Receipt of acceptance"), parts, n, moment)


def _facts(application: Application, accepted: Acceptance) -> list[tuple[str, str]]:
    who = applicant_of(application)
    at = accepted.occurred_at or accepted.recorded_at
    by = accepted.recorded_by.get_full_name() if accepted.recorded_by else ""
    rows = [
        (_("Customer"), f"{masked(who)} {mask_phone(who.person.phone)}".strip()),
        (_("Business"), business_of(application)),
        (_("Where"), masked_place(place_of(application))),
        (_("Electricity category"), usage_of(application)),
    ]
    if application.capacity is not None:
        rows.append((_("Capacity applied for"), quantity(application.capacity, application.capacity_unit)))
    rows += [
        (_("Accepted by"), " ".join(filter(None, [application.case.office.name, by]))),
        (_("Accepted on"), long_moment(at)),
    ]
    if application.case.first_contact_at:
        rows.append((_("First contact"), long_moment(application.case.first_contact_at)))
    return rows


def _received(application: Application) -> Table | None:
    """Papers received, each with its pages: a photo is a page, a PDF has as many as were counted."""
    names, files = paper_names(application), list(application.documents.filter(replaced=False))
    if not files:
        return None
    rows = []
    for code in dict.fromkeys(file.item_code for file in files):
        mine = [file for file in files if file.item_code == code]
        rows.append((names.get(code, code), str(len(mine)), str(sum(pages_of(file) for file in mine))))
    return Table(
        _("Papers received"), (_("Paper"), _("Files"), _("Number of pages")), tuple(rows), (70, 15, 15)
    )


def pages_of(document: Document) -> int:
    """Pages as counted when it came; a sheet handed in on paper counts as one."""
    return document.pages or 1


def _missing(application: Application, accepted: Acceptance) -> Items | None:
    """What may come later, and by which stage."""
    if not accepted.deferred_items:
        return None
    found = checklist(
        application.category, conditions_of(application), timezone.localdate(accepted.recorded_at)
    )
    items = {item.code: item for item in found.items} if found else {}
    lines = [_later(items.get(code), code) for code in accepted.deferred_items]
    return Items(_("Still to be supplied"), tuple(lines))


def _later(item: ChecklistItem | None, code: str) -> str:
    if item is None:
        return code
    until = deferred_until(item)
    return _("%(paper)s, before: %(stage)s") % {"paper": item.name, "stage": until} if until else item.name


def promised(application: Application, moment: dt.datetime) -> list[tuple[str, str, str]]:
    """What binds us outwardly from acceptance, in words: what, within how many days, by which rule."""
    return [
        (limit.name, days_words(limit), f"{limit.regime}（{limit.get_grade_display()}）")
        for limit in promised_limits(application, moment)
    ]


def promised_limits(application: Application, moment: dt.datetime) -> list[Limit]:
    """Limits that start with acceptance and bind us outwardly: of each the shortest that applies."""
    best: dict[str, Limit] = {}
    for limit in rules().limits_for(application.matching(), timezone.localdate(moment)):
        binds = (
            limit.kind in (LimitKind.LEGAL, LimitKind.PROMISE) and limit.holder == "utility" and limit.days
        )
        if binds and slot_of(limit.start_kinds, ACCEPTED) == ACCEPTED:
            known = best.get(limit.code)
            if known is None or (limit.days or 0) < (known.days or 0):
                best[limit.code] = limit
    return list(best.values())


def days_words(limit: Limit) -> str:
    """Within how many days, of which kind."""
    return _("within %(n)s %(unit)s of acceptance") % {"n": limit.days, "unit": limit.get_day_type_display()}
