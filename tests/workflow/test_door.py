"""The door: one of many wins, a repeat changes nothing, a refusal is a sentence, and a long history costs nothing."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.workflow.world import MATCHING, TO_SCHEME, TO_SURVEY, PlainSubject, limit, stage
from workflow import actions, policies
from workflow.events import append, name_actor
from workflow.models import (
    Case,
    Contact,
    Deadline,
    Event,
    EventPayload,
    IdempotencyKey,
    Outcome,
    Pause,
    Task,
    TaskHolder,
)
from workflow.selectors.rules import nodes_of, rules
from workflow.selectors.situations import situation_of
from workflow.services.contacts import FirstContact, register_contact, resolve_contact
from workflow.transitions import KeyReused, Refused, Repeated, Stale, act, open_case

STATEMENTS = 18


def events_of(subject):
    return Event.objects.filter(stream=subject.case.stream).count()


def at_once(n, work):
    """Run `work(number)` in n threads that start together; answers with what each came to."""
    gate, results = threading.Barrier(n), []

    def run(number):
        gate.wait()
        try:
            results.append(work(number))
        except Exception as failure:  # noqa: BLE001 - what each came to is the result
            results.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_wins_and_seven_get_a_sentence(lasting_world):
    subject = lasting_world.case()
    contact = Contact.objects.get(case=subject.case)
    results = at_once(
        8,
        lambda n: resolve_contact(
            contact, outcome=Outcome.REFERRED, reason="", by=lasting_world.clerk, version=1, key=f"k{n}"
        ),
    )
    won = [r for r in results if not isinstance(r, Exception)]
    lost = [r for r in results if isinstance(r, Refused)]
    assert (len(won), len(lost)) == (1, 7), results
    assert all(refusal.sentence for refusal in lost)
    assert Event.objects.filter(stream=subject.case.stream, kind="contact.resolved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_key_eight_times_at_once_is_one_contact_and_one_answer(lasting_world):
    first = FirstContact(
        channel="hall", phone="13800000001", need="店铺", place="柳埠", category="new_supply.lv_other"
    )
    results = at_once(8, lambda _n: register_contact(first, by=None, key="same"))
    assert not [r for r in results if isinstance(r, Exception)], results
    assert len({r.contact.pk for r in results}) == 1
    assert sorted(r.repeated for r in results) == [False] + [True] * 7
    assert Case.objects.count() == Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_act_with_one_key_eight_times_at_once_is_done_once(lasting_world):
    subject = lasting_world.submitted()

    def accept(_n):
        with act(PlainSubject(subject.case), "accept", by=lasting_world.clerk, key="one") as a:
            pass
        return a.done

    results = at_once(8, accept)
    repeated = [r.done for r in results if isinstance(r, Repeated)]
    (done,) = [r for r in results if not isinstance(r, Exception)]
    assert len(repeated) == 7, results
    assert {(r.stream, r.number) for r in repeated} == {(done.stream, done.number)}


@pytest.mark.django_db
def test_key_under_another_body_is_refused(world):
    subject = world.submitted()
    world.do(subject, "accept", "clerk", key="k", data={"a": 1})
    with pytest.raises(KeyReused):
        world.do(subject, "accept", "clerk", key="k", data={"a": 2})
    with pytest.raises(Repeated) as again:
        world.do(subject, "accept", "clerk", key="k", data={"a": 1})
    assert again.value.done.repeated
    assert IdempotencyKey.objects.filter(key="k").count() == 1


@pytest.mark.django_db
def test_key_belongs_to_one_case_and_one_person(world):
    one, two = world.submitted(), world.submitted()
    world.do(one, "accept", "clerk", key="k")
    done = world.do(two, "accept", "clerk", key="k")
    assert (done.case_id, stage(two)) == (two.case.pk, "SURVEY")


@pytest.mark.django_db
def test_contact_sent_twice_is_one_contact(world):
    first = FirstContact(
        channel="hall", phone="13800000001", need="店铺", place="柳埠", category="new_supply.lv_other"
    )
    one = register_contact(first, by=None, key="k", scope="browser")
    two = register_contact(first, by=None, key="k", scope="browser")
    assert (two.contact.pk, two.repeated) == (one.contact.pk, True)
    three = register_contact(first, by=None, key="k2", scope="browser")
    assert (three.case, three.contact.pk == one.contact.pk) == (one.case, False)


@pytest.mark.django_db
def test_stale_form_is_refused_and_nothing_changes(world):
    subject = world.walk(world.submitted(), *TO_SURVEY)
    shown = Task.objects.get(case=subject.case, node_code="survey").version
    before = events_of(subject)
    with pytest.raises(Stale):
        world.do(subject, "record_survey", "surveyor", version=shown + 1)
    assert events_of(subject) == before
    world.do(subject, "record_survey", "surveyor", version=shown)
    assert stage(subject) == "SCHEME"


@pytest.mark.django_db
def test_what_fails_in_the_body_leaves_nothing(world):
    subject = world.submitted()
    before = events_of(subject)
    with pytest.raises(ZeroDivisionError), world.act(subject, "accept", "clerk", key="k"):
        raise ZeroDivisionError
    assert (events_of(subject), stage(subject)) == (before, "INTAKE")
    world.do(subject, "accept", "clerk", key="k")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "who", "says"),
    [
        ("record_survey", "surveyor", "须先完成"),
        ("accept", "surveyor", "受理员"),
        ("accept", "neighbour", "受理员"),
        ("archive", "archivist", "须先完成"),
    ],
)
def test_refusals_say_what_is_missing(world, name, who, says):
    subject = world.submitted()
    with pytest.raises(Refused, match=says):
        world.do(subject, name, who)


@pytest.mark.django_db
def test_certificate_post_hands_and_separation_block(world):
    subject = world.walk(world.submitted(), *TO_SURVEY)
    with pytest.raises(Refused, match="责任单位"):
        world.do(subject, "record_survey", "neighbour")
    world.people["surveyor"].certificates.update(
        revoked_at=timezone.now() - dt.timedelta(days=2), revoked_by=world.supervisor, revoke_reason="test"
    )
    with pytest.raises(Refused, match="证书"):
        world.do(subject, "record_survey", "surveyor")


@pytest.mark.django_db
def test_claim_in_the_future_is_a_slip(world):
    subject = world.submitted()
    with pytest.raises(Refused, match="晚于现在"):
        world.do(subject, "accept", "clerk", occurred_at=timezone.now() + dt.timedelta(minutes=6))
    world.do(subject, "accept", "clerk", occurred_at=timezone.now() + dt.timedelta(minutes=4))


@pytest.mark.django_db
def test_fact_is_recorded_once_a_round(world):
    subject = world.walk(world.submitted(), *TO_SCHEME, ("draft_scheme", "planner"))
    with pytest.raises(Refused, match="更正"):
        world.do(subject, "draft_scheme", "planner")


@pytest.mark.django_db
def test_payload_is_what_the_body_says_and_never_the_form(world):
    subject = world.submitted()
    with world.act(subject, "accept", "clerk", data={"name": "王小明"}) as a:
        a.data["count"] = 3
    payload = EventPayload.objects.get(stream=subject.case.stream, number=a.done.number)
    assert payload.data == {"count": 3}


@pytest.mark.django_db
def test_whoever_acts_on_a_task_has_taken_it_and_whoever_was_assigned_it_holds_it_once(world):
    subject = world.walk(world.submitted(), *TO_SURVEY)
    task = Task.objects.get(case=subject.case, node_code="survey")
    TaskHolder.objects.create(task=task, user=world.surveyor, since_at=timezone.now())
    world.do(subject, "record_survey", "surveyor")
    assert TaskHolder.objects.filter(task=task).count() == 1
    acceptance = Task.objects.get(case=subject.case, node_code="acceptance")
    assert list(acceptance.holders.values_list("user__username", flat=True)) == ["clerk"]
    assert acceptance.taken_at is not None


@pytest.mark.django_db
def test_opening_without_a_key_and_with_one(world):
    with open_case(by=world.clerk, key="a") as opening:
        case = Case(contact_no="L-1", office=world.station)
        opening.begin(case, "contact.registered", stage="CONTACT", matching=MATCHING)
    with pytest.raises(Repeated) as again, open_case(by=world.clerk, key="a"):
        pytest.fail("the body must not run again")
    assert again.value.done.case_id == case.pk


# --- what it costs ------------------------------------------------------------------------------------------------


def statements(subject, name, who):
    """What an act asks of the database once the rules in force have been read, which happens once per process."""
    nodes_of(subject.case.route_version_id, rules().stamp)
    with CaptureQueriesContext(connection) as seen, act(subject, name, by=who):
        pass
    return [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def lived_in(subject, world):
    """Thirty tasks done, thirty clocks stopped, thirty pauses ended, three thousand events."""
    node = world.version.nodes.get(code="survey")
    done = timezone.now()
    extra = {"office": world.station, "doer": "officer", "opened_at": done, "opened_number": 1}
    Task.objects.bulk_create(
        Task(
            case=subject.case,
            node=node,
            node_code="survey",
            round=50 + n,
            outcome="superseded",
            current=False,
            **extra,
        )
        for n in range(30)
    )
    rule = limit("node_x", scope="node", node="x")
    Deadline.objects.bulk_create(
        Deadline(case=subject.case, limit=rule, node_code="x", round=n, started_at=done, stopped_at=done)
        for n in range(30)
    )
    Pause.objects.bulk_create(
        Pause(
            case=subject.case, reason_id="idle", began_at=done, began_number=1, ended_at=done, ended_number=2
        )
        for _n in range(30)
    )
    name_actor("a:test")
    for _n in range(3000):
        append(subject.case.stream, "contact.registered")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "who", "before"), [("accept", "clerk", ()), ("record_survey", "surveyor", TO_SURVEY)]
)
def test_an_act_costs_the_same_whatever_the_case_has_been_through(world, name, who, before):
    limit("intake", start_kinds=["contact.registered"], stop_kinds=["application.accepted"])
    limit("total", start_kinds=["application.accepted"], stop_kinds=["source.energised"])
    limit("node_scheme", scope="node", node="scheme")
    young, old = world.walk(world.submitted(), *before), world.walk(world.submitted(), *before)
    lived_in(old, world)
    connection.check_constraints()  # so that none is left to be checked within the act
    few, many = statements(young, name, world.people[who]), statements(old, name, world.people[who])
    assert len(many) == len(few), "\n".join(many)
    assert len(few) <= STATEMENTS, "\n".join(few)


@pytest.mark.django_db
def test_policies_ask_nothing_of_the_database(world, django_assert_num_queries):
    subject = world.walk(world.submitted(), *TO_SURVEY)
    situation = situation_of(subject, world.surveyor)
    with django_assert_num_queries(0):
        answers = {
            action.name: policies.why_not(situation.before(action, {"approved_by": str(uuid.uuid4())}))
            for action in actions.all_actions()
        }
        for task in situation.tasks:
            policies.why_not_take(situation, task)
            policies.why_not_be_given(situation, task)
    assert answers["record_survey"] is None
    assert answers["accept"]


@pytest.mark.django_db
def test_every_event_kind_of_an_act_is_a_code_and_no_translation():
    """eBau keyed its analytics on translated text."""
    assert all(kind.isascii() and "." in kind for kind in actions.all_event_kinds())
    assert all(str(value).isascii() for value in Outcome.values)
