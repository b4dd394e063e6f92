"""Stories told by the log, their verification, and law beside the work."""

import pytest
from django.db import connection
from django.urls import reverse

from integrity.models import Flag
from tests.integrity.conftest import DAY, MONDAY, contact
from workflow.models import Clause, Event, EventPayload


def own_stream(user):
    return [
        (e.kind, EventPayload.objects.get(stream=e.stream, number=e.number).data)
        for e in Event.objects.filter(stream=f"integrity:{user.pk}")
    ]


def test_a_story_tells_every_event_with_both_times_and_who(client, cast, late_case):
    contact(cast, recorded=MONDAY + 5 * DAY, phone="13900000001")
    client.force_login(cast["zhenglin"])
    page = client.get(reverse("integrity:story", args=[late_case.pk]))
    assert [line.event.number for line in page.context["lines"]] == [1, 2]
    text = page.content.decode()
    for words in (
        "2026-03-06 10:00:",
        "2026-03-02 10:00",
        "王敏",
        page.context["lines"][0].chapter.hash_prefix,
    ):
        assert words in text


def test_reading_a_story_is_itself_recorded(client, cast, late_case):
    client.force_login(cast["zhenglin"])
    client.get(reverse("integrity:story", args=[late_case.pk]))
    assert own_stream(cast["zhenglin"]) == [("audit.case_read", {"case": str(late_case.pk)})]


def test_reading_changes_nothing_on_the_case(client, cast, late_case):
    client.force_login(cast["zhenglin"])
    client.get(reverse("integrity:story", args=[late_case.pk]))
    client.post(reverse("integrity:story_verify", args=[late_case.pk]))
    assert Event.objects.filter(stream=late_case.stream).count() == 1
    assert not Flag.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_verification_says_in_words_that_all_events_verify(client, cast, late_case, headers):
    client.force_login(cast["zhenglin"])
    page = client.post(reverse("integrity:story_verify", args=[late_case.pk]), headers=headers)
    assert "1 条全部验证通过" in page.content.decode()
    assert own_stream(cast["zhenglin"])[0][1] == {"case": str(late_case.pk), "events": 1, "faults": []}


def test_an_erased_payload_still_verifies_and_is_said_to_be_erased(client, cast, late_case, monkeypatch):
    monkeypatch.setattr("integrity.selectors.stories.EventPayload.objects", Erased())
    client.force_login(cast["zhenglin"])
    assert (
        "依法删除"
        in client.post(
            reverse("integrity:story_verify", args=[late_case.pk]), headers={"HX-Request": "true"}
        ).content.decode()
    )


class Erased:
    """Payloads as the erasure role would leave them; the application's own role can't."""

    def filter(self, **kwargs):
        return [EventPayload(stream=kwargs["stream"], number=1, salt=None, body=None)]


def test_cases_are_found_by_number(client, cast, late_case):
    client.force_login(cast["zhenglin"])
    address = reverse("integrity:stories")
    found = client.get(address, {"q": f" {late_case.contact_no.lower()} "})
    assert [case.pk for case in found.context["page"]] == [late_case.pk]
    assert not client.get(address, {"q": "L0"}).context["page"].object_list
    assert client.get(address, {"office": "x", "stage": "nonsense"}).status_code == 200


def test_law_is_open_to_officers_with_how_far_it_was_confirmed(client, cast):
    client.force_login(cast["wangmin"])
    text = client.get(reverse("integrity:law")).content.decode()
    assert Clause.objects.get(code="supervision_2009_time").title_zh in text
    assert "条款号待核" in text
    assert "来源：转载件，待核" in text


def test_law_is_not_for_customers(client, cast):
    client.force_login(cast["zhanghaitang"])
    assert client.get(reverse("integrity:law")).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_case(
    client, cast, late_case, django_assert_max_num_queries
):
    client.force_login(cast["zhenglin"])
    for n in range(4):
        contact(cast, recorded=MONDAY + (5 + n) * DAY, phone="13900000001")
    with django_assert_max_num_queries(40):
        client.get(reverse("integrity:story", args=[late_case.pk]))
    assert connection.vendor == "postgresql"
