"""Changes to the register: who may, what is kept, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from staff.demo import Cast, NotADemo, build_cast
from staff.models import Absence, Certificate, Competence, Office, Post, User
from staff.policies import Role
from staff.selectors import authority
from staff.services import (
    Refused,
    close_post,
    grant_certificate,
    open_post,
    record_absence,
    revoke_certificate,
    withdraw_absence,
)

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def grant(cast: Cast, **changes) -> Certificate:
    values = {
        "by": cast["gaomin"],
        "holder": cast["zhouxiaofeng"],
        "competence": Competence.objects.get(code="survey_lv"),
        "number": "NEW-1",
        "issued_date": TODAY,
        "valid_until": TODAY + 365 * DAY,
        "today": TODAY,
    }
    return grant_certificate(**(values | changes))


def test_a_granted_certificate_counts_at_once_and_names_who_entered_it(cast: Cast) -> None:
    certificate = grant(cast)
    assert "survey_lv" in authority(cast["zhouxiaofeng"], TODAY).competences
    assert certificate.granted_by == cast["gaomin"]
    assert certificate.history.get().history_user == cast["gaomin"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issued_date": TODAY + DAY}, "issued_date"),
        ({"valid_until": TODAY - DAY}, "valid_until"),
        ({"number": "LC-003-02"}, "number"),
    ],
)
def test_bad_input_is_refused_at_its_field(cast: Cast, changes: dict, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        grant(cast, **changes)
    assert refusal.value.field == field
    assert "survey_lv" not in authority(cast["zhouxiaofeng"], TODAY).competences


@pytest.mark.parametrize("who", ["chenli", "wangmin", "zhouxiaofeng"])
def test_others_may_not_grant(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        grant(cast, by=cast[who])


def test_nobody_grants_to_himself(cast: Cast) -> None:
    with pytest.raises(Refused):
        grant(cast, holder=cast["gaomin"])


def test_a_revoked_certificate_ends_today_and_stays_in_the_register(cast: Cast) -> None:
    certificate = Certificate.objects.get(holder=cast["hewei"], competence__code="metering_lv")
    revoke_certificate(by=cast["gaomin"], certificate=certificate, reason="证书遗失补办", today=TODAY)
    assert "metering_lv" not in authority(cast["hewei"], TODAY).competences
    assert "metering_lv" in authority(cast["hewei"], TODAY - DAY).competences
    kept = Certificate.objects.get(pk=certificate.pk)
    assert (kept.revoked_by, kept.revoke_reason) == (cast["gaomin"], "证书遗失补办")
    assert certificate.history.count() == 2
    with pytest.raises(Refused):
        revoke_certificate(by=cast["gaomin"], certificate=kept, reason="again", today=TODAY)


def test_revoking_needs_a_reason(cast: Cast) -> None:
    certificate = Certificate.objects.filter(holder=cast["hewei"]).first()
    with pytest.raises(Refused) as refusal:
        revoke_certificate(by=cast["gaomin"], certificate=certificate, reason="  ", today=TODAY)
    assert refusal.value.field == "reason"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM staff_certificate",
        "UPDATE staff_certificate SET valid_until = '2099-01-01'",
        "UPDATE staff_certificate SET holder_id = holder_id",
        "UPDATE staff_post SET from_date = '2001-01-01'",
        "DELETE FROM staff_post",
        "DELETE FROM staff_absence",
        "DELETE FROM staff_user",
        "UPDATE staff_historicalcertificate SET valid_until = '2099-01-01'",
        "DELETE FROM staff_historicalpost",
    ],
)
def test_the_application_can_neither_edit_nor_delete_the_register(cast: Cast, statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError), match=r"permission denied|keeps every row"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_opening_and_closing_a_post(cast: Cast) -> None:
    nantang = cast.offices["37010204"]
    values = {"by": cast["hanlei"], "user": cast["hewei"], "office": nantang, "role": Role.FITTER}
    post = open_post(**values, from_date=TODAY, today=TODAY)
    assert nantang.pk in authority(cast["hewei"], TODAY).offices
    with pytest.raises(Refused):
        open_post(**values, from_date=TODAY, today=TODAY)
    close_post(by=cast["hanlei"], post=post, to_date=TODAY, today=TODAY)
    assert nantang.pk not in authority(cast["hewei"], TODAY + DAY).offices
    assert post.history.count() == 2


def test_a_new_administrator_can_open_the_administration_pages(cast: Cast, sign_in) -> None:
    county = cast.offices["370102"]
    assert sign_in(cast["chenli"]).get("/admin/").status_code == 302
    open_post(
        by=cast["hanlei"],
        user=cast["chenli"],
        office=county,
        role=Role.ADMINISTRATOR,
        from_date=TODAY,
        today=TODAY,
    )
    assert sign_in(cast["chenli"]).get("/admin/staff/office/").status_code == 200


def test_no_post_is_opened_or_closed_in_the_past_or_by_others(cast: Cast) -> None:
    east = cast.offices["37010201"]
    with pytest.raises(Refused) as refusal:
        open_post(
            by=cast["hanlei"],
            user=cast["hewei"],
            office=east,
            role=Role.INTAKE,
            from_date=TODAY - DAY,
            today=TODAY,
        )
    assert refusal.value.field == "from_date"
    post = Post.objects.get(user=cast["hewei"])
    with pytest.raises(Refused):
        close_post(by=cast["hanlei"], post=post, to_date=TODAY - 2 * DAY, today=TODAY)
    with pytest.raises(Refused):
        close_post(by=cast["chenli"], post=post, to_date=TODAY, today=TODAY)
    with pytest.raises(Refused):
        open_post(
            by=cast["hanlei"],
            user=cast["hengtai"],
            office=east,
            role=Role.INTAKE,
            from_date=TODAY,
            today=TODAY,
        )


def test_an_absence_is_recorded_once_and_can_be_ended(cast: Cast) -> None:
    values = {"by": cast["hewei"], "user": cast["hewei"], "today": TODAY}
    absence = record_absence(**values, from_date=TODAY, to_date=TODAY + 4 * DAY)
    with pytest.raises(Refused):
        record_absence(**values, from_date=TODAY + 4 * DAY, to_date=TODAY + 5 * DAY)
    withdraw_absence(by=cast["chenli"], absence=absence, today=TODAY + 2 * DAY)
    assert not Absence.objects.on(TODAY + 2 * DAY).exists()
    assert Absence.objects.on(TODAY + DAY).exists()


def test_an_absence_not_begun_is_void_and_its_days_are_free_again(cast: Cast) -> None:
    values = {
        "by": cast["hewei"],
        "user": cast["hewei"],
        "today": TODAY,
        "from_date": TODAY,
        "to_date": TODAY,
    }
    absence = record_absence(**values)
    withdraw_absence(by=cast["hewei"], absence=absence, today=TODAY)
    assert not Absence.objects.on(TODAY).exists()
    record_absence(**values)
    with pytest.raises(Refused):
        withdraw_absence(by=cast["hewei"], absence=absence, today=TODAY)


def test_an_absence_is_not_backdated_nor_recorded_by_a_colleague(cast: Cast) -> None:
    with pytest.raises(Refused):
        record_absence(
            by=cast["hewei"], user=cast["hewei"], from_date=TODAY - DAY, to_date=TODAY, today=TODAY
        )
    with pytest.raises(Refused):
        record_absence(by=cast["wangmin"], user=cast["hewei"], from_date=TODAY, to_date=TODAY, today=TODAY)


def test_changes_name_their_author_to_the_triggers(cast: Cast) -> None:
    grant(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tongdian.actor', true)")
        assert cursor.fetchone() == (f"user:{cast['gaomin'].pk}",)


def test_one_customer_a_phone(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_customer("13800000101")


def test_the_cast_is_built_once(cast: Cast) -> None:
    counts = [model.objects.count() for model in (User, Post, Certificate, Office)]
    build_cast(TODAY)
    assert [model.objects.count() for model in (User, Post, Certificate, Office)] == counts


def test_no_made_up_people_in_production(db: None, settings) -> None:
    settings.TONGDIAN_ENV = "production"
    with pytest.raises(NotADemo):
        build_cast(TODAY)
