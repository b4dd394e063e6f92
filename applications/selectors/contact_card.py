"""The contacts of a case as its page shows them: outcome or what is awaited, hand-ons, the cases joined to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from workflow.models import Case, Contact, ContactClosing, HandOn
from workflow.selectors.contacts import closings_of, first_real_act_at, hand_ons_of


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact with what became of it."""

    contact: Contact
    closing: ContactClosing | None
    from_case: Case | None = None

    @property
    def awaited(self) -> bool:
        """Whether the customer's answer to an outcome is awaited."""
        return self.closing is not None and self.closing.pending and not self.contact.outcome


@dataclass
class ContactsCard:
    """Everything the card shows."""

    rows: list[ContactRow] = field(default_factory=list)
    hand_ons: list[HandOn] = field(default_factory=list)
    joined: list[Case] = field(default_factory=list)
    first_act_at: dt.datetime | None = None
    waited_since: dt.datetime | None = None


def contacts_card(case: Case, contacts: list[Contact], now: dt.datetime) -> ContactsCard:
    """Load the card; at most six queries."""
    closings = closings_of(case)
    rows = [ContactRow(contact, closings.get(contact.pk)) for contact in contacts]
    joined = list(Case.objects.filter(joined_to=case).order_by("opened_at"))
    if joined:
        theirs = Contact.objects.filter(case__in=joined).select_related("person", "channel", "owner", "case")
        rows += [ContactRow(contact, None, contact.case) for contact in theirs.order_by("recorded_at")]
    rows.sort(key=lambda row: row.contact.recorded_at)
    hand_ons = hand_ons_of(case)
    first_act = first_real_act_at(case) if hand_ons else None
    return ContactsCard(rows, hand_ons, joined, first_act, case.first_contact_at)
