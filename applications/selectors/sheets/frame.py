"""What every paper has: who writes, to whom, under which number, who signs, where to complain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Party, PartyRole, TariffCategory
from applications.sheets.parts import Line, Part, Sheet, Signatures
from staff.formats import grouped_number, long_day, mask_name
from staff.models import Office, User
from workflow.models import Clause
from workflow.selectors.rules import rules

DASH = "—"


def issuer_of(office: Office) -> str:
    """The company, and the office where it is another word."""
    company = rules().profile.name
    return company if office.name == company else f"{company}・{office.name}"


def complaints() -> str:
    """Where to turn, on every paper."""
    profile = rules().profile
    return _("Complaints: call %(hotline)s; not satisfied with the answer: energy regulator's line %(regulator)s.") % {
        "hotline": profile.hotline, "regulator": profile.regulator_hotline,
    }  # fmt: skip


def framed(
    application: Application, title: str, parts: list[Part | None], n: int, moment: dt.datetime, **more: Any
) -> Sheet:
    """A sheet about an application."""
    return Sheet(
        title=title,
        issuer=issuer_of(application.case.office),
        number=_("Number %(number)s, paper %(n)s of this kind") % {"number": number_of(application), "n": n},
        moment=moment,
        parts=tuple(part for part in parts if part is not None),
        foot=(complaints(),),
        **more,
    )


def number_of(application: Application) -> str:
    """The case's number as it is read out."""
    return grouped_number(str(application.case))


def applicant_of(application: Application) -> Party:
    """Whose need it is."""
    return application.parties.select_related("person").get(role=PartyRole.APPLICANT)


def masked(party: Party) -> str:
    """A person's name as a receipt shows it; an organisation's whole."""
    return party.person.name if party.kind == "organisation" else mask_name(party.person.name)


def address_line(application: Application) -> Line:
    """To whom."""
    return Line(_("To: %(name)s") % {"name": applicant_of(application).person.name})


def business_of(application: Application) -> str:
    """What is applied for, in one word."""
    return f"{application.get_supply_class_display()} {application.get_business_type_display()}"


def place_of(application: Application) -> str:
    """Where."""
    premises = getattr(application, "premises", None)
    return premises.address if premises and premises.address else DASH


def usage_of(application: Application) -> str:
    """用电类别 as it was applied for."""
    tariff = TariffCategory.objects.filter(code=application.usage).first() if application.usage else None
    return tariff.name if tariff else application.usage or DASH


def clause_words(clause: Clause) -> str:
    """A clause with its number, or the words that the number is still to be checked."""
    number = clause.number or _("article number to be checked")
    return f"{clause.title_zh}（{number}）：{clause.text_zh}"


def signed_by(application: Application, by: User | None, moment: dt.datetime) -> Signatures:
    """Our side with name and day; the customer's to be filled in by hand."""
    officer = by.get_full_name() if by is not None and by.kind != User.Kind.CUSTOMER else ""
    ours = (
        _("Supplier (seal): %(office)s") % {"office": application.case.office.name},
        _("Handled by: %(name)s") % {"name": officer},
        _("Date: %(day)s") % {"day": long_day(timezone.localdate(moment))},
    )
    theirs = (_("Received by (signature):"), "", _("Date: %(day)s") % {"day": ""})
    return Signatures((ours, theirs))
