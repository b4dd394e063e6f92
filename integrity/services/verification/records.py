"""What the tables say beside the log: cases' stages, contacts' times and codes, versions of rows; each held against what was sealed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from django.db import connection

from integrity.selectors.snapshots import fetched, rows_of
from integrity.services.verification.words import Finding

STAGES = """
SELECT c.id, c.stage, c.event_number, coalesce(h.number, 0), coalesce(
    (SELECT e.state_to FROM workflow_event e WHERE e.stream = 'case:' || c.id AND e.state_to IS NOT NULL ORDER BY e.number DESC LIMIT 1), '')
FROM workflow_case c LEFT JOIN workflow_streamhead h ON h.stream = 'case:' || c.id {}
"""
CONTACTS = """
SELECT c.case_id, c.number, c.id, c.recorded_at, c.occurred_at, c.receipt_code, e.recorded_at, coalesce(e.occurred_at, e.recorded_at), e.leaf_hash
FROM workflow_contact c LEFT JOIN workflow_event e ON e.stream = 'case:' || c.case_id AND e.number = c.number {}
"""
LOST_CONTACTS = """
SELECT e.stream, e.number FROM workflow_event e WHERE e.kind = 'contact.registered'
  AND NOT EXISTS (SELECT FROM workflow_contact c WHERE 'case:' || c.case_id = e.stream AND c.number = e.number) {}
"""
HISTORIES = """
SELECT t.tgrelid::regclass::text, encode(t.tgargs, 'escape'),
    (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attnum > 0 AND NOT a.attisdropped)
FROM pg_trigger t WHERE t.tgname = 'history_seal' ORDER BY 1
"""
SEALS = """
SELECT p.stream, p.body::json ->> 'digest' FROM workflow_eventpayload p JOIN workflow_event e ON e.stream = p.stream AND e.number = p.number
WHERE p.stream LIKE %s AND e.kind = 'history.recorded' AND p.body IS NOT NULL
"""


def check_stages(case: object | None = None) -> Iterator[Finding]:
    """Cases whose stage or count of events is another than their log's."""
    only, values = ("", []) if case is None else ("WHERE c.id = %s", [case])
    for rows in fetched(STAGES.format(only), values):
        for pk, stage, count, number, sealed in rows:
            wrong = [f"stage {stage or '-'}, log {sealed or '-'}"] if stage != sealed else []
            wrong += [f"event_number {count}, log {number}"] if count != number else []
            if wrong:
                yield Finding("stage", f"workflow_case ({pk})", "; ".join(wrong), f"case:{pk}", number)


def check_contacts(case: object | None = None) -> Iterator[Finding]:
    """Contacts whose times or code are not those of their event, and events whose contact is gone."""
    only, values = ("", []) if case is None else ("WHERE c.case_id = %s", [case])
    for rows in fetched(CONTACTS.format(only), values):
        for case_id, number, pk, recorded, occurred, code, sealed, claimed, leaf in rows:
            wrong = [] if recorded == sealed else ["recorded_at"]
            wrong += [] if occurred == claimed else ["occurred_at"]
            wrong += (
                []
                if leaf is not None and code == base64.b32encode(bytes(leaf)).decode()[: len(code)]
                else ["receipt_code"]
            )
            if wrong:
                yield Finding(
                    "contact", f"workflow_contact ({pk})", ", ".join(wrong), f"case:{case_id}", number
                )
    only, values = ("", []) if case is None else ("AND e.stream = %s", [f"case:{case}"])
    for stream, number in rows_of(LOST_CONTACTS.format(only), values):
        yield Finding("contact", f"workflow_event ({stream}, {number})", "no row", stream, number)


def check_histories() -> Iterator[Finding | int]:
    """Versions of rows (django-simple-history): as many as were sealed, each with the digest that was sealed."""
    for done, (table, arguments, columns) in enumerate(rows_of(HISTORIES), 1):
        base, key = arguments.split("\\000")[:2]
        yield from _history(table, base, key, columns)
        yield done


def _history(table: str, base: str, key: str, columns: list[str]) -> Iterator[Finding]:
    sealed: dict[str, list[str]] = {}
    for rows in fetched(SEALS, [f"history:{base}:%"]):
        for stream, digest in rows:
            sealed.setdefault(stream, []).append(digest)
    name = connection.ops.quote_name
    query = f"SELECT h.{name(key)}::text, h.history_id::text, to_jsonb(h)::text FROM {table} h ORDER BY h.history_id"  # noqa: S608 - the catalogue's names
    for rows in fetched(query):
        for value, history_id, text in rows:
            stream = f"history:{base}:{value}"
            mine = sealed.get(stream, [])
            digest = hashlib.sha256(text.encode()).hexdigest()
            found = digest if digest in mine else _older(table, history_id, columns, mine)
            if found is None:
                yield Finding("history", f"{table} ({history_id})", "changed or added past the seal", stream)
            else:
                mine.remove(found)
    for stream, left in sealed.items():
        if left:
            yield Finding(
                "history",
                f"{table} ({stream.rpartition(':')[2]})",
                f"{len(left)} sealed versions gone or changed",
                stream,
            )


def _older(table: str, history_id: str, columns: list[str], sealed: list[str]) -> str | None:
    """The seal of this row from before the table's last columns were added: they stand last, and a digest without them may fit."""
    for kept in range(len(columns) - 1, 4, -1):
        query = f"SELECT (to_jsonb(h) - %s::text[])::text FROM {table} h WHERE h.history_id = %s"  # noqa: S608 - the catalogue's names
        text = rows_of(query, [columns[kept:], history_id])[0][0]
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest in sealed:
            return digest
    return None
