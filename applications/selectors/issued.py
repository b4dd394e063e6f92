"""Papers of a case as they can be printed: those kept when they were issued, the contracts, the receipts of its contacts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Application, Contract, PaperKind
from applications.selectors.sheets.receipts import contact_receipt, contract_sheet
from applications.selectors.terms import PAPER_LANGUAGE
from applications.sheets.parts import Seal, Sheet, loaded
from workflow.models import Case, Contact

RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of the list of papers; `kind` and `number` are its address."""

    kind: str
    number: int
    title: str
    issued_at: dt.datetime


def papers_of(case: Case, application: Application | None) -> list[Printed]:
    """Everything that can be printed, newest first."""
    lines = [_of_contact(n, contact) for n, contact in enumerate(_contacts(case), 1)]
    if application is not None:
        lines += [Printed(p.kind, p.number, p.title, p.recorded_at) for p in application.issuedpapers.all()]
        lines += [
            Printed(PaperKind.CONTRACT, n, str(contract.get_kind_display()), contract.recorded_at)
            for n, contract in enumerate(application.contracts.order_by("recorded_at"), 1)
        ]
    return sorted(lines, key=lambda line: line.issued_at, reverse=True)


def sheet_of(case: Case, application: Application | None, kind: str, number: int) -> Sheet | None:
    """The paper of that address with its seal; None if there is none."""
    with override(PAPER_LANGUAGE):
        if kind == RECEIPT:
            contacts = _contacts(case)
            return sealed_receipt(contacts[number - 1]) if 0 < number <= len(contacts) else None
        if application is None:
            return None
        if kind == PaperKind.CONTRACT:
            return _contract(case, application, number)
        paper = application.issuedpapers.filter(kind=kind, number=number).first()
        return loaded(paper.content, _seal(case, paper.digest)) if paper else None


def sealed_receipt(contact: Contact) -> Sheet:
    """A contact's receipt; its code of proof is its event's own hash."""
    with override(PAPER_LANGUAGE):
        says = _("On record: a later change of this time would be found out.")
        seal = Seal(
            _receipt_url(contact), _("Scan to see how far it is"), says, grouped(contact.receipt_code)
        )
        return replace(contact_receipt(contact), seal=seal)


def grouped(code: str) -> str:
    """The code in groups of four, as it is read out."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _of_contact(n: int, contact: Contact) -> Printed:
    title = _("Receipt of the first contact") if n == 1 else _("Receipt")
    return Printed(RECEIPT, n, title, contact.recorded_at)


def _contacts(case: Case) -> list[Contact]:
    return list(case.contacts.select_related("person", "channel", "office", "case").order_by("number"))


def _contract(case: Case, application: Application, number: int) -> Sheet | None:
    contracts: list[Contract] = list(application.contracts.order_by("recorded_at"))
    if not 0 < number <= len(contracts):
        return None
    contract = contracts[number - 1]
    return replace(contract_sheet(contract), seal=_seal(case, contract.digest))


def _seal(case: Case, digest: str) -> Seal:
    """Where the holder follows the case, and the digest that its event holds."""
    first = case.contacts.order_by("number").first()
    url = _receipt_url(first) if first else settings.TONGDIAN_BASE_URL + reverse("track")
    says = _("On record: a later change of this text would be found out.")
    return Seal(url, _("Scan to see how far it is"), says, digest)


def _receipt_url(contact: Contact) -> str:
    return settings.TONGDIAN_BASE_URL + reverse("receipt", args=[contact.receipt_key])
