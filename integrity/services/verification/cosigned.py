"""Witnesses' lines under our checkpoints, verified with the keys we were given for them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from integrity.ledger.note import Forged, Malformed, parse_note, parse_vkey, signatures_by
from integrity.selectors.snapshots import fetched
from integrity.services.verification.words import Finding

COSIGNED = """
SELECT s.id, c.note, s.line FROM integrity_ledgercosignature s JOIN integrity_ledgercheckpoint c ON c.size = s.checkpoint_id ORDER BY s.id
"""


def check_cosignatures() -> Iterator[Finding]:
    """Lines that don't fit; lines of witnesses whose key we don't have are passed over."""
    keys = [parse_vkey(key) for key, _url in settings.LEDGER_WITNESSES]
    if not keys:
        return
    names = {key.name for key in keys}
    for rows in fetched(COSIGNED):
        for pk, note, line in rows:
            try:
                text = parse_note(bytes(note)).text
                under = parse_note(f"{text}\n{line}".encode())
                fits = signatures_by(under, keys) or under.signatures[0].name not in names
            except (Malformed, Forged):
                fits = False
            if not fits:
                yield Finding("cosignature", f"integrity_ledgercosignature ({pk})")
