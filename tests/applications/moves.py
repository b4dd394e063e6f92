"""Plausible input for every act, so that whatever is tried is refused for who and when, never for what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.forms import FORMS
from applications.forms.contract import kinds_for
from applications.models import (
    Application,
    Payment,
    TariffCategory,
    TemporaryParticulars,
    WorksItem,
    WorksNews,
)
from applications.selectors.facts import latest_contract, latest_fee_sheet, latest_metering, latest_scheme
from applications.services import SERVICES
from applications.services.papers import receive_document
from staff.demo import PASSWORD
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Task, WaitCause

FIRM = {"constructor": "恒信安装公司", "licence_no": "4-3-00123-2024"}


@dataclass(frozen=True)
class Move:
    """One act about to be tried: by whom, on what, with which of the possible answers."""

    name: str
    application: Application
    by: User
    approver: User
    choice: int = 0

    @property
    def high(self) -> bool:
        return self.application.high

    def party(self) -> Any:
        return self.application.parties.get(role="applicant")

    def given(self) -> dict[str, Any] | None:
        """What the service takes; None where there is no way to fill the form in."""
        fill = (INPUT | OF_CATEGORIES).get(self.name)
        return dict(fill(self)) if fill else self._as_shown()

    def seen(self) -> dict[str, Any]:
        """What policies are told of it, as the service tells them."""
        return {
            key: str(getattr(value, "pk", value))
            for key, value in (self.given() or {}).items()
            if key in ("approved_by", "node")
        }

    def do(self, given: Mapping[str, Any], **how: Any) -> Any:
        return SERVICES[self.name](
            self.application, by=self.by, circumstance=Circumstance(via="hall"), **given, **how
        )

    def _as_shown(self) -> dict[str, Any] | None:
        """For acts that came later: the form as it is shown, sent back unchanged."""
        form = FORMS[self.name](application=self.application, user=self.by)
        sent = {name: form[name].value() for name in form.fields}
        bound = FORMS[self.name](
            {k: v for k, v in sent.items() if v is not None}, application=self.application, user=self.by
        )
        return (
            {k: v for k, v in bound.cleaned_data.items() if k not in ("version", "key")}
            if bound.is_valid()
            else None
        )


def _survey(m: Move) -> dict[str, Any]:
    return {
        "surveyors": [m.by], "can_supply": m.choice % 7 != 3, "reason": "台区无可开放容量" if m.choice % 7 == 3 else "",
        "approved_capacity": m.application.capacity, "load_kind": "ordinary", "distance_m": 35, "external_line": m.choice % 2 == 0,
        "customer_works": m.high or m.choice % 3 == 0, "important_grade": "second" if m.high and m.choice % 3 == 1 else "",
        "estate": m.high and m.choice % 5 == 2, "photos": 4, "line": "纬三线", "pole": "12号杆", "transformer_area": "海棠3号台区", "findings": "",
    }  # fmt: skip


def _scheme(m: Move) -> dict[str, Any]:
    several = {"hv_dual": 2, "hv_multi": 3}.get(m.application.supply_class, 1)
    return {
        "voltage": "10" if m.high else "0.4", "capacity": m.application.capacity or Decimal(8), "ownership_boundary": "表箱出线端",
        "sources": [_source(place) for place in range(several)], "points": [_point(m, place + 1) for place in range(several)],
    }  # fmt: skip


def _source(place: int) -> dict[str, Any]:
    nature = "main" if place == 0 else "standby"
    return {
        "nature": nature,
        "substation": "城东变",
        "line": f"纬{'三四五'[place]}线",
        "pole": "12号杆",
        "transformer_area": "",
    }


def _point(m: Move, source: int) -> dict[str, Any]:
    return {
        "source": source, "mode": "hv_hv" if m.high else "lv_lv", "phase": "3" if m.high else "1", "ct_ratio": "40/5" if m.high else "",
        "pt_ratio": "10000/100" if m.high else "", "meter_class": "1", "tariff": TariffCategory.objects.filter(in_force=True).earliest("order"),
    }  # fmt: skip


def _shown(found: Any) -> str:
    return found.digest if found else "sha-256:" + "0" * 64


def _meter(m: Move) -> dict[str, Any]:
    return {
        "fitters": [m.by], "asset_no": f"3701{m.application.case.event_number:08d}", "issue_slip": "", "seals": ["F1"], "phase": "1",
        "ct_ratio": "", "pt_ratio": "", "first_reading": Decimal(0),
    }  # fmt: skip


def _reading(m: Move) -> dict[str, Any]:
    meter = latest_metering(m.application)
    return {"energised_by": m.by, "reading": meter.first_reading if meter else Decimal(0)}


def _payment(m: Move) -> dict[str, Any]:
    due = m.application.unpaid() if latest_fee_sheet(m.application) else Decimal(0)
    return {"amount": due, "payer": m.party(), "receipt_no": "", "paid_date": timezone.localdate()}


def _back_to(m: Move) -> dict[str, Any]:
    reached = sorted(m.application.case.tasks.filter(current=True).values_list("node_code", flat=True))
    return {"node": reached[m.choice % len(reached)] if reached else "archive", "note": "需复核"}


def _archive(m: Move) -> dict[str, Any]:
    return {
        "number": f"DA-{m.application.case.pk.hex[-12:]}-{m.application.case.event_number}",
        "location": "一号柜",
        "present": ["fact:contract"],
    }


def _side(m: Move) -> str:
    """The grid's works are entered while the task for them is open."""
    nodes = m.application.case.tasks.filter(outcome="").values_list("node_code", flat=True)
    return "grid" if m.choice % 3 and any(node.startswith("grid_works") for node in nodes) else "customer"


