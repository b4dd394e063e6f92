"""The terms of a case in words: lines of a scheme's text, names for a contract's template. Papers are in Chinese whoever works on them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from string import Template
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Application, ContractTemplate, MeteringPoint, Party, Scheme, SchemeSource
from applications.selectors.category_terms import category_terms
from staff.formats import long_day

PAPER_LANGUAGE = "zh-hans"
DASH = "—"


def figure(number: Decimal | None) -> str:
    """A number without needless zeros: 315, 12.5."""
    return DASH if number is None else f"{number.normalize():f}"


def scheme_lines(
    scheme: Scheme, sources: Sequence[SchemeSource], points: Sequence[MeteringPoint]
) -> list[tuple[str, str]]:
    """What a scheme says, as (label, value) in the reader's language: for its page, the reply notice and its text."""
    lines = [
        (_("Supply voltage"), f"{scheme.voltage} kV"),
        (_("Supply capacity"), f"{figure(scheme.capacity)} {scheme.capacity_unit}"),
    ]
    lines += [(_("Source %(n)s") % {"n": source.number}, _source(source)) for source in sources]
    lines += [(_("Metering point %(n)s") % {"n": point.number}, _point(point)) for point in points]
    lines += [
        (_("Ownership boundary"), scheme.ownership_boundary),
        (_("Built and paid by the utility"), scheme.utility_pays or DASH),
        (_("Built and paid by the customer"), scheme.customer_pays or DASH),
    ]
    if scheme.yearly_cost is not None:
        lines.append((_("Estimated yearly cost"), f"￥{scheme.yearly_cost:,.2f}"))
    if scheme.validity_months:
        lines.append((_("Holds for"), _("%(n)s months from the reply") % {"n": scheme.validity_months}))
    return lines


def _source(source: SchemeSource) -> str:
    return f"{source.get_nature_display()} · {source.voltage} kV · {source.source_point or DASH}"


def _point(point: MeteringPoint) -> str:
    parts = [point.get_mode_display(), point.get_phase_display(), point.tariff.name]
    parts += [f"CT {point.ct_ratio}"] if point.ct_ratio else []
    parts += [f"PT {point.pt_ratio}"] if point.pt_ratio else []
    parts += [_("meter class %(class)s") % {"class": point.meter_class}] if point.meter_class else []
    return " · ".join(str(part) for part in parts)


def scheme_text(
    application: Application, scheme: Scheme, sources: Sequence[SchemeSource], points: Sequence[MeteringPoint]
) -> str:
    """The version's text, whose digest is agreed to and signed. It names the case, no person."""
    with override(PAPER_LANGUAGE):
        head = [
            _("Supply scheme"),
            _("Application number: %(number)s")
            % {"number": application.case.application_no or application.case.contact_no},
            _("Version %(n)s") % {"n": scheme.number},
        ]
        body = [f"{label}：{value}" for label, value in scheme_lines(scheme, sources, points)]
        return "\n".join([*head, *body]) + "\n"


def contract_text(
    template: ContractTemplate, application: Application, scheme: Scheme | None, number: str, customer: Party
) -> str:
    """The contract: the template's wording with this case's terms. Before a scheme stands, what was applied for."""
    with override(PAPER_LANGUAGE):
        names = _terms(application, scheme)
        names |= {
            "number": number,
            "customer": customer.person.name,
            "day": long_day(timezone.localdate()),
            "office": application.case.office.name_zh,
            **category_terms(application),
        }
        return Template(template.body).safe_substitute(names)


def _terms(application: Application, scheme: Scheme | None) -> dict[str, Any]:
    capacity = scheme.capacity if scheme else application.capacity
    voltage = scheme.voltage if scheme else application.voltage
    point = scheme.metering_points.select_related("tariff").first() if scheme else None
    source = scheme.sources.first() if scheme else None
    premises = getattr(application, "premises", None)
    return {
        "application_no": application.case.application_no or application.case.contact_no,
        "address": premises.address if premises else DASH,
        "capacity": f"{figure(capacity)} {application.capacity_unit}",
        "voltage": f"{voltage} kV" if voltage else DASH,
        "source": (source.source_point or DASH) if source else DASH,
        "metering": _point(point) if point else DASH,
        "tariff": point.tariff.name if point else DASH,
        "boundary": scheme.ownership_boundary if scheme else DASH,
        "utility_pays": (scheme.utility_pays or DASH) if scheme else DASH,
        "customer_pays": (scheme.customer_pays or DASH) if scheme else DASH,
    }
