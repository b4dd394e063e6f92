"""A clerk's day at the desk: views of one's own, several cases at once, a case beside the list, counter mode, hand-over, two at one form."""

from __future__ import annotations

import datetime as dt

import pytest

from applications.models import Application, DocumentStatus, SavedView
from applications.services.checking import review_document
from applications.services.intake import accept
from applications.services.papers import receive_document
from staff.models import Absence
from tests.applications.customers import signed_in
from tests.applications.walked import EAST, Walk
from workflow.models import Case, Contact, Event, TaskHolder
from workflow.services.contacts import FirstContact, register_contact
from workflow.services.tasks import take
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(cast):
    return Walk(cast, "residential", capacity=8, usage="residential")


def text(response) -> str:
    return response.content.decode()


def test_a_view_is_kept_and_shows_the_same_to_a_colleague_by_its_address(cast, home):
    clerk = signed_in(cast["wangmin"])
    kept = {"view": "all", "supply": "residential", "stage": "INTAKE", "name": "居民受理"}
    assert clerk.post("/desk/views/", kept)["Location"] == "/desk/?view=all&stage=INTAKE&supply=residential"
    page = text(signed_in(cast["wangmin"]).get("/desk/?view=all&stage=INTAKE&supply=residential"))
    assert "居民受理" in page
    assert str(home.application.case.pk) in page
    assert str(home.application.case.pk) not in text(clerk.get("/desk/?view=all&supply=hv_single"))
    boss = text(signed_in(cast["chenli"]).get("/desk/?view=all&stage=INTAKE&supply=residential"))
    assert "居民受理" not in boss
    assert str(home.application.case.pk) in boss
    view = SavedView.objects.get()
    assert signed_in(cast["chenli"]).post(f"/desk/views/{view.pk}/remove/").status_code == 404
    clerk.post(f"/desk/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()
    assert clerk.post("/desk/views/", {"view": "all", "name": " "}, follow=True).status_code == 200
    assert clerk.get("/desk/?view=nonsense&stage=x&due=y&supply=').").status_code == 200


def test_several_are_taken_at_once_each_with_its_own_answer(cast, home):
    other = Walk(cast, "residential", customer="hengtai", capacity=9)
    first = FirstContact(
        channel="hall", phone="13700000007", need="装表", place="东塘村 7 号", office_code=EAST
    )
    bare = register_contact(first, by=cast["wangmin"]).case
    ids = [str(walk.application.case.pk) for walk in (home, other)] + [str(bare.pk), "nonsense"]
    clerk = signed_in(cast["wangmin"])
    take(other.application, other.application.case.tasks.get(outcome=""), by=cast["wangmin"])
    answer = clerk.post("/desk/ticked/", {"case": ids, "do": "take", "key": "one"})
    said = text(answer)
    assert answer.status_code == 200
    assert "已领取：" in said
    assert "这件工单目前没有可领取的环节" in said
    assert TaskHolder.objects.filter(user=cast["wangmin"], until_at=None).count() == 2
    events = Event.objects.count()
    clerk.post("/desk/ticked/", {"case": ids, "do": "take", "key": "one"})
    assert Event.objects.count() == events
    assert "请先勾选" in text(clerk.post("/desk/ticked/", {"do": "take"}, follow=True))
    printed = clerk.post("/desk/ticked/", {"case": ids, "do": "print"}, follow=True)
    assert "海棠路 1 号" in text(printed)
    stranger = signed_in(cast["tangli"]).post("/desk/ticked/", {"case": ids, "do": "take"})
    assert "海棠路" not in text(stranger)
    assert Event.objects.count() == events


def test_a_case_beside_the_list_is_there_without_javascript_too(cast, home):
    pk = home.application.case.pk
    clerk = signed_in(cast["wangmin"])
    assert "打开工单" in text(clerk.get(f"/desk/?view=all&beside={pk}"))
    fragment = text(clerk.get(f"/cases/{pk}/beside/"))
    assert "海棠路 1 号" in fragment
    assert "<html" not in fragment
    stranger = signed_in(cast["tangli"])
    assert stranger.get(f"/cases/{pk}/beside/").status_code == 404
    assert stranger.get(f"/desk/?view=all&beside={pk}").status_code == 404


VISIT = {
    "category": "new_supply.residential", "shown": "new_supply.residential", "phone": "13900001234", "name": "周海明",
    "id_number": "11010519491231002X", "address": "海棠路 18 号", "title_kind": "deed", "usage": "residential", "capacity": "8", "key": "k1",
}  # fmt: skip


def test_a_visitor_on_one_page_from_contact_to_acceptance(cast):
    clerk = signed_in(cast["wangmin"])
    page = clerk.get("/desk/counter/")
    codes = [value for value, _label in page.context["form"].fields["papers"].choices]
    missing = clerk.post("/desk/counter/", {**VISIT, "finish": "accept"})
    assert missing.status_code == 422
    assert "还缺" in text(missing)
    assert "周海明" in text(missing)
    assert not Contact.objects.exists()
    answer = clerk.post("/desk/counter/", {**VISIT, "papers": codes, "finish": "accept"})
    application = Application.objects.get()
    assert answer["Location"] == f"/cases/{application.case.pk}/papers/acceptance/1/"
    assert application.accepted_at
    assert application.documents.count() == len(codes)
    assert clerk.get(answer["Location"]).status_code == 200
    clerk.post("/desk/counter/", {**VISIT, "papers": codes, "finish": "accept"})
    assert Application.objects.count() == Case.objects.count() == 1


def test_the_contact_stands_whatever_is_refused_after_it(cast):
    """Somebody without the certificate may not accept; that the customer was there is recorded all the same, once."""
    fitter = signed_in(cast["hewei"])
    codes = [value for value, _label in fitter.get("/desk/counter/").context["form"].fields["papers"].choices]
    answer = fitter.post("/desk/counter/", {**VISIT, "papers": codes, "finish": "accept"})
    assert answer.status_code == 409
    assert "周海明" in text(answer)
    case = Contact.objects.get().case
    assert f'value="{case.pk}"' in text(answer)
    assert not Application.objects.exists()
    fitter.post("/desk/counter/", {**VISIT, "case": str(case.pk), "papers": codes, "finish": "accept"})
    assert Contact.objects.count() == 1


def test_work_is_handed_over_row_by_row_with_a_reason(cast, home):
    task = home.application.case.tasks.get(outcome="")
    take(home.application, task, by=cast["wangmin"])
    task.refresh_from_db()
    tomorrow = dt.date.today() + dt.timedelta(days=1)  # noqa: DTZ011
    Absence.objects.create(user=cast["wangmin"], from_date=tomorrow, to_date=tomorrow)
    clerk = signed_in(cast["wangmin"])
    page = clerk.get("/desk/hand-over/")
    line = page.context["sheet"].lines[0]
    assert "休假" in text(page)
    assert line.candidates
    to = line.candidates[0].user
    sent = {
        "task": str(task.pk),
        f"version-{task.pk}": str(task.version),
        f"to-{task.pk}": str(to.pk),
        "key": "h",
    }
    assert clerk.post("/desk/hand-over/", {**sent, "reason": ""}).status_code == 422
    answer = clerk.post("/desk/hand-over/", {**sent, f"note-{task.pk}": "客户周四下午在家"})
    assert answer.status_code == 200
    assert task.holders.get(until_at=None).user == to
    assert task.holders.get(until_at=None).reason == "客户周四下午在家"
    assert signed_in(cast["hewei"]).get(f"/desk/hand-over/?of={cast['wangmin'].pk}").status_code == 404
    stranger = signed_in(cast["tangli"]).get(
        f"/desk/hand-over/?task={task.pk}&case={home.application.case.pk}"
    )
    assert "海棠路" not in text(stranger)


def test_two_at_one_form_see_both_values_and_choose(cast, home):
    """What was typed stays, what a colleague recorded stands beside it, and what is chosen is sent again."""
    home.accepted()
    case = home.application.case
    task = case.tasks.filter(outcome="", doer="officer").first()
    clerk = signed_in(cast["wangmin"])
    page = f"/cases/{case.pk}/act/issue_contract/"
    form = clerk.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {
        "method": "online",
        "task": str(task.pk) if "task" in form.fields else "",
    }
    typed["version"] = str(int(typed["version"]) + 1)
    late = clerk.post(page, typed)
    assert late.status_code == 409
    assert "其间的办理情况" in text(late)
    assert late.context["conflict"].entries
    assert late.context["form"]["version"].value() == form["version"].value() or str(form["version"].value())
    again = {name: late.context["form"][name].value() or "" for name in late.context["form"].fields}
    assert clerk.post(page, again).status_code in (302, 303)


def test_nothing_is_accepted_over_a_paper_that_was_returned(cast, home):
    paper = receive_document(home.application, "identity", None, by=cast["wangmin"], channel="hall")
    review_document(
        home.application,
        by=cast["wangmin"],
        document=paper,
        verdict=DocumentStatus.RETURNED,
        words="照片看不清",
    )
    page = text(signed_in(cast["wangmin"]).get(f"/cases/{home.application.case.pk}/"))
    assert "有材料被退回" in page
    with pytest.raises(Refused, match="退回"):
        accept(home.application, by=cast["wangmin"], three_zero=True, three_zero_basis="客户选择")
    receive_document(home.application, "identity", None, by=cast["wangmin"], channel="hall")
    home.accepted()
    assert home.application.accepted_at
