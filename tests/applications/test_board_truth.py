"""What boards read equals a plain GROUP BY on the truth: after every act, after a move, after folding, under concurrent writes."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from applications.models import BoardCase, BoardTally
from staff.models import Office
from tests.applications.boards import EAST, SOUTH, bureau, on_that_morning
from workflow.models import Case, Stage
from workflow.services.clocks import pause, resume
from workflow.services.contacts import FirstContact, register_contact

FACES = "SELECT * FROM board_face(ARRAY(SELECT id FROM workflow_case))"
FACTS = """
    SELECT f.measure, f.key, p.office_id, p.category, f.from_date, f.to_date, count(*)
    FROM board_facts(ARRAY(SELECT id FROM workflow_case)) f
    JOIN board_place(ARRAY(SELECT id FROM workflow_case)) p USING (case_id) GROUP BY 1, 2, 3, 4, 5, 6
"""
PLAIN = """
    SELECT c.office_id, c.stage, min(d.due_at) FROM workflow_case c
    LEFT JOIN (SELECT d.* FROM workflow_deadline d JOIN workflow_limit l ON l.id = d.limit_id AND l.holder = 'utility') d
      ON d.case_id = c.id AND d.stopped_at IS NULL AND d.started_at IS NOT NULL
    GROUP BY c.id
"""


def asked(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def told():
    """Tallies as a reader adds them up."""
    keys = ("measure", "key", "office_id", "category", "from_date", "to_date")
    rows = BoardTally.objects.values_list(*keys).annotate(n=Sum("n")).order_by()
    return {row[:-1]: row[-1] for row in rows if row[-1]}


def assert_true():
    """Rows and tallies against the definitions, and rows against a query that shares nothing with them."""
    assert sorted(map(str, asked("SELECT * FROM applications_boardcase"))) == sorted(map(str, asked(FACES)))
    assert told() == {row[:-1]: row[-1] for row in asked(FACTS)}
    ended = {stage.value for stage in Stage} - {
        "CONTACT", "DRAFT", "INTAKE", "SURVEY", "SCHEME", "CONTRACT", "WORKS", "INSPECTION", "CONNECTION", "ARCHIVING",
    }  # fmt: skip
    early = {"CONTACT": "INTAKE", "DRAFT": "INTAKE"}
    plain = [
        (office, early.get(stage, stage), due) for office, stage, due in asked(PLAIN) if stage not in ended
    ]
    rows = list(BoardCase.objects.values_list("office_id", "stage", "due_at"))
    assert sorted(map(str, rows)) == sorted(map(str, plain))


@pytest.mark.django_db
def test_a_bureau_walked_moved_paused_and_folded_is_told_as_it_is(monkeypatch):
    with on_that_morning():
        cast = bureau(monkeypatch, without="hv_single")
        assert_true()
        assert {key[0] for key in told()} == {"due", "power", "stage", "event"}
        case = Case.objects.get(application__supply_class="lv_other", office__code=EAST, stage=Stage.SURVEY)
        pause(
            case.application, reason="awaiting_documents", by=cast["wangmin"], evidence="sha-256:" + 64 * "0"
        )
        assert BoardCase.objects.get(case=case).cause == "paused"
        assert_true()
        resume(case.application, reason="awaiting_documents", by=cast["wangmin"])
        assert_true()
        east, south = Office.objects.get(code=EAST), Office.objects.get(code=SOUTH)
        Case.objects.filter(office=east).update(office=south)
        assert_true()
        assert not any(key[2] == east.pk for key in told())
        lit = Case.objects.filter(stage=Stage.ARCHIVED).first()
        Case.objects.filter(pk=lit.pk).update(first_contact_at=lit.first_contact_at - dt.timedelta(days=30))
        assert_true()
        before, rows = told(), BoardTally.objects.count()
        asked("SELECT board_fold()")
        assert told() == before
        assert BoardTally.objects.count() < rows
        assert_true()


@pytest.mark.django_db
def test_the_application_cannot_write_what_boards_read():
    for table in ("applications_boardcase", "applications_boardtally"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            asked(f"DELETE FROM {table} RETURNING 1")


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_leave_boards_true(monkeypatch):
    """Contacts registered and clocks moved by four threads at once: nothing is lost, nothing counted twice, at any moment looked at."""
    with on_that_morning():
        cast = bureau(monkeypatch, without="hv_single")
    failures: list[BaseException] = []
    busy = threading.Barrier(4)

    def register(n: int) -> None:
        try:
            busy.wait()
            for k in range(4):
                first = FirstContact(
                    channel="hall", phone=f"1990{n}00{k:04d}", need="新装", place="某处", category="new_supply.lv_other", office_code=SOUTH
                )  # fmt: skip
                register_contact(first, by=cast["wangmin"])
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)
        finally:
            connection.close()

    def move(n: int) -> None:
        try:
            busy.wait()
            for _k in range(4):
                asked_to_move = f"UPDATE workflow_deadline SET due_at = due_at + interval '{n} hour' WHERE stopped_at IS NULL RETURNING 1"
                with transaction.atomic():
                    # cases are locked in one order, as everybody who moves many does
                    asked("SELECT id FROM workflow_case ORDER BY id FOR NO KEY UPDATE")
                    asked(asked_to_move)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(n,)) for n, work in enumerate((register, register, move, move), 1)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with transaction.atomic():
            asked("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1")
            assert_true()
    for thread in threads:
        thread.join()
    assert not failures
    assert_true()
