"""Open capacity: looked up before a scheme, waited for by first contact, released to the head or by a named priority; sheets brought in."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from applications.imports.table import MAX_ROWS, Unreadable
from applications.models import (
    CapacityAsset,
    CapacityFigure,
    CapacityImport,
    CapacityRelease,
    CapacityRule,
    QueueEntry,
    SchemeRule,
)
from applications.selectors.capacity import open_of, place_of, priorities_granted, waiting
from applications.services import SERVICES, intake
from applications.services.capacity_import import bring_in
from staff.models import Office
from staff.selectors import authority
from tests.applications.walked import EAST, LOW_SCHEME, SURVEYED, Walk
from workflow.models import Deadline
from workflow.transitions import Refused

pytestmark = pytest.mark.django_db

SHOP = LOW_SCHEME | {"capacity": "30", "phase": "3"}
LONG_AGO = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def area(cast):
    """A transformer area with 40 kVA open."""
    asset = CapacityAsset.objects.create(
        kind="transformer_area",
        code="TQ-0003",
        name="海棠 3 号台区",
        office=Office.objects.get(code=EAST),
        unit="kVA",
    )
    figure(asset, "40", cast)
    return asset


def figure(asset, open_capacity, cast):
    return CapacityFigure.objects.create(
        asset=asset,
        open_capacity=Decimal(open_capacity),
        as_of_date=timezone.localdate(),
        source="调度月度清单",
        recorded_by=cast["chenli"],
    )


def shop(cast, customer="zhanghaitang", first_contact=None) -> Walk:
    """A shop of 30 kW that has been surveyed."""
    walk = Walk(cast, "lv_other", customer=customer, three_zero=False, capacity=30, usage="commercial")
    intake.accept(walk.application, by=cast["wangmin"], three_zero=False, three_zero_basis="客户要求自建")
    walk.application.reload()
    if first_contact:
        type(walk.application.case).objects.filter(pk=walk.application.case.pk).update(
            first_contact_at=first_contact
        )
        walk.application.case.refresh_from_db()
    walk.do("record_survey", "lijianguo", **SURVEYED | {"approved_capacity": "30"})
    return walk


def queued(walk: Walk, asset) -> Walk:
    walk.do("check_capacity", "lijianguo", asset=asset.pk)
    walk.do("queue_for_capacity", "lijianguo")
    return walk


class TestLookingItUp:
    def test_no_scheme_without_a_look_where_assets_are_listed(self, cast, area):
        walk = shop(cast)
        form = walk.form("draft_scheme", "lijianguo", **SHOP)
        assert "请先核查可开放容量" in form.errors["asset"][0]
        walk.do("draft_scheme", "lijianguo", **SHOP | {"asset": area.pk})
        check = walk.application.capacitychecks.get()
        assert (check.asset, check.open_capacity, check.needed, check.sufficient) == (
            area,
            Decimal(40),
            Decimal(30),
            True,
        )
        assert (check.as_of_date, check.source, check.recorded_by) == (
            timezone.localdate(),
            "调度月度清单",
            cast["lijianguo"],
        )
        assert walk.application.schemes.get().sources.get().capacity_check == check

    def test_where_nothing_is_listed_nothing_is_asked(self, cast):
        walk = shop(cast)
        assert "asset" not in walk.form("draft_scheme", "lijianguo", **SHOP).fields
        walk.do("draft_scheme", "lijianguo", **SHOP)

    def test_the_switch_is_data(self, cast, area):
        walk = shop(cast)
        rule = SchemeRule.objects.get(supply_class="lv_other")
        rule.capacity_check = CapacityRule.OFF
        rule.save()
        walk.do("draft_scheme", "lijianguo", **SHOP)
        assert not walk.application.capacitychecks.exists()

    def test_a_look_on_record_counts_for_the_scheme(self, cast, area):
        walk = shop(cast)
        walk.do("check_capacity", "lijianguo", asset=area.pk)
        assert walk.said("capacity.checked") == {
            "asset": "TQ-0003", "needed": "30", "open_capacity": "40", "promised": "0", "as_of_date": timezone.localdate().isoformat(),
            "sufficient": True,
        }  # fmt: skip
        assert walk.form("draft_scheme", "lijianguo")["asset"].value() == area.pk
        walk.do("draft_scheme", "lijianguo", **SHOP)

    def test_what_was_promised_to_one_is_not_promised_to_another(self, cast, area):
        shop(cast).do("draft_scheme", "lijianguo", **SHOP | {"asset": area.pk})
        assert open_of(area).left == Decimal(10)
        second = shop(cast, "hengtai")
        form = second.form("draft_scheme", "lijianguo", **SHOP | {"asset": area.pk})
        assert "可开放容量 10 kVA，需要 30" in form.errors["asset"][0]

    def test_who_gives_up_gives_the_capacity_back(self, cast, area):
        first = shop(cast)
        first.do("draft_scheme", "lijianguo", **SHOP | {"asset": area.pk})
        first.do("withdraw", first.customer, reason="no_longer_wanted")
        assert open_of(area).left == Decimal(40)

    def test_a_further_version_does_not_take_it_twice(self, cast, area):
        walk = shop(cast)
        walk.do("draft_scheme", "lijianguo", **SHOP | {"asset": area.pk})
        walk.do("reply_scheme", "lijianguo", method="counter")
        walk.do("object_to_scheme", walk.customer, text="希望换相")
        walk.do("draft_scheme", "lijianguo", **SHOP)
        assert open_of(area).left == Decimal(10)


class TestTheQueue:
    @pytest.fixture
    def full(self, cast, area):
        figure(area, "5", cast)
        return area

    def test_nobody_waits_without_a_look_that_says_no(self, cast, area):
        walk = shop(cast)
        with pytest.raises(Refused, match="没有核查"):
            past_the_form(walk, "queue_for_capacity", "lijianguo")
        walk.do("check_capacity", "lijianguo", asset=area.pk)
        assert "没有核查" in walk.form("queue_for_capacity", "lijianguo").non_field_errors()[0]

    def test_in_the_order_of_first_contact_not_of_queueing(self, cast, full):
        later = queued(shop(cast), full)
        earlier = queued(shop(cast, "hengtai", first_contact=LONG_AGO), full)
        assert [entry.application for entry in waiting(full)] == [earlier.application, later.application]
        assert place_of(later.application)[1] == 2
        assert earlier.said("capacity.queued") | {
            "asset": "TQ-0003",
            "needed": "30",
            "place": 1,
        } == earlier.said("capacity.queued")

    def test_waiting_stops_no_clock(self, cast, full):
        walk = shop(cast)
        before = dict(
            Deadline.objects.filter(case=walk.application.case, stopped_at=None).values_list("pk", "due_at")
        )
        queued(walk, full)
        after = dict(
            Deadline.objects.filter(case=walk.application.case, stopped_at=None).values_list("pk", "due_at")
        )
        assert before == after

    def test_a_release_serves_the_head_and_nobody_else(self, cast, full):
        later = queued(shop(cast), full)
        earlier = queued(shop(cast, "hengtai", first_contact=LONG_AGO), full)
        with pytest.raises(Refused, match="2026-01-05"):
            later.do("release_capacity", "chenli", amount="50", reason="台区增容")
        earlier.do("release_capacity", "chenli", amount="50", reason="台区增容 WBS-2026-18")
        assert earlier.said("capacity.released") == {
            "amount": "50", "asset": "TQ-0003", "needed": "30", "waited": 2, "release": CapacityRelease.objects.get().pk,
        }  # fmt: skip
        assert "台区增容" not in str(earlier.said("capacity.released"))
        assert full.figures.last().open_capacity == Decimal(55)
        assert [entry.application for entry in waiting(full)] == [later.application]
        earlier.do("draft_scheme", "lijianguo", **SHOP | {"asset": full.pk})

    def test_nobody_slips_past_the_queue(self, cast, full):
        queued(shop(cast, "hengtai"), full)
        figure(full, "200", cast)
        form = shop(cast).form("draft_scheme", "lijianguo", **SHOP | {"asset": full.pk})
        assert "已有 1 户在排队" in form.errors["asset"][0]

    def test_what_was_released_to_one_is_kept_for_that_one(self, cast, full):
        head = queued(shop(cast, "hengtai"), full)
        head.do("release_capacity", "chenli", amount="30", reason="台区增容")
        form = shop(cast).form("draft_scheme", "lijianguo", **SHOP | {"asset": full.pk})
        assert "可开放容量 5 kVA" in form.errors["asset"][0]
        head.do("draft_scheme", "lijianguo", **SHOP)

    def test_a_release_that_is_not_enough_is_none(self, cast, full):
        head = queued(shop(cast), full)
        with pytest.raises(Refused, match="25 kVA"):
            head.do("release_capacity", "chenli", amount="20", reason="线路割接")
        assert not CapacityRelease.objects.exists()

    def test_a_withdrawn_case_waits_no_longer_and_a_reopened_one_has_its_old_place(self, cast, full):
        first = queued(shop(cast, "hengtai", first_contact=LONG_AGO), full)
        second = queued(shop(cast), full)
        first.do("withdraw", first.customer, reason="no_longer_wanted")
        assert place_of(second.application)[1] == 1
        first.do("reopen", "wangmin", note="客户仍要办理")
        assert place_of(first.application)[1] == 1

    def test_supplied_from_elsewhere_the_place_is_given_up(self, cast, full):
        walk = queued(shop(cast), full)
        form = walk.form("draft_scheme", "lijianguo", **SHOP | {"asset": full.pk})
        assert "正在" in form.errors["asset"][0]
        other = CapacityAsset.objects.create(
            kind="transformer_area", code="TQ-0004", name="海棠 4 号台区", office=full.office, unit="kVA"
        )
        figure(other, "100", cast)
        walk.do("draft_scheme", "lijianguo", **SHOP | {"asset": other.pk})
        assert QueueEntry.objects.get(asset=full).left_how == "left"

    def test_a_place_is_left_once_and_stays_in_the_record(self, cast, full):
        queued(shop(cast), full)
        entry = QueueEntry.objects.get()
        for change in ({"first_contact_at": LONG_AGO}, {"needed": 1}):
            with pytest.raises(DatabaseError), transaction.atomic():
                QueueEntry.objects.filter(pk=entry.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            entry.delete()


class TestPriority:
    def grant(self, walk: Walk, who: str = "chenli", **changes) -> None:
        given = {
            "kind": "emergency",
            "basis": "县政府抗旱会议纪要〔2026〕3 号",
            "to_date": timezone.localdate() + dt.timedelta(days=30),
        }
        walk.do("grant_priority", who, **given | changes)

    def test_it_changes_the_order_and_the_release_names_it(self, cast, area):
        figure(area, "5", cast)
        earlier = queued(shop(cast, "hengtai", first_contact=LONG_AGO), area)
        later = queued(shop(cast), area)
        clocks = list(
            Deadline.objects.filter(case=later.application.case)
            .values_list("pk", "started_at", "due_at")
            .order_by("pk")
        )
        self.grant(later)
        assert [entry.application for entry in waiting(area)] == [later.application, earlier.application]
        assert clocks == list(
            Deadline.objects.filter(case=later.application.case)
            .values_list("pk", "started_at", "due_at")
            .order_by("pk")
        )
        later.do("release_capacity", "sunjie", amount="50", reason="台区增容")
        said = later.said("capacity.released")
        assert (said["priority"], said["passed"]) == (later.application.prioritys.get().pk, 1)
        assert priorities_granted(timezone.localdate(), timezone.localdate()) == 1

    def test_one_that_has_ended_changes_nothing(self, cast, area):
        figure(area, "5", cast)
        earlier = queued(shop(cast, "hengtai", first_contact=LONG_AGO), area)
        later = queued(shop(cast), area)
        day = timezone.localdate()
        self.grant(later, from_date=day - dt.timedelta(days=9), to_date=day - dt.timedelta(days=1))
        assert waiting(area)[0].application == earlier.application

    def test_it_is_granted_elsewhere(self, cast, area):
        walk = shop(cast)
        type(walk.application.case).objects.filter(pk=walk.application.case.pk).update(
            office=cast.offices["370102"]
        )
        with pytest.raises(Refused, match="以外的单位"):
            self.grant(walk)

    def test_it_says_no_names_in_the_log(self, cast, area):
        walk = shop(cast)
        self.grant(walk)
        said = walk.said("priority.granted")
        assert "会议纪要" not in str(said)
        assert said["office"] == "370102"


class TestThePages:
    def test_everybody_sees_the_queue_without_names(self, cast, area, client):
        figure(area, "5", cast)
        walk = queued(shop(cast), area)
        page = client.get(reverse("capacity_queue")).content.decode()
        assert "海棠 3 号台区" in page
        assert "30 kVA" in page
        assert "城东供电所" in page
        for private in (
            "张海棠",
            "138",
            str(walk.application.case),
            walk.application.case.contact_no,
            str(walk.application.case.pk),
        ):
            assert private not in page

    def test_the_office_sees_its_assets_and_their_queue(self, cast, area, client):
        figure(area, "5", cast)
        walk = queued(shop(cast), area)
        client.force_login(cast["sunjie"])
        assert "海棠 3 号台区" in client.get(reverse("capacity_assets")).content.decode()
        page = client.get(reverse("capacity_asset", args=[area.pk])).content.decode()
        assert reverse("case_act", args=[walk.application.case.pk, "release_capacity"]) in page
        client.force_login(cast["tangli"])
        assert client.get(reverse("capacity_asset", args=[area.pk])).status_code == 404

    def test_the_case_shows_its_place_and_its_looks(self, cast, area, client):
        figure(area, "5", cast)
        walk = queued(shop(cast), area)
        client.force_login(cast["lijianguo"])
        page = client.get(reverse("case_scheme", args=[walk.application.case.pk])).content.decode()
        assert "第 1 位" in page
        assert "不足" in page


def sheet(*rows, header=("类型", "编号", "名称", "供电单位编码", "可开放容量", "单位", "截至日期", "来源")):
    """An XLSX file in memory."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


