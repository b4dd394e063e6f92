"""The pages of the register: what they say, to whom, and what they do."""

from datetime import date, timedelta

import pytest

from staff.demo import Cast
from staff.models import Absence, Certificate, Competence, Post

TODAY = date(2026, 11, 24)


def person_url(cast: Cast, who: str, part: str = "") -> str:
    return f"/people/{cast[who].pk}/{part}"


CERTIFICATE = {"number": "LC-NEW-1", "issued_date": "2026-11-01", "valid_until": "2029-10-31"}


@pytest.fixture
def survey(db) -> str:
    return str(Competence.objects.get(code="survey_lv").pk)


def test_shortages_stand_on_top_as_sentences(cast: Cast, sign_in) -> None:
    page = sign_in(cast["chenli"]).get("/people/").content.decode()
    assert "有 2 项工作无人持证" in page
    assert "南塘供电所：装表接电（低压）无人持证（1 人证书已过期）" in page
    assert "云溪供电所：现场勘查（低压）无人持证（1 人证书已过期）" in page
    assert page.index("南塘供电所：") < page.index("周晓峰")


def test_the_matrix_says_in_words_how_each_certificate_stands(cast: Cast, sign_in) -> None:
    page = sign_in(cast["gaomin"]).get("/people/").content.decode()
    for word in ('lamp red">已过期', 'lamp amber">还剩 20 天', 'lamp green">有效'):
        assert word in page
    assert "2026-10-24" in page


def test_the_page_speaks_english(cast: Cast, sign_in) -> None:
    client = sign_in(cast["chenli"])
    client.cookies["lang"] = "en"
    page = client.get("/people/").content.decode()
    assert "2 kinds of work have nobody who may do them" in page
    assert "Nantang Supply Station: nobody holds a valid certificate" in page
    assert "Site survey (low voltage)" in page


def test_filters_narrow_the_page(cast: Cast, sign_in) -> None:
    client = sign_in(cast["chenli"])
    due = client.get("/people/?only=due").content.decode()
    assert "周晓峰" in due
    assert "王敏" not in due
    east = client.get(f"/people/?office={cast.offices['37010201'].pk}").content.decode()
    assert "王敏" in east
    assert "彭娜" not in east
    nobody = client.get("/people/?only=away").content.decode()
    assert "没有符合条件的人员" in nobody
    assert client.get("/people/?office=abc&only=x").status_code == 200


@pytest.mark.parametrize("who", ["wangmin", "zhenglin", "linqing", "zhanghaitang"])
@pytest.mark.parametrize("address", ["/people/", "/me/staff-certificates/"])
def test_others_find_no_register(cast: Cast, sign_in, who: str, address: str) -> None:
    assert sign_in(cast[who]).get(address).status_code == 404


