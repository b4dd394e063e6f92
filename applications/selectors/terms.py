"""The terms of a case in words: lines of a scheme's text, names for a contract's template. Papers are in Chinese whoever works on them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from string import Template
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import (
    Application,
    ContractTemplate,
    MeteringPoint,
    Party,
    ReceivingPoint,
    Scheme,
    SchemeOption,
    SchemeSource,
    Share,
)
from applications.selectors.category_terms import category_terms
from staff.formats import long_day

PAPER_LANGUAGE = "zh-hans"
DASH = "—"
SEMICOLON = "；"


def figure(number: Decimal | None) -> str:
    """A number without needless zeros: 315, 12.5."""
    return DASH if number is None else f"{number.normalize():f}"


def scheme_lines(
    scheme: Scheme,
    sources: Sequence[SchemeSource],
    points: Sequence[MeteringPoint],
    receivers: Sequence[ReceivingPoint] = (),
    options: Sequence[SchemeOption] = (),
) -> list[tuple[str, str]]:
    """What a scheme says, as (label, value) in the reader's language: for its page, the reply notice and its text."""
    lines = [
        (_("Supply voltage"), f"{scheme.voltage} kV"),
        (_("Supply capacity"), f"{figure(scheme.capacity)} {scheme.capacity_unit}"),
    ]
    lines += [(_("Receiving point %(n)s") % {"n": r.number}, _receiver(r, scheme)) for r in receivers]
    several, branched = len(receivers) > 1, len(sources) > 1
    lines += [(_("Source %(n)s") % {"n": s.number}, _source(s, scheme, several, branched)) for s in sources]
    lines += [(_("Metering point %(n)s") % {"n": p.number}, _point(p, branched)) for p in points]
    lines += [
        (_("Ownership boundary"), scheme.ownership_boundary),
        (_("Built and paid by the utility"), scheme.utility_pays or DASH),
        (_("Built and paid by the customer"), scheme.customer_pays or DASH),
    ]
    if scheme.pricing:
        lines.append((_("Tariff made up of"), scheme.get_pricing_display()))
    if scheme.yearly_cost is not None:
        lines.append((_("Estimated yearly cost"), money(scheme.yearly_cost)))
    lines += [(_("Option %(n)s") % {"n": option.number}, option_words(option, scheme)) for option in options]
    if scheme.validity_months:
        lines.append((_("Holds for"), _("%(n)s months from the reply") % {"n": scheme.validity_months}))
    return lines


def tree_lines(scheme: Scheme) -> list[tuple[str, str]]:
    """The lines of a version that is on record, with all that belongs to it."""
    return scheme_lines(
        scheme,
        list(scheme.sources.select_related("receiver")),
        list(scheme.metering_points.select_related("tariff", "source")),
        list(scheme.receivers.all()),
        list(scheme.options.all()),
    )


def money(amount: Decimal) -> str:
    """An amount in yuan: ￥1,234.00."""
    return f"￥{amount:,.2f}"


def option_words(option: SchemeOption, scheme: Scheme) -> str:
    """One of two ways of using power, in a line. Its cost is an estimate and says so."""
    return " · ".join(
        (
            f"{option.voltage} kV",
            f"{figure(option.capacity)} {scheme.capacity_unit}",
            str(option.get_pricing_display()),
            _("estimated %(cost)s a year") % {"cost": money(option.yearly_cost)},
        )
    )


def _receiver(receiver: ReceivingPoint, scheme: Scheme) -> str:
    size = f"{figure(receiver.capacity)} {scheme.capacity_unit}"
    return f"{receiver.name} · {size}" if receiver.name else size


def _source(source: SchemeSource, scheme: Scheme, several: bool, branched: bool) -> str:
    parts = [str(source.get_nature_display()), f"{source.voltage} kV"]
    parts += [f"{figure(source.capacity)} {scheme.capacity_unit}"] if branched else []
    parts.append(source.source_point or DASH)
    if several and source.receiver:
        parts.append(_("for receiving point %(n)s") % {"n": source.receiver.number})
    return " · ".join(parts)


