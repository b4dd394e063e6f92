"""Contacts: registered first, sealed at once, ended by one outcome of a closed list."""

from workflow.services.contacts.closing import (
    Closed,
    close_due,
    object_to_outcome,
    pending_closings,
    tell_outcome,
)
from workflow.services.contacts.handing_on import hand_on_contact
from workflow.services.contacts.joining import link_contact
from workflow.services.contacts.outcomes import resolve_contact, settle_contacts
from workflow.services.contacts.registering import (
    RECEIPT_CHARACTERS,
    FirstContact,
    Registered,
    claim_earlier_contact,
    lift_closings,
    person_data,
    place_index,
    receipt_code,
    register_contact,
)
from workflow.services.contacts.telling import TOLD_TO_WAIT, report_told_to_wait

__all__ = [
    "RECEIPT_CHARACTERS",
    "TOLD_TO_WAIT",
    "Closed",
    "FirstContact",
    "Registered",
    "claim_earlier_contact",
    "close_due",
    "hand_on_contact",
    "lift_closings",
    "link_contact",
    "object_to_outcome",
    "pending_closings",
    "person_data",
    "place_index",
    "receipt_code",
    "register_contact",
    "report_told_to_wait",
    "resolve_contact",
    "settle_contacts",
    "tell_outcome",
]
