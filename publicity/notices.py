"""Which events are told to customers, and by which sentence (templates/publicity/notices/<kind>.txt).

To tell somebody something new: one line here, one template. A sentence is at most 70 characters of Chinese, the length of
one text message, and carries nothing but the case's number and a link.
"""

from __future__ import annotations

LONGEST = 70

KINDS: dict[str, str] = {
    "contact.registered": "contact_registered",
    "contact.told": "contact_told",
    "contact.resolved": "contact_resolved",
    "phone.verified": "phone_verified",
    "authority.recorded": "authority_recorded",
    "application.accepted": "accepted",
    "application.refused": "refused",
    "documents.requested": "papers_requested",
    "scheme.replied": "scheme_replied",
    "rectification.required": "rectification_required",
    "source.energised": "energised",
    "clock.paused": "paused",
    "clock.resumed": "resumed",
    "clock.overran": "resumed",
    "deadline.moved": "moved",
    "paper.overdue": "papers_overdue",
    "extension.asked": "extension_asked",
    "case.withdrawn": "withdrawn",
    "case.terminated": "terminated",
    "case.voided": "voided",
    "case.reopened": "reopened",
    "scheme.extended": "scheme_extended",
}
"""Event kind to kind of notice."""


def template_of(kind: str) -> str:
    """The template of a kind of notice."""
    return f"publicity/notices/{kind}.txt"
