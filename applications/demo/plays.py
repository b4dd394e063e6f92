"""How the cast plays each fact: plausible values, through the real services."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from applications.forms.contract import kinds_for
from applications.models import Application, TariffCategory
from applications.selectors.facts import fee_kinds_in_force, latest_contract, latest_scheme
from applications.selectors.three_zero import three_zero_of
from applications.services import (
    archive,
    change,
    contract,
    fees,
    inspection,
    intake,
    metering,
    pv,
    scheme,
    survey,
    temporary,
    works,
    works_items,
)
from staff.models import User


@dataclass(frozen=True)
class Scene:
    """One fact about to be played: on which application, by whom, with which dice, and when it is claimed to have happened."""

    application: Application
    by: User
    rng: random.Random
    occurred_at: dt.datetime | None = None
    traits: frozenset[str] = frozenset()

    @property
    def high(self) -> bool:
        """Whether it is a high-voltage case."""
        return self.application.high

    @property
    def several(self) -> int:
        """How many sources it has."""
        return {"hv_dual": 2, "hv_multi": 3}.get(self.application.supply_class, 1)

    def applicant(self) -> Any:
        """The applicant's party."""
        return self.application.parties.get(role="applicant")


def _accept(s: Scene) -> None:
    verdict = three_zero_of(s.application, timezone.localdate())
    intake.accept(s.application, by=s.by, three_zero=verdict.applies, occurred_at=s.occurred_at)


def _survey(s: Scene) -> None:
    a, rng = s.application, s.rng
    survey.record_survey(
        a, by=s.by, surveyors=[s.by], occurred_at=s.occurred_at, can_supply=True, approved_capacity=a.capacity,
        load_kind="ordinary", distance_m=rng.choice([20, 35, 60, 120, 240]), external_line=rng.random() < 0.35,
        customer_works=s.high or "works" in s.traits or a.supply_class.startswith("pv"),
        important_grade="second" if "important" in s.traits else "",
        estate=False, photos=rng.randint(3, 8), line=f"{rng.choice('纬经环滨')}{rng.randint(1, 9)}线", pole=f"{rng.randint(3, 60)}号杆",
        transformer_area=f"{rng.choice(['海棠', '云溪', '开发区', '南塘'])}{rng.randint(1, 12)}号台区",
        findings="现场具备供电条件，进线位置已与客户确认。",
    )  # fmt: skip


def _scheme(s: Scene) -> None:
    a = s.application
    scheme.draft_scheme(
        a, by=s.by, occurred_at=s.occurred_at, voltage="10" if s.high else "0.4", capacity=a.capacity or 10,
        sources=[_source(s, place) for place in range(s.several)], points=[_point(s, place + 1) for place in range(s.several)],
        ownership_boundary="T接点电源侧归供电企业，负荷侧归客户" if s.high else "表箱出线开关以上归供电企业，以下归客户",
        utility_pays="外线至产权分界点", customer_pays="受电工程" if s.high else "",
    )  # fmt: skip


def _source(s: Scene, place: int) -> dict[str, Any]:
    """One source; each of several comes from another line."""
    area = "" if s.high else f"海棠{s.rng.randint(1, 12)}号台区"
    return {
        "nature": "main" if place == 0 else "standby", "substation": ["城东变", "城西变", "新港变"][place] if s.high else "",
        "line": f"{'纬经环'[place]}{s.rng.randint(1, 9)}线", "pole": f"{s.rng.randint(3, 60)}号杆", "transformer_area": area,
    }  # fmt: skip


def _point(s: Scene, source: int) -> dict[str, Any]:
    tariff = TariffCategory.objects.filter(in_force=True).order_by("order")[1 if s.high else 0]
    return {
        "source": source, "mode": "hv_hv" if s.high else "lv_lv", "phase": "3" if s.high or (s.application.capacity or 0) > 12 else "1",
        "ct_ratio": "40/5" if s.high else "", "pt_ratio": "10000/100" if s.high else "", "meter_class": "0.5S" if s.high else "2.0",
        "transformer_class": "0.2S" if s.high else "",
        "tariff": tariff,
    }  # fmt: skip


def _contract(s: Scene) -> None:
    contract.issue_contract(
        s.application,
        by=s.by,
        kind=kinds_for(s.application)[0],
        issued_to=s.applicant(),
        method="online",
        occurred_at=s.occurred_at,
    )