def test_the_register_costs_as_many_queries_for_a_county_as_for_a_station(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(cast["chenli"])
    client.get("/people/")
    with django_assert_max_num_queries(16):
        client.get("/people/")


def test_a_supervisor_sees_a_person_but_why_he_cannot_grant(cast: Cast, sign_in) -> None:
    client = sign_in(cast["chenli"])
    page = client.get(person_url(cast, "zhouxiaofeng")).content.decode()
    assert "证书由培训专责登记" in page
    assert client.get(person_url(cast, "zhouxiaofeng", "certificate/")).status_code == 404


def test_a_certificate_is_entered_and_counts(cast: Cast, sign_in, survey: str) -> None:
    client = sign_in(cast["gaomin"])
    answer = client.post(
        person_url(cast, "zhouxiaofeng", "certificate/"), CERTIFICATE | {"competence": survey}, follow=True
    )
    assert "证书已登记" in answer.content.decode()
    certificate = Certificate.objects.get(number="LC-NEW-1")
    assert (certificate.holder, certificate.granted_by) == (cast["zhouxiaofeng"], cast["gaomin"])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": ""}, "请填写证书上的编号"),
        ({"number": "x" * 41}, "最多 40 个字"),
        ({"number": "LC-003-02"}, "这个编号已经登记"),
        ({"issued_date": "gestern"}, "日期不对"),
        ({"issued_date": "2026-12-01"}, "发证日期还没到"),
        ({"valid_until": "2026-10-01"}, "有效期止于发证之前"),
        ({"valid_until": ""}, "请选择日期"),
        ({"competence": ""}, "请选择证书证明的资格"),
        ({"competence": "999999"}, "请从列表中选择"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    cast: Cast, sign_in, survey: str, changes: dict, sentence: str
) -> None:
    typed = CERTIFICATE | {"competence": survey} | changes
    answer = sign_in(cast["gaomin"]).post(person_url(cast, "zhouxiaofeng", "certificate/"), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert f'value="{typed["number"]}"' in page or not typed["number"]
    assert not Certificate.objects.filter(number="LC-NEW-1").exists()


def test_nobody_enters_their_own_certificate(cast: Cast, sign_in, survey: str) -> None:
    client = sign_in(cast["gaomin"])
    assert "本人不能登记自己的证书" in client.get(person_url(cast, "gaomin", "certificate/")).content.decode()
    client.post(person_url(cast, "gaomin", "certificate/"), CERTIFICATE | {"competence": survey})
    assert not Certificate.objects.filter(holder=cast["gaomin"]).exists()


def test_a_certificate_is_revoked_with_a_reason_its_holder_reads(cast: Cast, sign_in, client) -> None:
    certificate = Certificate.objects.get(holder=cast["hewei"], competence__code="metering_lv")
    address = person_url(cast, "hewei", f"certificates/{certificate.pk}/revoke/")
    manager = sign_in(cast["gaomin"])
    assert "请写明吊销原因" in manager.post(address, {"reason": ""}).content.decode()
    assert "证书已吊销" in manager.post(address, {"reason": "复审未通过"}, follow=True).content.decode()
    page = sign_in(cast["hewei"]).get("/me/").content.decode()
    assert "已吊销" in page
    assert "复审未通过" in page


def test_a_certificate_is_addressed_under_its_holder_alone(cast: Cast, sign_in) -> None:
    certificate = Certificate.objects.filter(holder=cast["hewei"]).first()
    address = person_url(cast, "wangmin", f"certificates/{certificate.pk}/revoke/")
    assert sign_in(cast["gaomin"]).post(address, {"reason": "x"}).status_code == 404


def test_out_of_reach_is_not_there(cast: Cast, sign_in) -> None:
    Post.objects.filter(user=cast["chenli"]).update(to_date=TODAY - timedelta(days=1))
    Post.objects.create(
        user=cast["chenli"], office=cast.offices["37010204"], role="supervisor", from_date=TODAY
    )
    client = sign_in(cast["chenli"])
    page = client.get("/people/").content.decode()
    assert "彭娜" in page
    assert "王敏" not in page
    assert client.get(person_url(cast, "wangmin")).status_code == 404
    assert client.get(person_url(cast, "zhanghaitang")).status_code == 404


def test_an_administrator_opens_and_ends_a_post(cast: Cast, sign_in) -> None:
    client = sign_in(cast["hanlei"])
    office = cast.offices["37010204"].pk
    typed = {"office": office, "role": "fitter", "from_date": "2026-11-24", "to_date": ""}
    assert (
        "任岗已登记" in client.post(person_url(cast, "hewei", "post/"), typed, follow=True).content.decode()
    )
    assert "此人已在这个岗位" in client.post(person_url(cast, "hewei", "post/"), typed).content.decode()
    post = Post.objects.get(user=cast["hewei"], office=office)
    address = person_url(cast, "hewei", f"posts/{post.pk}/close/")
    assert "截止日期早于起始日期" in client.post(address, {"to_date": "2026-11-01"}).content.decode()
    client.post(address, {"to_date": "2026-11-24"})
    post.refresh_from_db()
    assert post.to_date == TODAY


def test_a_new_officer_without_a_post_is_found_by_the_administrator_alone(cast: Cast, sign_in) -> None:
    Post.objects.filter(user=cast["guoqin"]).update(to_date=TODAY - timedelta(days=1))
    assert "没有岗位的人员" in sign_in(cast["hanlei"]).get("/people/").content.decode()
    assert "没有岗位的人员" not in sign_in(cast["chenli"]).get("/people/").content.decode()


def test_an_absence_by_the_supervisor_shows_and_ends(cast: Cast, sign_in) -> None:
    client = sign_in(cast["chenli"])
    client.post(person_url(cast, "hewei", "absence/"), {"from_date": "2026-11-24", "to_date": "2026-11-26"})
    page = client.get("/people/").content.decode()
    assert "今天请假" in page
    assert "城东供电所：装表接电（低压）的持证人员今天都请假" in page
    absence = Absence.objects.get(user=cast["hewei"])
    client.post(person_url(cast, "hewei", f"absences/{absence.pk}/withdraw/"))
    assert not Absence.objects.on(TODAY).exists()


def test_my_own_page_shows_posts_certificates_and_absences(cast: Cast, sign_in) -> None:
    client = sign_in(cast["zhouxiaofeng"])
    page = client.get("/me/").content.decode()
    for words in ("周晓峰", "勘查员", "城东供电所", "现场勘查（低压）", "已过期", "2026-10-24"):
        assert words in page
    client.post("/me/absence/", {"from_date": "2026-11-25", "to_date": "2026-11-25"})
    absence = Absence.objects.get(user=cast["zhouxiaofeng"])
    assert "2026-11-25" in client.get("/me/").content.decode()
    late = client.post("/me/absence/", {"from_date": "2026-11-20", "to_date": "2026-11-21"})
    assert "请假只能从今天起登记" in late.content.decode()
    client.post(f"/me/absence/{absence.pk}/withdraw/")
    assert not Absence.objects.ahead(TODAY).exists()


def test_nobody_ends_anothers_absence_from_his_own_page(cast: Cast, sign_in) -> None:
    absence = Absence.objects.create(user=cast["hewei"], from_date=TODAY, to_date=TODAY)
    assert sign_in(cast["wangmin"]).post(f"/me/absence/{absence.pk}/withdraw/").status_code == 404


def test_a_customers_page_masks_the_phone(cast: Cast, sign_in) -> None:
    page = sign_in(cast["zhanghaitang"]).get("/me/").content.decode()
    assert "张海棠" in page
    assert "13800000101" not in page


def test_no_get_changes_anything(cast: Cast, sign_in) -> None:
    absence = Absence.objects.create(user=cast["hewei"], from_date=TODAY, to_date=TODAY)
    client = sign_in(cast["gaomin"])
    assert client.get(person_url(cast, "hewei", f"absences/{absence.pk}/withdraw/")).status_code == 405
    assert client.get(f"/me/absence/{absence.pk}/withdraw/").status_code == 405
