"""What the application may not do is impossible for it: tried as the application's own role, past all code."""

import uuid
from contextlib import closing

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from tests.conftest import _on
from tests.workflow.world import TO_SURVEY, stage
from workflow.events import append
from workflow.models import Case, Contact, Deadline, DeadlineRung, Event, EventPayload, RulesStamp, StreamHead
from workflow.models.event import ReadOnly
from workflow.relay import relay
from workflow.services.clocks import pause, resume

pytestmark = pytest.mark.django_db


def run(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement, *values, match=None):
    with pytest.raises(DatabaseError, match=match):
        run(statement, *values)


def test_we_are_the_application_and_no_more():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, rolsuper FROM pg_roles WHERE rolname = session_user")
        assert cursor.fetchone() == ("tongdian_app", False)


@pytest.mark.parametrize(
    "table", ["workflow_event", "workflow_eventpayload", "workflow_streamhead", "workflow_deployment"]
)
def test_sealed_tables_are_not_changed_deleted_or_emptied(table):
    append("system:x", "system.created")
    column = {"workflow_eventpayload": "body", "workflow_event": "kind"}.get(
        table, "number" if "head" in table else "kind"
    )
    refused(f"UPDATE {table} SET {column} = {column}", match="permission denied|refused")
    refused(f"DELETE FROM {table}", match="permission denied|refused")
    refused(f"TRUNCATE {table}", match="permission denied|refused")


def test_nobody_brings_their_own_time_number_or_hash():
    for column, value in (
        ("recorded_at", "now()"),
        ("number", "7"),
        ("actor", "'a:x'"),
        ("leaf_hash", r"'\x00'"),
        ("header", r"'\x00'"),
    ):
        refused(
            f"INSERT INTO workflow_event (stream, kind, payload_digest, {column}) VALUES ('system:x', 'system.created', 'd', {value})",
            match="permission denied",
        )


def test_triggers_can_not_be_switched_off():
    refused("SET session_replication_role = replica")
    refused("ALTER TABLE workflow_event DISABLE TRIGGER ALL")
    refused("SELECT workflow_append('system:x', 'system.created', '{}')", match="permission denied")


def test_actor_without_the_door_is_the_role():
    append("system:x", "system.created")
    assert Event.objects.get(stream="system:x").actor == "db:tongdian_app"


def test_event_model_writes_nothing():
    with pytest.raises(ReadOnly):
        Event(stream="system:x", number=1).save()
    with pytest.raises(ReadOnly):
        EventPayload(stream="system:x", number=1).delete()
    with pytest.raises(ProgrammingError):
        Event.objects.bulk_create([Event(stream="system:x", number=1, kind="x")])


def test_stage_is_not_written_past_the_log(world):
    """BOPS, manage.get.gov: a queryset's update() skips transition and audit."""
    subject = world.case()
    for change in ({"stage": "ARCHIVED"}, {"event_number": 9}):
        with pytest.raises(DatabaseError, match="by its events alone"), transaction.atomic():
            Case.objects.filter(pk=subject.case.pk).update(**change)
    assert stage(subject) == "CONTACT"


def test_case_is_not_deleted_and_the_attempt_is_recorded(world):
    """Open Zaak: deleting a case deleted its audit."""
    subject = world.case()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workflow_case WHERE id = %s", [subject.case.pk])
        assert cursor.rowcount == 0
    assert Case.objects.filter(pk=subject.case.pk).exists()
    assert Event.objects.filter(stream=subject.case.stream).last().kind == "case.delete_attempted"
    refused("TRUNCATE workflow_case CASCADE")


def test_case_without_an_event_is_refused(world):
    Case(contact_no="L-none", office=world.station).save(force_insert=True)
    with pytest.raises(IntegrityError, match="begins with an event"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.needs_rollback = True


def test_event_from_another_stage_than_the_case_is_in_is_refused(world):
    subject = world.case()
    with (
        pytest.raises(IntegrityError, match="moves from SURVEY, but the case is in CONTACT"),
        transaction.atomic(),
    ):
        append(subject.case.stream, "survey.recorded", states=("SURVEY", "SCHEME"))
    with pytest.raises(IntegrityError, match="does not exist"), transaction.atomic():
        append(f"case:{uuid.uuid4()}", "survey.recorded")
    with pytest.raises(IntegrityError, match="Only a case"), transaction.atomic():
        append("system:x", "system.created", states=(None, "DRAFT"))


def test_time_is_shifted_in_marked_databases_alone(world, shifted):
    shifted("-5 days")
    early = append("system:x", "system.created")
    shifted("")
    late = append("system:x", "system.created")
    assert (late.recorded_at - early.recorded_at).days == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "mark", ["UPDATE workflow_deployment SET kind = 'production'", "DELETE FROM workflow_deployment"]
)
def test_time_is_not_shifted_in_production_or_where_nobody_said(clones, mark):
    with closing(psycopg2.connect(_on(clones.admin_url, clones.name))) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE workflow_deployment DISABLE TRIGGER USER")
        cursor.execute(mark)
        cursor.execute("SET LOCAL tongdian.shift = '-1 day'")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="demo or test database only"):
            cursor.execute("SELECT ledger_now()")
        owner.rollback()


