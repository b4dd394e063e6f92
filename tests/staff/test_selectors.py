"""What the register answers, and in how many queries."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from staff.demo import Cast
from staff.models import Absence, Certificate, Competence, Office, Post
from staff.policies import Role
from staff.selectors import authority, offices_within, own_record, people, person, qualified, shortages

TODAY = date(2026, 11, 24)
COUNTY, EAST, NANTANG, YUNXI = "370102", "37010201", "37010204", "37010205"


def test_authority_of_an_officer_in_two_queries(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        found = authority(cast["lijianguo"], TODAY)
    assert found.roles == {Role.SURVEYOR, Role.PLANNER}
    assert found.competences == {"survey_lv", "survey_hv", "scheme_lv", "scheme_hv"}
    assert found.offices == {cast.offices[EAST].pk}
    assert found.posts[0].office_code == EAST


def test_a_customer_has_no_authority_and_costs_no_query(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        found = authority(cast["zhanghaitang"], TODAY)
    assert (found.posts, found.offices) == ((), frozenset())


def test_the_county_reaches_every_station_below_it_at_any_depth(cast: Cast) -> None:
    below = Office.objects.create(
        code="3701020101",
        name_zh="城东营业点",
        name_en="East desk",
        kind="station",
        parent=cast.offices[EAST],
    )
    everything = {office.pk for office in cast.offices.values()} | {below.pk}
    assert authority(cast["chenli"], TODAY).offices == everything
    assert authority(cast["wangmin"], TODAY).offices == {cast.offices[EAST].pk, below.pk}
    assert set(Office.objects.subtree(cast.offices[EAST])) == {cast.offices[EAST], below}


def test_a_circle_of_offices_does_not_hang(cast: Cast) -> None:
    cast.offices[COUNTY].parent = cast.offices[EAST]
    cast.offices[COUNTY].save()
    assert Office.objects.subtree(cast.offices[COUNTY]).count() == 8


def test_an_expired_certificate_is_no_competence(cast: Cast) -> None:
    assert authority(cast["zhouxiaofeng"], TODAY).competences == frozenset()
    assert authority(cast["zhouxiaofeng"], TODAY - timedelta(days=31)).competences == {"survey_lv"}
    assert authority(cast["zhouxiaofeng"], TODAY - timedelta(days=30)).competences == frozenset()


def test_an_ended_post_and_a_disabled_user_carry_no_authority(cast: Cast) -> None:
    Post.objects.filter(user=cast["guoqin"]).update(to_date=TODAY)
    assert authority(cast["guoqin"], TODAY).posts
    assert not authority(cast["guoqin"], TODAY + timedelta(days=1)).posts
    cast["wangmin"].is_active = False
    assert not authority(cast["wangmin"], TODAY).posts


def test_who_is_qualified_in_one_query(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = qualified("survey_lv", cast.offices[EAST], TODAY)
    assert [user.username for user in found] == ["lijianguo"]
    county = {user.username for user in qualified("survey_lv", cast.offices[COUNTY], TODAY)}
    assert {"lijianguo", "xuwei", "fanlei"} <= county
    assert "caijie" not in county


def test_nobody_is_offered_work_while_away_or_without_the_post_asked_for(cast: Cast) -> None:
    east = cast.offices[EAST]
    assert not qualified("survey_lv", east, TODAY, role=Role.INSPECTOR)
    Absence.objects.create(user=cast["lijianguo"], from_date=TODAY, to_date=TODAY + timedelta(days=2))
    assert not qualified("survey_lv", east, TODAY)
    assert qualified("survey_lv", east, TODAY + timedelta(days=3))


def test_a_supervisor_with_a_certificate_is_not_offered_work(cast: Cast) -> None:
    Certificate.objects.create(
        holder=cast["chenli"],
        competence=Competence.objects.get(code="metering_lv"),
        number="X-1",
        issued_date=TODAY,
        valid_until=TODAY,
    )
    assert "chenli" not in {user.username for user in qualified("metering_lv", cast.offices[COUNTY], TODAY)}


def test_shortages_in_two_queries_however_many_offices(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        found = shortages(cast.offices.values(), TODAY)
    assert [(s.office.code, s.competence.code, s.lapsed, s.away) for s in found] == [
        (NANTANG, "metering_lv", 1, 0),
        (YUNXI, "survey_lv", 1, 0),
    ]


def test_a_station_whose_only_fitter_is_away_is_short(cast: Cast) -> None:
    Absence.objects.create(user=cast["hewei"], from_date=TODAY, to_date=TODAY)
    found = {(s.office.code, s.competence.code): s for s in shortages(cast.offices.values(), TODAY)}
    assert found[EAST, "metering_lv"].away == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_names_follow_the_reader(cast: Cast, language: str) -> None:
    with translation.override(language):
        assert (
            cast.offices[EAST].name == {"zh-hans": "城东供电所", "en": "Chengdong Supply Station"}[language]
        )


def test_the_register_in_four_queries(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        found = people([cast.offices[EAST].pk], TODAY)
    assert {line.user.username for line in found} == {
        "wangmin", "lijianguo", "zhouxiaofeng", "wutao", "hewei", "guoqin",
    }  # fmt: skip
    with django_assert_num_queries(4):
        assert person(cast["hewei"].pk, [cast.offices[EAST].pk], TODAY)
    assert person(cast["hewei"].pk, [cast.offices[NANTANG].pk], TODAY) is None


def test_people_without_a_post_are_found_only_when_asked_for(cast: Cast) -> None:
    Post.objects.filter(user=cast["guoqin"]).update(to_date=TODAY - timedelta(days=1))
    assert person(cast["guoqin"].pk, [cast.offices[EAST].pk], TODAY) is None
    assert person(cast["guoqin"].pk, [], TODAY, unposted=True)
    assert person(cast["hewei"].pk, [], TODAY, unposted=True) is None
    assert own_record(cast["guoqin"], TODAY).papers


def test_the_certificate_that_counts_is_the_valid_one(cast: Cast) -> None:
    competence = Competence.objects.get(code="survey_lv")
    renewed = Certificate.objects.create(
        holder=cast["zhouxiaofeng"],
        competence=competence,
        number="NEW",
        issued_date=TODAY,
        valid_until=TODAY + timedelta(days=100),
    )
    assert own_record(cast["zhouxiaofeng"], TODAY).best(competence).certificate == renewed


def test_reach_is_the_office_tree(cast: Cast) -> None:
    assert len(offices_within(authority(cast["chenli"], TODAY))) == 8
    assert len(offices_within(authority(cast["wangmin"], TODAY))) == 1