def _sign(s: Scene) -> None:
    text = latest_contract(s.application)
    assert text is not None
    contract.sign_contract(
        s.application,
        by=s.by,
        digest=text.digest,
        method="e_seal" if s.by.kind == "customer" else "pad",
        party=s.applicant(),
    )


def _agree(s: Scene) -> None:
    shown = latest_scheme(s.application)
    assert shown is not None
    scheme.agree_scheme(s.application, by=s.by, digest=shown.digest, party=s.applicant())


def _meter(s: Scene) -> None:
    number, slip = f"37{s.rng.randint(10**9, 10**10 - 1)}", f"LY{s.rng.randint(1000, 9999)}"
    if not s.application.meterissues.filter(number=slip).exists():
        metering.issue_meters(
            s.application, by=s.by, number=slip, meters=[number], transformers=[f"{number}H"] if s.high else [], issued_date=timezone.localdate(),
        )  # fmt: skip
    metering.record_metering(
        s.application, by=s.by, fitters=[s.by], occurred_at=s.occurred_at, asset_no=number, issue_slip=slip,
        seals=[f"F{s.rng.randint(10**6, 10**7 - 1)}"], phase="3" if s.high else "1", ct_ratio="40/5" if s.high else "",
        pt_ratio="10000/100" if s.high else "", first_reading=Decimal("0.00"),
    )  # fmt: skip


def _works_done(s: Scene) -> None:
    call = (
        works.notify_completion
        if s.application.case.tasks.get(node_code="completion", outcome="").round == 1
        else works.request_reinspection
    )
    extra: dict[str, Any] = {} if call is works.notify_completion else {"mended": "接地线已更换，标识已补齐"}
    call(
        s.application, by=s.by, constructor="临川恒安电力安装公司", licence_no=f"4-3-{s.rng.randint(10000, 99999)}-2024",
        finished_date=timezone.localdate(), **extra,
    )  # fmt: skip


def _inspect(s: Scene) -> None:
    items = ["接地装置", "继电保护整定", "电能计量装置", "安全工器具"]
    first = not s.application.inspections.exists() and not s.application.rectificationnotices.exists()
    if "defects" in s.traits and first:
        inspection.require_rectification(
            s.application, by=s.by, inspectors=[s.by], defects=["接地线截面不足", "母线标识缺失"],
            due_date=timezone.localdate() + dt.timedelta(days=14),
        )  # fmt: skip
        return
    inspection.record_inspection(
        s.application, by=s.by, inspectors=[s.by], items=items, occurred_at=s.occurred_at
    )


def _archive(s: Scene) -> None:
    archive.archive(
        s.application, by=s.by, number=f"DA-{timezone.localdate():%Y}-{str(s.application.case)[-6:]}", location="一号柜",
        present=["application_form", "contract"],
    )  # fmt: skip


def _hosting(s: Scene) -> None:
    wanted = s.application.capacity or Decimal(10)
    pv.assess_hosting(
        s.application, by=s.by, asset=f"海棠{s.rng.randint(1, 12)}号台区", open_kwp=wanted * 4, as_of_date=timezone.localdate(),
        result="fits",
    )  # fmt: skip


def _filing(s: Scene) -> None:
    pv.record_filing(
        s.application, by=s.by, number=f"2026-370102-{s.rng.randint(1000, 9999)}", filer=s.application.pv.filer,
        filed_date=timezone.localdate(),
    )  # fmt: skip


def _removal(s: Scene) -> None:
    meter = s.application.meterings.latest("recorded_at")
    temporary.record_removal(
        s.application, by=s.by, asset_no=meter.asset_no, last_reading=meter.first_reading + s.rng.randint(50, 4000), settled=True
    )  # fmt: skip