def _works_finished(m: Move) -> dict[str, Any]:
    left = m.application.worksitems.filter(side="grid", finish=None).first()
    day = {"finished_date": timezone.localdate()}
    return day | (
        {"item": left, "paid_by": left.payer, "note": ""} if left else {"item": None, "note": "原有线路可用"}
    )


INPUT: dict[str, Callable[[Move], dict[str, Any]]] = {
    "record_echo": lambda m: {"earlier_at": timezone.now() - dt.timedelta(days=3)} if m.choice % 2 else {},
    "accept": lambda m: {"three_zero": not m.high and m.choice % 2 == 0, "three_zero_basis": "按客户意愿"},
    "request_documents": lambda _: {"items": {"identity": "照片模糊，请重拍"}, "note": "请重拍"},
    "supply_documents": lambda _: {},
    "refuse": lambda _: {"reason": "不在本公司供电区域", "clause": "supervision_2009_time"},
    "record_survey": _survey,
    "draft_scheme": _scheme,
    "countersign": lambda _: {"opinion": "同意"},
    "return_scheme": lambda _: {"opinion": "变比偏小"},
    "reply_scheme": lambda m: {"method": "online", "delivered_to": m.party()},
    "agree_scheme": lambda m: {"digest": _shown(latest_scheme(m.application)), "party": m.party()},
    "object_to_scheme": lambda m: {"digest": _shown(latest_scheme(m.application)), "party": m.party(), "text": "希望换一条线路"},
    "revise_scheme": lambda _: {"cause": "grid", "reason": "线路改造"},
    "determine_fees": lambda _: {"no_fee": True},
    "record_payment": _payment,
    "issue_contract": lambda m: {
        "kind": kinds_for(m.application)[0],
        "issued_to": m.party(), "method": "online",
    },
    "sign_contract": lambda m: {"digest": _shown(latest_contract(m.application)), "method": "pad", "party": m.party()},
    "submit_design": lambda _: {"designer": "临川设计院", "licence_no": "A137000123"},
    "review_design": lambda _: {"opinions": []},
    "return_design": lambda _: {"opinions": ["补充计算书"]},
    "request_mid_inspection": lambda _: {"parts": "接地网", "ready_date": timezone.localdate()},
    "record_mid_inspection": lambda m: {"inspectors": [m.by], "passed": m.choice % 2 == 0, "items": ["接地"], "opinions": ["电阻偏大"]},
    "notify_completion": lambda _: FIRM | {"finished_date": timezone.localdate()},
    "request_reinspection": lambda _: FIRM | {"finished_date": timezone.localdate(), "mended": "已整改"},
    "record_inspection": lambda m: {"inspectors": [m.by], "items": ["接地"], "remarks": []},
    "require_rectification": lambda m: {
        "inspectors": [m.by], "defects": ["接地线截面不足"], "due_date": timezone.localdate() + dt.timedelta(days=14),
    },
    "add_works": lambda m: {
        "side": _side(m), "kind": "cable", "extent": "10 kV 电缆 240 米", "source_number": None,
        "payer": "utility", "boundary": "表箱出线端", "clause": None, "builder": "", "project_no": "", "start_date": None, "finish_date": None,
    },
    "report_works": lambda m: {
        "item": m.application.worksitems.filter(finish=None).first() or WorksItem(), "news": WorksNews.values[m.choice % 9],
        "day": timezone.localdate(), "reference": "X-1", "expected_date": timezone.localdate(),
    },
    "finish_works": _works_finished,
    "state_wait": lambda m: {
        "about": m.application.case.tasks.filter(outcome="").first() or Task(), "cause": WaitCause.values[1 + m.choice % 8],
        "expected_date": None, "words": "",
    },
    "issue_meters": lambda m: {
        "number": f"LY{m.application.case.event_number}", "meters": [f"3701{m.application.case.event_number:08d}"],
        "transformers": [], "issued_date": timezone.localdate(),
    },
    "refund_payment": lambda m: {
        "payment": m.application.payments.first() or Payment(), "amount": Decimal(1), "reason": "ended", "note": "", "voucher_no": "TF-1",
        "refunded_date": timezone.localdate(), "approved_by": m.approver, "approver_password": PASSWORD,
    },
    "record_metering": _meter,
    "energise_source": _reading,
    "archive": _archive,
    "withdraw": lambda _: {"reason": "no_longer_wanted", "note": ""},
    "terminate": lambda _: {"reason": "other", "note": "联系不上"},
    "void": lambda m: {"reason": "opened_by_mistake", "note": "", "approved_by": m.approver, "approver_password": PASSWORD},
    "reopen": lambda _: {"note": "客户仍要办理"},
    "return_to_node": _back_to,
}  # fmt: skip