def _point(point: MeteringPoint, branched: bool = False) -> str:
    parts = [point.get_mode_display(), point.get_phase_display(), point.tariff.name]
    parts += [f"CT {point.ct_ratio}"] if point.ct_ratio else []
    parts += [f"PT {point.pt_ratio}"] if point.pt_ratio else []
    parts += [_("meter class %(class)s") % {"class": point.meter_class}] if point.meter_class else []
    parts += [_("transformer class %(class)s") % {"class": point.transformer_class}] if point.transformer_class else []  # fmt: skip
    parts += [share_words(point)] if point.share_kind else []
    if branched and point.source:
        parts.append(_("on source %(n)s") % {"n": point.source.number})
    return " · ".join(str(part) for part in parts)


def share_words(point: MeteringPoint) -> str:
    """定量定比 in words: 30 % of what is measured, or 200 kWh a month."""
    if point.share_kind == Share.RATIO:
        return _("fixed share %(n)s %%") % {"n": figure(point.share_value)}
    return _("fixed quantity %(n)s kWh a month") % {"n": figure(point.share_value)}


def scheme_text(
    application: Application,
    scheme: Scheme,
    sources: Sequence[SchemeSource],
    points: Sequence[MeteringPoint],
    receivers: Sequence[ReceivingPoint] = (),
    options: Sequence[SchemeOption] = (),
) -> str:
    """The version's text, whose digest is agreed to and signed. It covers the whole tree and names the case, no person."""
    with override(PAPER_LANGUAGE):
        head = [
            _("Supply scheme"),
            _("Application number: %(number)s")
            % {"number": application.case.application_no or application.case.contact_no},
            _("Version %(n)s") % {"n": scheme.number},
        ]
        body = [
            f"{label}：{value}" for label, value in scheme_lines(scheme, sources, points, receivers, options)
        ]
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
    points = list(scheme.metering_points.select_related("tariff", "source")) if scheme else []
    sources = list(scheme.sources.select_related("receiver")) if scheme else []
    premises = getattr(application, "premises", None)
    return {
        "application_no": application.case.application_no or application.case.contact_no,
        "address": premises.address if premises else DASH,
        "capacity": f"{figure(capacity)} {application.capacity_unit}",
        "voltage": f"{voltage} kV" if voltage else DASH,
        "source": _sources_of(scheme, sources),
        "metering": SEMICOLON.join(_point(point, len(sources) > 1) for point in points) or DASH,
        "tariff": _tariffs_of(scheme, points),
        "boundary": scheme.ownership_boundary if scheme else DASH,
        "utility_pays": (scheme.utility_pays or DASH) if scheme else DASH,
        "customer_pays": (scheme.customer_pays or DASH) if scheme else DASH,
    }


def _sources_of(scheme: Scheme | None, sources: Sequence[SchemeSource]) -> str:
    if scheme is None or not sources:
        return DASH
    if len(sources) == 1:
        return sources[0].source_point or DASH
    several = len({source.receiver_id for source in sources}) > 1
    return SEMICOLON.join(f"{s.number}. {_source(s, scheme, several, True)}" for s in sources)


def _tariffs_of(scheme: Scheme | None, points: Sequence[MeteringPoint]) -> str:
    """Price classes, and how the tariff is made up: as the customer chose, else as drafted."""
    names = SEMICOLON.join(dict.fromkeys(point.tariff.name for point in points)) or DASH
    pricing = _pricing_agreed(scheme) if scheme else ""
    return f"{names}（{pricing}）" if pricing else names


def _pricing_agreed(scheme: Scheme) -> str:
    agreement = scheme.agreements.select_related("option").order_by("-recorded_at").first()
    if agreement and agreement.option:
        return str(agreement.option.get_pricing_display())
    return str(scheme.get_pricing_display()) if scheme.pricing else ""
