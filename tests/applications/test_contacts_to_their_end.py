"""Contacts to their end: advice that the customer objects to, hand-ons, joining; what a clerk and a customer see of it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.services.joining import join_cases
from publicity.models import Notice
from staff.models import Office
from tests.applications.customers import hidden, signed_in, text
from tests.applications.walked import EAST, PHONES, Walk
from tests.publicity.test_notices import hear
from workflow.models import Case, Contact, Deadline, Event, Outcome, Stage
from workflow.services.contacts import (
    FirstContact,
    close_due,
    hand_on_contact,
    link_contact,
    register_contact,
    resolve_contact,
    tell_outcome,
)
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

SOUTH, NEW = "37010202", "37010203"
PHONE = "13900000077"


@pytest.fixture
def clerk(cast):
    return signed_in(cast["wangmin"])


def contact_of(cast, *, phone=PHONE, place="海棠路 18 号", channel="hall", office=EAST, **more) -> Contact:
    first = FirstContact(
        channel=channel, phone=phone, name="钱某", need="新开店用电", place=place, category="new_supply.lv_other",
        office_code=office, **more,
    )  # fmt: skip
    return register_contact(first, by=cast["wangmin"]).contact


def events_of(case) -> list[str]:
    return list(Event.objects.filter(stream=case.stream).order_by("number").values_list("kind", flat=True))


def post(client, url, **values):
    """Send the form as it is shown, with these values."""
    page = client.get(url)
    assert page.status_code == 200, text(page)
    sent = {name: hidden(page, name) for name in ("key", "version") if f'name="{name}" value=' in text(page)}
    return client.post(url, sent | values)


def tell(clerk, contact, outcome="advice", reason="居民用电可网上办理，已说明材料"):
    return post(clerk, reverse("contact_resolve", args=[contact.pk, outcome]), reason=reason)


# --- advice -----------------------------------------------------------------------------------------------------------


def test_the_customer_is_told_before_a_contact_ends_as_advice(cast, clerk):
    contact = contact_of(cast)
    assert tell(clerk, contact).status_code == 302
    contact.refresh_from_db()
    closing = contact.closings.get()
    assert (contact.outcome, contact.case.stage) == ("", Stage.CONTACT)
    assert closing.takes_effect_at > closing.told_at + dt.timedelta(days=1)
    assert closing.told_by == cast["wangmin"]
    assert close_due().effective == 0
    hear()
    notice = Notice.objects.get(kind="contact_told")
    assert reverse("want", args=[contact.short_key]) in notice.body
    assert len(notice.body) <= 140


def test_our_own_limit_stops_with_the_written_answer_and_begins_anew_with_the_objection(cast, clerk):
    contact = contact_of(cast)
    tell(clerk, contact)
    clocks = Deadline.objects.filter(case=contact.case, limit__code="intake").order_by("round")
    assert [clock.stop_reason for clock in clocks] == ["contact.told"]
    Client().post(reverse("want", args=[contact.receipt_key]), {"key": "k1"})
    assert [clock.running for clock in clocks.all()] == [False, True]


def test_advice_objected_to_by_the_customer_goes_back_to_work(cast, clerk):
    contact = contact_of(cast)
    tell(clerk, contact)
    customer = Client()
    page = customer.get(reverse("want", args=[contact.receipt_key]))
    assert "我要办理" in text(page)
    assert "居民用电可网上办理" in text(page)
    assert events_of(contact.case)[-1] == "contact.told", "looking changes nothing"
    answer = customer.post(reverse("want", args=[contact.receipt_key]), {"key": hidden(page)})
    assert answer.status_code == 302
    closing = contact.closings.get()
    assert closing.objected_at
    assert not closing.pending
    contact.refresh_from_db()
    assert contact.outcome == ""
    assert "我要办理" in text(clerk.get(reverse("case", args=[contact.case_id])))
    # pressed twice it is one objection; and the clerk can't let it end by waiting
    customer.post(reverse("want", args=[contact.receipt_key]), {"key": hidden(page)})
    assert events_of(contact.case).count("contact.objected") == 1
    assert close_due().effective == 0
    # it goes on like any other contact
    assert clerk.get(reverse("contact_apply", args=[contact.case_id])).status_code == 200


def test_unanswered_it_takes_effect_by_itself_and_answers_the_case(cast, clerk, monkeypatch):
    contact = contact_of(cast)
    tell(clerk, contact)
    closing = contact.closings.get()
    monkeypatch.setattr(
        "workflow.services.contacts.closing.ledger_now",
        lambda: closing.takes_effect_at + dt.timedelta(minutes=1),
    )
    assert close_due().effective == 1
    assert close_due().effective == 0
    contact.refresh_from_db()
    closing.refresh_from_db()
    assert contact.outcome == Outcome.ADVICE
    assert contact.case.stage == Stage.ANSWERED
    assert closing.effective_at
    event = Event.objects.get(stream=contact.case.stream, kind="contact.closed")
    assert event.actor == "system:closing"


def test_after_it_took_effect_there_is_still_a_way(cast, clerk, monkeypatch):
    contact = contact_of(cast)
    tell(clerk, contact)
    due = contact.closings.get().takes_effect_at
    monkeypatch.setattr(
        "workflow.services.contacts.closing.ledger_now", lambda: due + dt.timedelta(minutes=1)
    )
    close_due()
    customer = Client()
    page = customer.get(reverse("want", args=[contact.receipt_key]))
    customer.post(reverse("want", args=[contact.receipt_key]), {"key": hidden(page)})
    case = Case.objects.get(pk=contact.case_id)
    assert case.stage == Stage.CONTACT
    assert case.contacts.count() == 2
    assert case.contacts.latest("number").self_registered
    assert case.first_contact_at == contact.recorded_at


def test_with_papers_left_it_can_never_end_as_advice_nor_as_given_up(cast, clerk):
    contact = contact_of(cast, papers_left=True, papers="身份证复印件")
    for outcome in ("advice", "given-up"):
        response = tell(clerk, contact, outcome)
        assert response.status_code == 409
        assert "材料" in text(response)
        assert "已说明材料" in text(response), "what was typed is kept"
    for outcome in (Outcome.ADVICE, Outcome.GIVEN_UP):
        with pytest.raises(Refused):
            resolve_contact(contact, outcome=outcome, reason="x", by=cast["wangmin"])
    assert not contact.closings.exists()


def test_papers_that_come_while_the_answer_is_awaited_are_an_objection(cast, clerk):
    contact = contact_of(cast)
    tell(clerk, contact)
    contact_of(cast, papers_left=True, papers="房产证")
    assert contact.closings.get().objected_at


def test_an_application_begun_meanwhile_is_an_objection(cast):
    walk = Walk.__new__(Walk)
    contact = contact_of(cast, phone=PHONES["zhanghaitang"])
    tell_outcome(contact, outcome="advice", reason="已说明", by=cast["wangmin"])
    Walk.__init__(walk, cast, "lv_other", capacity=30)
    assert contact.closings.get().objected_at


def test_a_contact_of_an_application_under_way_does_not_end_as_advice(cast, clerk):
    walk = Walk(cast, "lv_other", capacity=30)
    contact = walk.application.case.contacts.first()
    response = tell(clerk, contact)
    assert response.status_code == 409
    assert "申请" in text(response)


def test_the_closed_list_has_a_page_for_each_outcome(cast, clerk):
    contact = contact_of(cast)
    page = text(clerk.get(reverse("contact_outcome", args=[contact.pk])))
    for outcome in ("papers", "advice", "referred", "not-acceptable", "given-up"):
        url = reverse("contact_resolve", args=[contact.pk, outcome])
        assert url in page
        assert clerk.get(url).status_code == 200
    for url in (
        reverse("contact_apply", args=[contact.case_id]),
        reverse("case_join", args=[contact.case_id]),
        reverse("contact_hand_on", args=[contact.pk]),
    ):
        assert url in page
    assert clerk.get(reverse("contact_resolve", args=[contact.pk, "nothing"])).status_code == 404


def test_missing_papers_are_named_at_once_and_stand_on_the_receipt(cast, clerk):
    contact = contact_of(cast)
    url = reverse("contact_resolve", args=[contact.pk, "papers"])
    assert post(clerk, url, reason="").status_code == 422
    assert post(clerk, url, reason="请带原件", papers=["licence", "application_form"]).status_code == 302
    contact.refresh_from_db()
    assert contact.outcome == Outcome.PAPERS
    assert contact.asked_for == ["application_form", "licence"]
    assert contact.case.stage == Stage.CONTACT
    assert "营业执照" in text(Client().get(reverse("receipt", args=[contact.receipt_key])))


def test_not_acceptable_needs_reason_and_clause(cast, clerk):
    contact = contact_of(cast)
    url = reverse("contact_resolve", args=[contact.pk, "not-acceptable"])
    assert post(clerk, url, reason="").status_code == 422
    done = post(clerk, url, reason="不在本公司供电区域", clause="supervision_2009_time")
    assert done.status_code == 302, text(done)
    contact.refresh_from_db()
    assert (contact.outcome, contact.outcome_clause) == (Outcome.NOT_ACCEPTABLE, "supervision_2009_time")
    assert contact.case.stage == Stage.ANSWERED


def test_one_of_two_open_contacts_does_not_answer_the_case(cast):
    contact = contact_of(cast)
    contact_of(cast)
    resolve_contact(contact, outcome=Outcome.REFERRED, reason="转物业", by=cast["wangmin"])
    assert Case.objects.get(pk=contact.case_id).stage == Stage.CONTACT


# --- 95598 ------------------------------------------------------------------------------------------------------------


def test_a_95598_contact_is_handed_on_twice_and_then_joined(cast, clerk):
    mine = contact_of(cast, place="解放路 9 号")
    called = contact_of(cast, phone="13900000088", place="解放路9号", channel="phone95598", office="370102")
    start = Deadline.objects.get(case=called.case, limit__code="intake").started_at
    county = signed_in(cast["chenli"])
    url = reverse("contact_hand_on", args=[called.pk])
    south, east = Office.objects.get(code=SOUTH), Office.objects.get(code=EAST)
    assert post(county, url, to_office=south.pk, reason="按地址归城南").status_code == 302
    assert clerk.get(reverse("case", args=[called.case_id])).status_code == 404, "not ours yet"
    tangli = signed_in(cast["tangli"])
    assert tangli.get(reverse("case", args=[called.case_id])).status_code == 200
    assert post(tangli, url, to_office=east.pk, reason="地址在城东").status_code == 302
    page = text(clerk.get(reverse("case", args=[called.case_id])))
    assert "转办 2 次" in page
    assert "城南供电所" in page
    assert "尚无实际办理" in page
    clock = Deadline.objects.get(case=called.case, limit__code="intake")
    assert clock.running
    assert clock.started_at == start, "handing on gains no time"
    # the same place was asked for before: proposed, joined, the older goes on
    page = clerk.get(reverse("case_join", args=[called.case_id]))
    assert "同一地址" in text(page)
    done = post(
        clerk, reverse("case_join", args=[called.case_id]), other=str(mine.case_id), reason="同一店铺"
    )
    assert done.status_code == 302
    assert str(mine.case_id) in done.url
    called.refresh_from_db()
    assert called.outcome == Outcome.JOINED
    assert Case.objects.get(pk=called.case_id).joined_to_id == mine.case_id
    assert events_of(called.case)[-1] == "contact.linked"
    assert events_of(mine.case)[-1] == "contact.joined"
    assert list(called.hand_ons.values_list("nth", flat=True)) == [1, 2], (
        "both chains and their hand-ons stay"
    )
    page = text(clerk.get(reverse("case", args=[mine.case_id])))
    assert called.case.contact_no[-4:] in page
    # the joined number leads on
    found = Client().post(reverse("track"), {"number": called.case.contact_no, "tail": "0088"})
    assert found.status_code == 200
    assert "找不到" not in text(found)


def test_a_contact_is_not_handed_to_where_it_is_nor_once_there_is_an_application(cast):
    contact = contact_of(cast)
    with pytest.raises(Refused):
        hand_on_contact(contact, to_office=contact.office, reason="x", by=cast["wangmin"])
    walk = Walk(cast, "lv_other", capacity=30)
    with pytest.raises(Refused):
        hand_on_contact(
            walk.application.case.contacts.first(), to_office=Office.objects.get(code=SOUTH), reason="x", by=cast["wangmin"]
        )  # fmt: skip


# --- joining ----------------------------------------------------------------------------------------------------------


def test_the_case_further_along_survives_though_it_is_younger_and_takes_the_earlier_contact(cast):
    older = contact_of(cast, place="海棠路 1 号")
    walk = Walk(cast, "lv_other", capacity=30).accepted()
    case = walk.application.case
    assert older.case.opened_at < case.opened_at
    join_cases(case, older.case, reason="同一处", by=cast["wangmin"])
    case.refresh_from_db()
    assert Case.objects.get(pk=older.case_id).stage == Stage.JOINED
    assert case.stage != Stage.JOINED
    assert case.first_contact_at == older.recorded_at
    wait = Deadline.objects.get(case=case, limit__code="first_contact")
    assert wait.started_at == older.recorded_at


def test_of_two_applications_the_one_further_along_survives_and_the_other_ends_whole(cast, clerk):
    ahead = Walk(cast, "lv_other", capacity=30).accepted()
    behind = Walk(cast, "lv_other", capacity=30)
    url = reverse("case_join", args=[behind.application.case_id])
    done = post(clerk, url, other=str(ahead.application.case_id), reason="重复申请")
    assert done.status_code == 302, text(done)
    behind.application.reload()
    assert (behind.application.state, behind.application.case.stage) == (Stage.JOINED, Stage.JOINED)
    assert behind.application.case.joined_to_id == ahead.application.case_id
    assert not behind.application.case.tasks.filter(outcome="").exists()
    assert not Deadline.objects.filter(
        case=behind.application.case, stopped_at=None, started_at__isnull=False
    ).exists()
    assert Application.objects.get(pk=ahead.application.pk).state != Stage.JOINED


def test_a_case_with_an_application_is_never_swallowed_as_a_bare_contact(cast):
    walk, other = Walk(cast, "lv_other", capacity=30), contact_of(cast)
    with pytest.raises(Refused):
        link_contact(walk.application.case, other.case, reason="x", by=cast["wangmin"])


def test_nobody_joins_to_what_they_may_not_see(cast, clerk):
    here = contact_of(cast)
    there = contact_of(cast, phone="13900000099", place="远方 1 号", office=NEW)
    response = post(
        clerk, reverse("case_join", args=[here.case_id]), number=there.case.contact_no, reason="试"
    )
    assert response.status_code == 422
    assert Case.objects.get(pk=here.case_id).joined_to is None