def _renewed(m: Move) -> dict[str, Any]:
    row = TemporaryParticulars.objects.filter(application=m.application).first()
    until = row.until_date if row else timezone.localdate()
    return {"until_date": max(until, timezone.localdate()) + dt.timedelta(days=20), "reason": "工期延长"}


def _taken_down(m: Move) -> dict[str, Any]:
    meter = latest_metering(m.application)
    return {
        "asset_no": meter.asset_no if meter else "0",
        "last_reading": (meter.first_reading if meter else 0) + Decimal(9),
        "settled": True,
    }


def _filed(m: Move) -> dict[str, Any]:
    return {"number": "2026-370102-77", "filer": "owner", "filed_date": timezone.localdate()}


OF_CATEGORIES: dict[str, Callable[[Move], dict[str, Any]]] = {
    "record_change_consent": lambda _: {"method": "paper", "identified": True},
    "record_handover": lambda _: {"reading": Decimal(900), "read_date": timezone.localdate(), "settled": True},
    "assess_hosting": lambda m: {
        "asset": "海棠3号台区", "open_kwp": (m.application.capacity or 0) * 2, "as_of_date": timezone.localdate(), "result": "fits",
    },
    "record_filing": _filed,
    "renew_temporary": _renewed,
    "record_removal": _taken_down,
}  # fmt: skip
"""Acts that only some categories have."""


def hand_in_again(application: Application, by: User) -> None:
    """The paper that request_documents asks for comes in."""
    receive_document(application, "identity", SimpleUploadedFile("id.jpg", b"photo"), by=by, channel="hall")