GOOD = ("台区", "TQ-1", "海棠 1 号台区", EAST, 120, "kVA", dt.date(2026, 11, 1), "调度")


class TestBringingFiguresIn:
    def bring(self, cast, file, name="容量.xlsx", who="chenli"):
        me = authority(cast[who], timezone.localdate())
        return bring_in(file, name, by=cast[who], offices=me.offices, today=dt.date(2026, 11, 24))

    def test_a_sheet_adds_assets_and_figures_and_keeps_the_older_ones(self, cast):
        assert (
            self.bring(
                cast, sheet(GOOD, ("线路", "L-7", "纬三线", "370102", "8,000.5", "", "2026年11月2日", ""))
            ).rows
            == 2
        )
        line = CapacityAsset.objects.get(code="L-7")
        assert (line.kind, line.unit, line.figures.get().open_capacity) == ("line", "kVA", Decimal("8000.5"))
        newer = (*GOOD[:4], "90", "kVA", "2026-11-20", "")
        assert self.bring(cast, sheet(newer)).new_assets == 0
        assert list(
            CapacityAsset.objects.get(code="TQ-1").figures.values_list("open_capacity", flat=True)
        ) == [Decimal(120), Decimal(90)]
        assert CapacityImport.objects.count() == 2

    def test_bad_rows_are_named_by_row_and_column_and_nothing_is_changed(self, cast):
        rows = [
            GOOD,
            ("水塔", "TQ-2", "x", EAST, 1, "kVA", "2026-11-01", ""),
            ("台区", "", "x", EAST, 1, "kVA", "2026-11-01", ""),
            ("台区", "TQ-4", "x", "99999999", 1, "kVA", "2026-11-01", ""),
            ("台区", "TQ-5", "x", EAST, "很多", "kVA", "2026-11-01", ""),
            ("台区", "TQ-6", "x", EAST, -3, "kVA", "2026-11-01", ""),
            ("台区", "TQ-7", "x", EAST, 1, "MVA", "2026-11-01", ""),
            ("台区", "TQ-8", "x", EAST, 1, "kVA", "昨天", ""),
            ("台区", "TQ-9", "x", EAST, 1, "kVA", "2027-01-01", ""),
            GOOD,
        ]
        brought = self.bring(cast, sheet(*rows))
        assert [(fault.row, fault.column[0]) for fault in brought.faults] == [
            (3, "A"), (4, "B"), (5, "D"), (6, "E"), (7, "E"), (8, "F"), (9, "G"), (10, "G"), (11, "B"),
        ]  # fmt: skip
        assert "第 2 行重复" in brought.faults[-1].sentence
        assert not CapacityAsset.objects.exists()
        assert not CapacityImport.objects.exists()

    def test_several_faults_of_one_row_are_all_said(self, cast):
        brought = self.bring(cast, sheet(("水塔", "", "x", EAST, "很多", "kVA", "", "")))
        assert [fault.column.split()[1] for fault in brought.faults] == [
            "类型",
            "编号",
            "可开放容量",
            "截至日期",
        ]

    def test_an_older_figure_takes_nothing_back(self, cast):
        self.bring(cast, sheet(GOOD))
        brought = self.bring(cast, sheet((*GOOD[:6], dt.date(2026, 10, 1), "")))
        assert "2026-11-01" in brought.faults[0].sentence

    def test_another_countys_asset_is_not_ours_to_write(self, cast):
        other = Office.objects.create(code="37020101", name_zh="外县所", name_en="Elsewhere", kind="station")
        CapacityAsset.objects.create(
            kind="transformer_area", code="TQ-1", name="外县台区", office=other, unit="kVA"
        ).figures.create(
            open_capacity=1, as_of_date=dt.date(2026, 1, 1), source="x", recorded_by=cast["chenli"]
        )
        brought = self.bring(cast, sheet(GOOD))
        assert "其他单位" in brought.faults[0].sentence

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_csv_as_spreadsheets_here_save_it(self, cast, encoding):
        text = io.StringIO()
        csv.writer(text).writerows(
            [
                ["类型", "编号", "名称", "供电单位编码", "可开放容量", "截至日期"],
                ["台区", "T1", "海棠", EAST, "12.5", "2026/11/3"],
            ]
        )
        assert self.bring(cast, io.BytesIO(text.getvalue().encode(encoding)), "x.csv").rows == 1
        assert CapacityFigure.objects.get().open_capacity == Decimal("12.5")

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"PK\x03\x04 broken", "x.xlsx", "XLSX"),
            (b"", "x.csv", "类型"),
            ("类型,编号\n".encode(), "x.csv", "名称"),
            (b"%PDF-1.7", "x.pdf", "CSV"),
        ],
    )
    def test_what_is_no_sheet_says_so(self, cast, content, name, words):
        with pytest.raises(Unreadable) as failure:
            self.bring(cast, io.BytesIO(content), name)
        assert words in failure.value.sentence

    def test_too_many_rows_are_refused_before_they_fill_the_memory(self, cast):
        line = f"台区,T{{}},海棠,{EAST},1,2026-11-01\n"
        text = "类型,编号,名称,供电单位编码,可开放容量,截至日期\n" + "".join(
            line.format(n) for n in range(MAX_ROWS + 1)
        )
        with pytest.raises(Unreadable, match="20000"):
            self.bring(cast, io.BytesIO(text.encode()), "x.csv")

    def test_the_page_says_row_by_row_what_to_mend(self, cast, client):
        client.force_login(cast["chenli"])
        upload = SimpleUploadedFile(
            "容量.xlsx", sheet(GOOD, ("水塔", "T2", "x", EAST, 1, "", "2026-11-01", "")).read()
        )
        page = client.post(reverse("capacity_import"), {"sheet": upload})
        assert page.status_code == 422
        assert "水塔" in page.content.decode()
        assert not CapacityAsset.objects.exists()
        assert (
            client.post(
                reverse("capacity_import"), {"sheet": SimpleUploadedFile("容量.xlsx", sheet(GOOD).read())}
            ).status_code
            == 302
        )
        assert CapacityAsset.objects.count() == 1

    def test_only_supervisors_and_administrators_bring_figures_in(self, cast, client):
        client.force_login(cast["lijianguo"])
        assert client.get(reverse("capacity_import")).status_code == 404


def past_the_form(walk: Walk, name: str, who: str) -> None:
    """What a program would send."""
    SERVICES[name](walk.application, by=walk.cast[who])
