"""供电方案答复单, with the fields of the trade's form, and the notice that its validity was extended."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from applications.models import (
    Application,
    FeeSheet,
    ImportantGrade,
    MeteringPoint,
    PartyRole,
    ReplyNotice,
    Scheme,
)
from applications.selectors.facts import latest_fee_sheet, latest_survey
from applications.selectors.sheets.frame import (
    DASH,
    address_line,
    applicant_of,
    business_of,
    framed,
    number_of,
    place_of,
    signed_by,
    usage_of,
)
from applications.selectors.terms import figure, share_words
from applications.sheets.parts import Facts, Line, Part, Sheet, Table
from staff.formats import long_day, mask_phone, money, quantity

ACCOUNT_KINDS = ("account", "account_no")


def scheme_reply(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """The scheme as it was answered: customer, charges, sources, metering; the digest ties it to the version."""
    reply = (
        ReplyNotice.objects.filter(application=application)
        .select_related("scheme", "recorded_by")
        .latest("recorded_at")
    )
    scheme = reply.scheme
    parts: list[Part | None] = [
        Facts(tuple(_customer(application, scheme))),
        _charges(latest_fee_sheet(application)),
        _sources(scheme),
        _metering(scheme),
        Facts(tuple(_terms(scheme, reply))),
        signed_by(application, reply.recorded_by, moment),
    ]
    return framed(application, _("Reply with the supply scheme"), parts, n, moment)


def _customer(application: Application, scheme: Scheme) -> list[tuple[str, str]]:
    who = applicant_of(application)
    contact = (
        application.parties.filter(role__in=[PartyRole.CONTACT, PartyRole.AGENT])
        .select_related("person")
        .first()
        or who
    )
    return [
        (_("Customer number"), account_of(application)),
        (_("Application number"), number_of(application)),
        (_("Account holder"), who.person.name),
        (_("Address of supply"), place_of(application)),
        (_("Business"), business_of(application)),
        (_("Electricity category"), usage_of(application)),
        (_("Industry"), application.industry or DASH),
        _grade_or_voltage(application, scheme),
        (_("Supply capacity"), quantity(scheme.capacity, scheme.capacity_unit)),
        (_("Contact person"), contact.person.name),
        (_("Contact telephone"), mask_phone(contact.person.phone) or DASH),
    ]


def account_of(application: Application) -> str:
    """户号, if there is one yet."""
    ref = application.case.external_refs.filter(kind__in=ACCOUNT_KINDS).first()
    return ref.value if ref else _("given once power is on")


def _grade_or_voltage(application: Application, scheme: Scheme) -> tuple[str, str]:
    if not application.supply_class.startswith("hv"):
        return _("Supply voltage"), f"{scheme.voltage} kV"
    survey = latest_survey(application)
    grade = ImportantGrade(survey.important_grade if survey else "").label
    return _("Intended grade of the user"), f"{grade}；{scheme.voltage} kV"


def _charges(sheet: FeeSheet | None) -> Table:
    head = (_("Charge"), _("Unit price"), _("Quantity or capacity"), _("Amount due"), _("Basis"))
    if sheet is None:
        rows = [
            (_("not determined yet"), DASH, DASH, DASH, _("you will get the sheet before anything is due"))
        ]
    elif sheet.no_fee:
        rows = [(_("No charges"), DASH, DASH, money(0), DASH)]
    else:
        rows = [
            (
                item.kind.name,
                money(item.unit_price),
                f"{figure(item.quantity)} {item.unit}",
                money(item.amount),
                item.basis,
            )
            for item in sheet.items.select_related("kind")
        ]
    return Table(_("Charges"), head, tuple(rows), (20, 16, 18, 16, 30))


def _sources(scheme: Scheme) -> Table:
    head = (_("Source no."), _("Nature of the source"), _("Voltage"), _("Capacity"), _("Source point"))
    rows = [
        (
            str(s.number),
            s.get_nature_display(),
            f"{s.voltage} kV",
            quantity(s.capacity, scheme.capacity_unit),
            s.source_point or DASH,
        )
        for s in scheme.sources.all()
    ]
    return Table(_("Sources"), head, tuple(rows), (12, 16, 12, 16, 44))


def _metering(scheme: Scheme) -> Table:
    head = (
        _("Point no."), _("Price class"), _("Fixed quantity or share"), _("Meter's class"), _("Specification and wiring"),
        _("Transformers' class"), _("Ratio"),
    )  # fmt: skip
    rows = [_point(point) for point in scheme.metering_points.select_related("tariff")]
    return Table(_("Metering"), head, tuple(rows), (9, 19, 14, 12, 20, 12, 14))


def _point(point: MeteringPoint) -> tuple[str, ...]:
    ratio = " ".join(
        filter(
            None,
            [
                f"CT {point.ct_ratio}" if point.ct_ratio else "",
                f"PT {point.pt_ratio}" if point.pt_ratio else "",
            ],
        )
    )
    return (
        str(point.number),
        point.tariff.name,
        share_words(point) if point.share_kind else _("none"),
        point.meter_class or DASH,
        f"{point.get_mode_display()}，{point.get_phase_display()}",
        point.transformer_class or (DASH if ratio else _("none")),
        ratio or DASH,
    )


def _terms(scheme: Scheme, reply: ReplyNotice) -> list[tuple[str, str]]:
    rows = [
        (_("Version"), str(scheme.number)),
        (_("Ownership boundary"), scheme.ownership_boundary),
        (_("Built and paid by the utility"), scheme.utility_pays or DASH),
        (_("Built and paid by the customer"), scheme.customer_pays or DASH),
    ]
    if scheme.yearly_cost is not None:
        said = _("%(cost)s, an estimate with parameters to be checked; nothing is charged by it")
        rows.append((_("Estimated yearly cost"), said % {"cost": money(scheme.yearly_cost)}))
    if reply.objection_until_date:
        rows.append((_("Objections until"), long_day(reply.objection_until_date)))
    if reply.valid_until_date:
        rows.append((_("Holds until"), long_day(reply.valid_until_date)))
    return [*rows, (_("Delivered"), reply.get_method_display()), (_("Digest of the scheme"), scheme.digest)]


def extension_notice(application: Application, n: int, moment: dt.datetime) -> Sheet:
    """Extended once: both days stand beside each other."""
    extension = application.schemeextensions.select_related("scheme", "recorded_by").latest("recorded_at")
    rows = (
        (_("Version of the scheme"), str(extension.scheme.number)),
        (_("Held until by the reply"), long_day(extension.original_date)),
        (_("Holds until now"), long_day(extension.until_date)),
        (_("Reason"), extension.reason),
        (_("How the customer agreed"), extension.get_method_display()),
    )
    parts: list[Part | None] = [
        address_line(application),
        Line(_("As you asked, the validity of your supply scheme is extended. It can be extended once.")),
        Facts(rows),
        signed_by(application, extension.recorded_by, moment),
    ]
    return framed(application, _("Extension of the scheme's validity"), parts, n, moment)
