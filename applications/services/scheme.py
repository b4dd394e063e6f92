"""供电方案: drafted, countersigned or returned, replied, agreed or objected to, revised."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Agreement,
    AgreementMethod,
    Application,
    Countersignature,
    MeteringPoint,
    Objection,
    Party,
    ReplyNotice,
    Scheme,
    SchemeRevision,
    SchemeSource,
    Survey,
    digest_of,
)
from applications.selectors.facts import (
    cause_of_next_scheme,
    latest_scheme,
    latest_survey,
    months_after,
    months_for,
)
from applications.selectors.terms import scheme_text
from applications.services.facts import base, party_of, recording, said, split, there
from staff.models import User
from workflow.transitions import Act, Done, Refused, Stale

SOURCE = ("nature", "substation", "line", "pole", "transformer_area")
POINT = ("mode", "phase", "ct_ratio", "pt_ratio", "meter_class", "tariff")
SAID = (
    "voltage",
    "capacity",
    "nature",
    "mode",
    "phase",
    "ct_ratio",
    "pt_ratio",
    "meter_class",
    "tariff",
    "yearly_cost",
)


def draft_scheme(application: Application, *, by: User, **given: Any) -> Done:
    """A new version: one source, one metering point; its text's digest enters the log. Voltage and capacity become the case's."""
    how, fields, confirmed = split(given)
    data = said(fields, *SAID) | confirmed
    source = {name: fields.pop(name) for name in SOURCE if name in fields}
    point = {name: fields.pop(name) for name in POINT if name in fields}
    with recording(application, "draft_scheme", by, how, data, **fields) as a:
        if sentence := not_supplied_yet(latest_survey(application)):
            raise Refused(sentence)
        a.change(voltage=fields["voltage"], capacity=fields["capacity"])
        scheme = _next_version(a, application, fields)
        sources = [SchemeSource(scheme=scheme, voltage=scheme.voltage, capacity=scheme.capacity, **source)]
        points = [MeteringPoint(scheme=scheme, **point)]
        scheme.text = scheme_text(application, scheme, sources, points)
        scheme.digest = digest_of(scheme.text)
        for row in (scheme, *sources, *points):
            row.save(force_insert=True)
        a.data |= {"number": scheme.number, "cause": scheme.cause}
        a.documents.append(scheme.digest)
    return a.done


def not_supplied_yet(survey: Survey | None) -> str | None:
    """The sentence where the survey said no: a scheme for it would promise what cannot be given."""
    if survey is None or survey.can_supply:
        return None
    return _(
        "The survey found that supply is not possible yet. Have it surveyed again, or end the case with that reason."
    )


def _next_version(a: Act, application: Application, fields: dict[str, Any]) -> Scheme:
    last = latest_scheme(application)
    return Scheme(
        **base(a, application),
        number=last.number + 1 if last else 1,
        cause=cause_of_next_scheme(application),
        capacity_unit=application.capacity_unit,
        validity_months=months_for("validity", application.matching()),
        **fields,
    )


def countersign(application: Application, *, by: User, opinion: str = "", **given: Any) -> Done:
    """会签: another department agrees to the version."""
    return _countersign(application, "countersign", by, opinion, given, agreed=True)


def return_scheme(application: Application, *, by: User, opinion: str, **given: Any) -> Done:
    """会签 refused: the version goes back with an opinion and is drafted anew."""
    return _countersign(application, "return_scheme", by, opinion, given, agreed=False)


def _countersign(
    application: Application, name: str, by: User, opinion: str, given: dict[str, Any], *, agreed: bool
) -> Done:
    how, _fields, _confirmed = split(given)
    with recording(application, name, by, how, {"agreed": agreed}, opinion=opinion) as a:
        scheme = there(latest_scheme(application))
        Countersignature.objects.create(**base(a, application), scheme=scheme, agreed=agreed, opinion=opinion)
        _point_to(a, scheme)
    return a.done


def reply_scheme(
    application: Application, *, by: User, method: str, delivered_to: Party, **given: Any
) -> Done:
    """The reply notice: to whom, how and when; until when it can be objected to and holds, by the table of periods."""
    how, _fields, _confirmed = split(given)
    data = {"method": method, "delivered_to": str(delivered_to.pk)}
    with recording(application, "reply_scheme", by, how, data) as a:
        scheme = there(latest_scheme(application))
        delivered_at = a.occurred_at or timezone.now()
        day, matching = timezone.localdate(delivered_at), application.matching()
        notice = ReplyNotice.objects.create(
            **base(a, application),
            scheme=scheme,
            method=method,
            delivered_to=delivered_to,
            delivered_at=delivered_at,
            objection_until_date=months_after(day, months_for("objection", matching)),
            valid_until_date=months_after(day, scheme.validity_months),
        )
        _point_to(a, scheme)
        a.data |= said(vars(notice), "objection_until_date", "valid_until_date")
    return a.done


def agree_scheme(
    application: Application, *, by: User, digest: str, party: Party | None = None, **given: Any
) -> Done:
    """The customer agrees to the version that was shown and to no other."""
    how, _fields, _confirmed = split(given)
    with recording(application, "agree_scheme", by, how, {"digest": digest}, party=party) as a:
        scheme = _the_one_shown(application, digest)
        Agreement.objects.create(
            **base(a, application),
            scheme=scheme,
            party=party_of(application, by, party),
            method=_method(by),
            digest=scheme.digest,
        )
        a.data["method"] = _method(by)
        _point_to(a, scheme)
    return a.done


def object_to_scheme(
    application: Application, *, by: User, digest: str, text: str, party: Party | None = None, **given: Any
) -> Done:
    """The customer objects, in their own words: the scheme is drafted anew."""
    how, _fields, _confirmed = split(given)
    with recording(application, "object_to_scheme", by, how, {"digest": digest}, text=text, party=party) as a:
        scheme = _the_one_shown(application, digest)
        Objection.objects.create(
            **base(a, application),
            scheme=scheme,
            party=party_of(application, by, party),
            method=_method(by),
            text=text,
        )
        a.data["method"] = _method(by)
        _point_to(a, scheme)
    return a.done


def revise_scheme(application: Application, *, by: User, cause: str, reason: str, **given: Any) -> Done:
    """An agreed version is drafted again; the cause stands in the log, the reason beside the scheme."""
    how, _fields, _confirmed = split(given)
    with recording(application, "revise_scheme", by, how, {"cause": cause}, reason=reason) as a:
        scheme = there(latest_scheme(application))
        SchemeRevision.objects.create(**base(a, application), scheme=scheme, cause=cause, reason=reason)
        _point_to(a, scheme)
    return a.done


def _method(by: User) -> str:
    return AgreementMethod.OWN_DEVICE if by.kind == User.Kind.CUSTOMER else AgreementMethod.COUNTER_PAPER


def _the_one_shown(application: Application, digest: str) -> Scheme:
    scheme = there(latest_scheme(application))
    if scheme.digest != digest:
        raise Stale(_("There is a newer version of the scheme. Look at it before you decide."))
    return scheme


def _point_to(a: Act, scheme: Scheme) -> None:
    """The event says which version it is about, and by which digest."""
    a.data["number"] = scheme.number
    a.documents.append(scheme.digest)
