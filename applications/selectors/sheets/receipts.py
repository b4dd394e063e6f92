"""Papers that are not issued by an act: the receipt of a contact, proved by its event's own hash, and a contract's text."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Contract
from applications.progress import masked_place
from applications.selectors.promises import intake_limit
from applications.selectors.sheets.frame import complaints, issuer_of
from applications.sheets.parts import Facts, Line, Part, Sheet
from staff.formats import grouped_number, long_moment, mask_name, mask_phone
from workflow.models import Contact, Purpose
from workflow.presentation import counting
from workflow.selectors.rules import rules


def contact_receipt(contact: Contact) -> Sheet:
    """首次联系回执, half a page: the moment largest. It names nobody in full, since whoever finds it can read it."""
    first = not contact.case.contacts.filter(number__lt=contact.number).exists()
    parts: list[Part] = [
        Line(_("The time you first asked for power is recorded. Keep this; nobody may take it back.") if first
             else _("What you told us is recorded, with its time. Keep this; nobody may take it back.")),
        Line(long_moment(contact.recorded_at, seconds=True), "moment"),
        Facts(tuple(_about(contact))),
        Line(_("You choose who designs, builds and supplies."), "muted"),
    ]  # fmt: skip
    return Sheet(
        title=_("Receipt of the first contact") if first else _("Receipt"),
        issuer=issuer_of(contact.office),
        moment=contact.recorded_at,
        number=_("Number %(number)s") % {"number": grouped_number(contact.case.contact_no)},
        parts=tuple(parts),
        size="A5",
        foot=(complaints(),),
    )


def _about(contact: Contact) -> list[tuple[str, str]]:
    person = contact.person
    rows = [
        (_("Channel"), contact.channel.name),
        (_("Purpose"), contact.get_purpose_display()),
        (_("Where"), masked_place(contact.place) or "—"),
        (_("Who"), f"{mask_name(person.name)} {mask_phone(person.phone)}".strip() or "—"),
    ]
    if abs((contact.recorded_at - contact.occurred_at).total_seconds()) >= 60:
        rows.append((_("Happened, as stated"), long_moment(contact.occurred_at)))
    if contact.papers_left:
        rows.append((_("Papers left"), contact.papers or _("yes")))
    if contact.case.application_no:
        rows.append((_("Application number"), grouped_number(contact.case.application_no)))
    limit = (
        intake_limit(contact.category, timezone.localdate(contact.recorded_at))
        if contact.purpose == Purpose.CONNECTION
        else None
    )
    if limit and limit.days:
        within = _("%(n)s working day(s) with all papers; then the system presses us") % {"n": limit.days}
        rows += [
            (_("Time to acceptance"), within),
            (_("How it is counted"), counting([limit], rules())),
        ]
    return rows


def contract_sheet(contract: Contract) -> Sheet:
    """The contract as issued. Its digest is that of the text alone: it is what is signed."""
    title, _newline, rest = contract.text.strip().partition("\n")
    application = contract.application
    return Sheet(
        title=title,
        issuer=issuer_of(application.case.office),
        moment=contract.recorded_at,
        parts=(
            *(Line(line) for line in rest.splitlines() if line.strip()),
            *(Line(text, "muted") for text in _signed(contract)),
        ),
        foot=(_("Digest of the text: %(digest)s") % {"digest": contract.digest}, rules().profile.name),
    )


def _signed(contract: Contract) -> list[str]:
    return [
        _("Signed by %(party)s on %(moment)s: %(method)s") % {
            "party": signature.party.person.name, "moment": long_moment(signature.recorded_at), "method": signature.get_method_display(),
        }
        for signature in contract.signatures.select_related("party__person")
    ] or [_("Not signed yet.")]  # fmt: skip