def _grid_works(s: Scene) -> None:
    """Items are entered, reported on and finished; the last one ends the task. A play is one step, a later visit the next."""
    a, today = s.application, timezone.localdate()
    if not a.worksitems.filter(side="grid").exists():
        for number in range(1, s.several + 1):
            _enter_works(s, number if s.several > 1 else None)
        if s.high:
            works_items.add_works(
                a, by=s.by, side="customer", kind="receiving", extent=f"受电变压器 {a.capacity:.0f} {a.capacity_unit} 及配电装置",
                payer="customer", boundary="产权分界点负荷侧", builder="临川恒安电力安装公司",
            )  # fmt: skip
    left = list(a.worksitems.filter(side="grid", finish=None))
    item = left[0]
    if not item.reports.exists():
        for one in left:
            works_items.report_works(
                a, by=s.by, item=one, news="material_asked", day=today, reference=f"WZ-{s.rng.randint(1000, 9999)}",
                expected_date=today + dt.timedelta(days=6),
            )  # fmt: skip
        return
    if not item.reports.filter(news__in=["outage", "live"]).exists():
        works_items.report_works(a, by=s.by, item=item, news="started", day=today)
        works_items.report_works(
            a, by=s.by, item=item, news="outage" if s.high else "live", day=today, reference=f"TD-{s.rng.randint(100, 999)}",
            expected_date=today + dt.timedelta(days=4),
        )  # fmt: skip
        return
    works_items.finish_works(a, by=s.by, item=item, finished_date=today, paid_by=item.payer)


def _enter_works(s: Scene, source: int | None) -> None:
    a, today = s.application, timezone.localdate()
    kind, extent = (
        ("cable", f"10 千伏电缆 {s.rng.randint(8, 60) * 10} 米") if s.high else ("service", "下户线及表箱")
    )
    works_items.add_works(
        a, by=s.by, side="grid", kind=kind, extent=extent, source_number=source, payer="utility", boundary="外线至产权分界点",
        project_no=f"WBS-{today:%y}-{s.rng.randint(1000, 9999)}" if s.high else "", start_date=today + dt.timedelta(days=3),
        finish_date=today + dt.timedelta(days=20 if s.high else 6),
    )  # fmt: skip


def _charges(s: Scene) -> None:
    """None, as everywhere today; in one story the charge that was still on the list then."""
    kind = fee_kinds_in_force().filter(code=LIFTED).first() if "charged" in s.traits else None
    items = (
        [{"kind": kind, "unit_price": Decimal("5.00"), "quantity": s.application.capacity}] if kind else []
    )
    fees.determine_fees(s.application, by=s.by, no_fee=not items, items=items)


def _pay(s: Scene) -> None:
    due = s.application.unpaid()
    receipt = f"SJ{s.rng.randint(10**5, 10**6 - 1)}" if due else ""
    fees.record_payment(
        s.application,
        by=s.by,
        amount=due,
        payer=s.applicant(),
        receipt_no=receipt,
        paid_date=timezone.localdate(),
    )


LIFTED = "demo_lifted"
"""A charge of the demo's own invention, off the list since: so that a receipt and a refund can be looked at."""


PLAYS: dict[str, Callable[[Scene], Any]] = {
    "acceptance": _accept,
    "survey": _survey,
    "scheme": _scheme,
    "countersignature": lambda s: scheme.countersign(s.application, by=s.by, opinion="同意"),
    "reply": lambda s: scheme.reply_scheme(
        s.application, by=s.by, method="online", delivered_to=s.applicant()
    ),
    "agreement": _agree,
    "fees": _charges,
    "payment": _pay,
    "grid_works": _grid_works,
    "contract": _contract,
    "signature": _sign,
    "design": lambda s: works.submit_design(
        s.application, by=s.by, designer="临川电力设计院", licence_no="B137000123"
    ),
    "design_review": lambda s: works.review_design(s.application, by=s.by, opinions=["请补充二次回路图"]),
    "mid_request": lambda s: works.request_mid_inspection(
        s.application, by=s.by, parts="接地网、电缆敷设", ready_date=timezone.localdate()
    ),
    "mid_inspection": lambda s: works.record_mid_inspection(
        s.application, by=s.by, inspectors=[s.by], passed=True, items=["接地网", "电缆敷设"]
    ),
    "completion": _works_done,
    "inspection": _inspect,
    "metering": _meter,
    "energisation": lambda s: metering.energise_source(
        s.application, by=s.by, energised_by=s.by, reading=Decimal("0.50"), occurred_at=s.occurred_at
    ),
    "archive": _archive,
    "change_consent": lambda s: change.record_change_consent(
        s.application, by=s.by, method="paper", identified=True
    ),
    "handover": lambda s: change.record_handover(
        s.application,
        by=s.by,
        reading=Decimal(s.rng.randint(500, 20000)),
        read_date=timezone.localdate(),
        settled=True,
    ),
    "hosting": _hosting,
    "filing": _filing,
    "removal": _removal,
}
"""One play per fact a node can ask for."""
