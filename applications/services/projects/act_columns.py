"""What the sheet of an act asks of each unit, column by column; acts that ask nothing of a unit have no columns of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from applications.imports.table import Wrong, day
from applications.models import HostingResult, TariffCategory
from applications.services.projects.columns import HOSTED, LABEL, NO, YES, Asked, amount, one_of, text

YES_NO = "填“是”或“否”"


def day_text(said: str) -> str:
    """A day as JSON keeps it."""
    return day(said).isoformat()


def tariff(said: str) -> str:
    """A price class in force, by its name or code."""
    rows = list(TariffCategory.objects.filter(in_force=True))
    words = {name: str(row.pk) for row in rows for name in (row.name_zh, row.name_en, row.code)}
    if said not in words:
        shown = "、".join(row.name_zh for row in rows)
        raise Wrong(
            _("“%(text)s” is not known. Write one of: %(words)s.") % {"text": said[:40], "words": shown}
        )
    return words[said]


CASE_NO = Asked(
    "case", "申请编号", "Number", "下载时已填，请勿改动", "Filled in on download; leave it", text(24)
)
DATE = Asked(
    "date",
    "日期",
    "Day",
    "办理日期，如 2026-11-24；不填即为今天",
    "Day it was done; empty: today",
    day_text,
    "",
    required=False,
)
_ACT_COLUMNS: dict[str, tuple[Asked, ...]] = {
    "record_survey": (
        DATE,
        Asked("can_supply", "可以供电", "Can be supplied", YES_NO, "yes or no", one_of(YES | NO), "是"),
        Asked(
            "reason",
            "不能供电的原因",
            "Reason",
            "不能供电时必填，将告知客户",
            "Needed where it can't; the customer is told",
            text(200),
            "",
            required=False,
        ),
        Asked(
            "approved_capacity",
            "核定容量",
            "Approved capacity",
            "不填即为申请容量",
            "Empty: as applied for",
            amount("0.1", "100000"),
            "",
            required=False,
        ),
        Asked(
            "transformer_area",
            "台区",
            "Transformer area",
            "可以供电时必填台区或杆号",
            "This or the pole where it can be supplied",
            text(60),
            "海棠3号台区",
            required=False,
        ),
        Asked(
            "pole",
            "杆号/表箱",
            "Pole or box",
            "杆号、分支箱或表箱",
            "Pole, branch box or meter box",
            text(60),
            "3号表箱",
            required=False,
        ),
        Asked(
            "distance_m",
            "距离(m)",
            "Distance (m)",
            "接电点到用电点，单位米",
            "From the source point, in metres",
            amount("0", "100000", 0),
            "20",
            required=False,
        ),
        Asked("external_line", "需外线", "External line", YES_NO, "yes or no", one_of(YES | NO), "否"),
        Asked(
            "customer_works", "需受电工程", "Customer's works", YES_NO, "yes or no", one_of(YES | NO), "否"
        ),
    ),
    "assess_hosting": (
        DATE,
        Asked(
            "asset",
            "接入台区/线路",
            "Fed into",
            "不填即按勘查结果",
            "Empty: as the survey found",
            text(60),
            "海棠3号台区",
            required=False,
        ),
        Asked(
            "open_kwp",
            "可开放容量(kWp)",
            "Open (kWp)",
            "扣除在途后的可开放容量",
            "What is open there, what is under way taken off",
            amount("0", "1000000"),
            "60",
        ),
        Asked(
            "result",
            "消纳意见",
            "Result",
            "全部接入 或 部分接入",
            "fits or partly",
            one_of(HOSTED, HostingResult.values),
            "全部接入",
        ),
    ),
    "draft_scheme": (
        Asked(
            "capacity",
            "供电容量",
            "Capacity",
            "不填即为勘查核定或申请容量",
            "Empty: as surveyed or applied for",
            amount("0.1", "100000"),
            "",
            required=False,
        ),
        Asked(
            "ownership_boundary",
            "产权分界点",
            "Boundary",
            "写明确切位置",
            "Exactly where",
            text(200),
            "表箱出线端",
        ),
        Asked(
            "tariff",
            "电价类别",
            "Tariff",
            "不填即按申请的用电类别；光伏填结算电价类别",
            "Empty: as the use applied for",
            tariff,
            "居民生活用电",
            required=False,
        ),
        Asked(
            "utility_pays",
            "供电公司出资",
            "Utility pays",
            "分界点以上，如 表箱、电能表、接户线",
            "Up to the boundary",
            text(200),
            "",
            required=False,
        ),
        Asked(
            "customer_pays",
            "客户出资",
            "Customer pays",
            "没有可不填",
            "Empty if there is nothing",
            text(200),
            "",
            required=False,
        ),
    ),
    "record_inspection": (
        DATE,
        Asked(
            "items",
            "检验项目",
            "Items checked",
            "多项用分号分开",
            "Several: with semicolons",
            text(400),
            "并网开关；接地；铭牌",
        ),
        Asked(
            "remarks",
            "备注",
            "Remarks",
            "不合格的单元不在此填报，请到该户办理整改",
            "Units that did not pass: at their case",
            text(200),
            "",
            required=False,
        ),
    ),
    "record_metering": (
        DATE,
        Asked(
            "asset_no",
            "表计资产号",
            "Meter",
            "电能表条码",
            "Bar code of the meter",
            text(40),
            "3700000000123",
        ),
        Asked("seals", "封印号", "Seals", "多个用逗号分开", "Several: with commas", text(200), "F0000123"),
        Asked(
            "first_reading",
            "起码(kWh)",
            "First reading (kWh)",
            "表计示数",
            "As the meter shows it",
            amount("0", "99999999", 2),
            "0",
        ),
        Asked(
            "phase",
            "相数",
            "Phases",
            "1 或 3；不填即按方案",
            "1 or 3; empty: as in the scheme",
            one_of({"1": "1", "3": "3", "单相": "1", "三相": "3"}),
            "1",
            required=False,
        ),
    ),
    "energise_source": (
        DATE,
        Asked(
            "reading",
            "送电示数(kWh)",
            "Reading (kWh)",
            "送电时表计示数",
            "As the meter shows it when energised",
            amount("0", "99999999", 2),
            "0",
        ),
    ),
}


def act_columns(name: str) -> tuple[Asked, ...]:
    """What the sheet of an act asks for, behind the case and the unit. An act that asks nothing of a unit has no columns of its own."""
    return (CASE_NO, LABEL, *_ACT_COLUMNS.get(name, ()))
