"""The seal: what the database wrote can be rebuilt byte for byte by anybody with RFC 8785 and SHA-256."""

import datetime as dt
import hashlib
import unicodedata
import uuid

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflow.events import Circumstance, append, canonical, name_actor
from workflow.models import Event, EventPayload, Outbox

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)
SHORT = TEXT.map(lambda text: text[:8]) | st.none()
MOMENTS = st.integers(0, 2**32).map(lambda seconds: dt.datetime.fromtimestamp(seconds / 7, dt.UTC))
ZERO = "0" * 64


def moment(value):
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def header_of(event, previous):
    """The header's bytes from its columns, as a stranger would build them from the format's description."""
    return rfc8785.dumps(
        {
            "actor": event.actor,
            "at": moment(event.recorded_at),
            "behalf": event.behalf,
            "captured": moment(event.captured_at),
            "claimed": moment(event.occurred_at),
            "dev": event.device,
            "doc": event.documents,
            "kind": event.kind,
            "n": event.number,
            "nonce": moment(event.nonce_at),
            "payload": event.payload_digest,
            "prev": previous,
            "state": [event.state_from, event.state_to] if event.state_to else None,
            "station": event.station,
            "stream": event.stream,
            "task": [event.task_node, event.task_round] if event.task_node is not None else None,
            "v": "tongdian-event/1",
            "via": event.via,
        }
    )


def chain(stream):
    return list(Event.objects.filter(stream=stream).order_by("number"))


def assert_sealed(events):
    previous = ZERO
    for number, event in enumerate(events, 1):
        assert event.number == number
        assert bytes(event.header) == header_of(event, previous)
        assert hashlib.sha256(b"\0" + bytes(event.header)).digest() == bytes(event.leaf_hash)
        assert bytes(event.previous_hash).hex() == previous
        previous = bytes(event.leaf_hash).hex()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actor=TEXT.filter(bool),
    how=st.builds(Circumstance, via=SHORT, behalf=SHORT, device=SHORT, station=SHORT, captured_at=st.none() | MOMENTS),
    documents=st.none() | st.lists(TEXT, max_size=3),
    task=st.none() | st.tuples(TEXT.filter(bool), st.integers(1, 9)),
    data=st.dictionaries(st.text("abc_", max_size=5), st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT, max_size=4),
)  # fmt: skip
def test_header_payload_and_chain_can_be_rebuilt(actor, how, documents, task, data):
    stream = f"system:{uuid.uuid4()}"
    name_actor(actor)
    for _time in range(2):
        append(stream, "system.created", data=data, circumstance=how, documents=documents, task=task)
    events = chain(stream)
    assert_sealed(events)
    assert {event.actor for event in events} == {actor}
    for payload in EventPayload.objects.filter(stream=stream):
        assert payload.body.encode() == rfc8785.dumps(data)
        digest = hashlib.sha256(bytes(payload.salt) + payload.body.encode()).hexdigest()
        assert digest == next(e.payload_digest for e in events if e.number == payload.number)


def test_streams_do_not_touch_each_other():
    one, two = f"system:{uuid.uuid4()}", f"system:{uuid.uuid4()}"
    for stream in (one, two, one, two, one):
        append(stream, "system.created")
    assert [len(chain(one)), len(chain(two))] == [3, 2]
    assert_sealed(chain(one))
    assert_sealed(chain(two))


def test_a_cases_walk_is_sealed_with_its_stages(world):
    subject = world.walk(world.submitted(), ("accept", "clerk"), ("record_survey", "surveyor"))
    events = chain(subject.case.stream)
    assert_sealed(events)
    moved = [(e.kind, e.state_from, e.state_to) for e in events if e.state_to]
    assert moved == [
        ("contact.registered", None, "CONTACT"),
        ("application.started", "CONTACT", "DRAFT"),
        ("application.submitted", "DRAFT", "INTAKE"),
        ("application.accepted", "INTAKE", "SURVEY"),
        ("survey.recorded", "SURVEY", "SCHEME"),
    ]
    assert events[-1].task_node == "survey"


def test_every_event_leaves_one_row_in_the_outbox():
    stream = f"system:{uuid.uuid4()}"
    done = append(stream, "system.created")
    assert list(Outbox.objects.filter(stream=stream).values_list("number", "kind")) == [
        (done.number, "system.created")
    ]


def test_same_payload_has_another_digest_each_time():
    """The salt hides values that could be guessed."""
    stream = f"system:{uuid.uuid4()}"
    append(stream, "system.created", data={"a": 1})
    append(stream, "system.created", data={"a": 1})
    one, two = chain(stream)
    assert one.payload_digest != two.payload_digest


def test_canonical_text_takes_no_floats_and_orders_sets():
    with pytest.raises(TypeError):
        canonical({"a": 1.5})
    assert canonical({"b": {"z", "y", "x"}, "a": "e\u0301"}) == '{"a":"é","b":["x","y","z"]}'
