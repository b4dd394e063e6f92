"""The chain check: an honest stream verifies, and every way of tampering with it is named."""

import dataclasses
import datetime as dt
import hashlib
import json
from types import SimpleNamespace

import pytest

from integrity.ledger.chain import header_of, leaf_of, verify
from integrity.selectors.stories import verdict
from tests.integrity.conftest import DAY, MONDAY, contact
from workflow.models import Event


@dataclasses.dataclass
class Row:
    number: int
    previous_hash: bytes = bytes(32)
    stream: str = "case:x"
    kind: str = "task.taken"
    actor: str = "a:1"
    recorded_at: dt.datetime = MONDAY
    occurred_at: dt.datetime | None = None
    captured_at: dt.datetime | None = None
    nonce_at: dt.datetime | None = None
    via: str | None = None
    behalf: str | None = None
    device: str | None = None
    station: str | None = None
    state_from: str | None = None
    state_to: str | None = None
    task_node: str | None = None
    task_round: int | None = None
    documents: list[str] | None = None
    payload_digest: str = ""
    header: bytes = b""
    leaf_hash: bytes = b""


def chain(count=4):
    rows, payloads, previous = [], {}, bytes(32)
    for number in range(1, count + 1):
        payload = SimpleNamespace(salt=bytes([number]) * 32, body=json.dumps({"n": number}))
        row = Row(number, previous)
        row.payload_digest = hashlib.sha256(payload.salt + payload.body.encode()).hexdigest()
        seal(row)
        rows.append(row)
        payloads[number] = payload
        previous = row.leaf_hash
    return rows, payloads


def seal(row):
    row.header = header_of(row)
    row.leaf_hash = leaf_of(row.header)


def found(rows, payloads, head=None):
    return [(fault.what, fault.number) for fault in verify(rows, payloads, head=head).faults]


def test_an_honest_chain_holds():
    rows, payloads = chain()
    result = verify(rows, payloads, head=(4, rows[-1].leaf_hash))
    assert result.holds
    assert (result.total, result.erased) == (4, 0)


def test_an_edited_column_is_seen():
    rows, payloads = chain()
    rows[1].recorded_at -= DAY
    assert found(rows, payloads) == [("header", 2)]


def test_an_edited_header_is_seen():
    rows, payloads = chain()
    rows[1].kind = "task.assigned"
    rows[1].header = header_of(rows[1])
    assert found(rows, payloads) == [("leaf", 2)]


def test_an_event_sealed_anew_breaks_the_link_to_the_next():
    rows, payloads = chain()
    rows[1].kind = "task.assigned"
    seal(rows[1])
    assert found(rows, payloads) == [("link", 3)]


def test_an_edited_payload_is_seen():
    rows, payloads = chain()
    payloads[3].body = json.dumps({"n": 9})
    assert found(rows, payloads) == [("payload", 3)]


def test_an_erased_payload_is_no_fault():
    rows, payloads = chain()
    payloads[3].body = payloads[3].salt = None
    result = verify(rows, payloads)
    assert result.holds
    assert result.erased == 1


def test_a_payload_that_is_simply_gone_is_one():
    rows, payloads = chain()
    del payloads[3]
    assert found(rows, payloads) == [("payload", 3)]


@pytest.mark.parametrize(("gone", "expected"), [(0, ("missing", 1)), (1, ("missing", 2))])
def test_a_removed_event_is_seen(gone, expected):
    rows, payloads = chain()
    del rows[gone]
    assert expected in found(rows, payloads)


def test_two_events_swapped_are_seen():
    rows, payloads = chain()
    rows[1], rows[2] = rows[2], rows[1]
    assert found(rows, payloads)


def test_a_cut_end_is_seen_against_the_head():
    rows, payloads = chain()
    last = rows.pop()
    assert found(rows, payloads) == []
    assert found(rows, payloads, head=(4, last.leaf_hash)) == [("end", 4)]


def test_a_stream_replaced_as_a_whole_is_seen_against_the_head():
    rows, _payloads = chain()
    assert found([], {}, head=(4, rows[-1].leaf_hash)) == [("end", 4)]


def test_what_the_database_sealed_verifies(cast):
    registered = contact(cast, claimed=MONDAY - DAY, papers=True)
    contact(cast, recorded=MONDAY + DAY)
    result = verdict(registered.case.stream)
    assert result.holds
    assert result.total == Event.objects.filter(stream=registered.case.stream).count() == 2