def test_payload_is_neither_changed_nor_doubled():
    done = append("system:x", "system.created", data={"a": 1})
    refused(
        "UPDATE workflow_eventpayload SET body = '{}' WHERE stream = 'system:x'", match="permission denied"
    )
    refused(
        "INSERT INTO workflow_eventpayload (stream, number, body) VALUES ('system:x', %s, '{}')",
        done.number,
        match="duplicate key",
    )
    refused(
        "INSERT INTO workflow_eventpayload (stream, number, salt, body) VALUES ('system:y', 1, '', '{}')",
        match="belongs to the event that sealed it",
    )


def test_columns_hold_nothing_the_header_does_not_seal(world):
    insert = "INSERT INTO workflow_event (stream, kind, payload_digest, {}) VALUES ('system:x', 'system.created', 'd', {})"
    refused(insert.format("state_from", "'DRAFT'"), match="event_state_whole")
    refused(insert.format("task_node", "'survey'"), match="event_task_whole")
    refused(insert.format("task_round", "1"), match="event_task_whole")


@pytest.mark.parametrize(
    "change",
    [
        "began_at = now()",
        "began_number = 9",
        "reason_id = 'customer_request'",
        "evidence = 'x'",
        "ended_at = now()",
    ],
)
def test_pause_is_ended_once_and_never_changed(world, change):
    subject = world.submitted()
    pause(subject, reason="idle", by=world.clerk)
    resume(subject, reason="idle", by=world.clerk)
    refused(f"UPDATE workflow_pause SET {change}", match="never changed")


@pytest.mark.parametrize("table", ["pause", "taskholder", "task", "deadline"])
def test_who_held_what_and_when_it_stood_still_is_never_forgotten(world, a_limit, table):
    subject = world.walk(world.submitted(), *TO_SURVEY)
    pause(subject, reason="idle", by=world.clerk)
    refused(f"DELETE FROM workflow_{table}", match="what was recorded stays")


def test_rungs_and_contacts_stay(world):
    subject = world.case()
    contact = Contact.objects.get(case=subject.case)
    refused("DELETE FROM workflow_contact WHERE id = %s", contact.pk, match="refused")
    refused(
        "UPDATE workflow_contact SET recorded_at = now() WHERE id = %s", contact.pk, match="is not changed"
    )
    refused(
        "UPDATE workflow_contact SET occurred_at = now() WHERE id = %s", contact.pk, match="is not changed"
    )
    assert Contact.objects.filter(pk=contact.pk).update(outcome="advice") == 1


def test_fired_rung_stays(world, a_limit):
    subject = world.case()
    deadline = Deadline.objects.get(case=subject.case)
    DeadlineRung.objects.create(
        deadline=deadline, rung="due_soon", due_at=deadline.due_at, fired_at=deadline.due_at
    )
    refused("UPDATE workflow_deadlinerung SET fired_at = now()", match="refused")
    refused("DELETE FROM workflow_deadlinerung", match="refused")


def test_rules_stamp_is_the_triggers_alone(a_limit):
    before = RulesStamp.objects.get().stamp
    a_limit.name_en = "other"
    a_limit.save()
    assert RulesStamp.objects.get().stamp != before
    refused("UPDATE workflow_rulesstamp SET stamp = gen_random_uuid()", match="permission denied")


def test_changes_of_staff_are_sealed_without_names(world):
    head = StreamHead.objects.get(stream=f"staff:{world.clerk.pk}")
    world.clerk.display_name = "张三"
    world.clerk.save()
    event = Event.objects.filter(stream=head.stream).last()
    assert (event.kind, event.number) == ("staff.changed", head.number + 1)
    assert "张三" not in EventPayload.objects.get(stream=head.stream, number=event.number).body


def test_history_is_sealed_and_kept(a_limit):
    refused("DELETE FROM workflow_historicallimit", match="refused")
    refused("UPDATE workflow_historicallimit SET name_en = 'x'", match="refused")
    assert (
        Event.objects.filter(stream=f"history:workflow_limit:{a_limit.pk}", kind="history.recorded").count()
        == 1
    )


def test_nothing_of_this_needs_more_than_the_relay_may():
    """The relay deletes outbox rows, and that is all anybody can do to them."""
    append("system:x", "system.created")
    refused("UPDATE workflow_outbox SET kind = 'x'", match="permission denied")
    refused(
        "INSERT INTO workflow_outbox (stream, number, kind) VALUES ('a', 1, 'b')", match="permission denied"
    )
    relay()
    assert Event.objects.filter(stream="system:x").exists()
