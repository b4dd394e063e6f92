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
    Document,
    Party,
    ReplyNotice,
    Scheme,
    Survey,
    digest_of,
)
from applications.selectors.capacity import rule_for
from applications.selectors.facts import (
    cause_of_next_scheme,
    latest_scheme,
    latest_survey,
    months_after,
    months_for,
)
from applications.selectors.terms import scheme_text
from applications.services.capacity import checks_for
from applications.services.facts import base, party_of, plain, recording, said, split, there
from applications.services.options import compared_options
from applications.services.scheme_tree import Tree
from applications.services.signing import confirm_code
from applications.services.versions import answer_with, method_of, option_of, point_to, the_one_shown
from staff.models import User
from workflow.path import asked_of
from workflow.transitions import Act, Done, Refused

SAID = ("voltage", "capacity", "pricing", "yearly_cost")
COMPARED = ("yearly_kwh", "other_voltage", "other_capacity", "other_pricing")


def draft_scheme(application: Application, *, by: User, **given: Any) -> Done:
    """A new version: receiving points, sources and metering points, the option beside it; the digest of its text enters the log.

    Voltage and capacity become the case's. A version drafted after an objection is the answer to it.
    """
    how, fields, confirmed = split(given)
    tree = Tree.of(fields)
    assets = [row.pop("asset", None) for row in tree.sources]
    compared = {name: fields.pop(name, None) for name in COMPARED}
    answer = fields.pop("answer", "")
    data = said(fields, *SAID) | plain(tree.said()) | confirmed
    brought = {**fields, **compared, "answer": answer, "assets": [asset and asset.pk for asset in assets]}
    with recording(application, "draft_scheme", by, how, data, **brought) as a:
        if sentence := not_supplied_yet(latest_survey(application)) or _why_not_tree(application, tree):
            raise Refused(sentence)
        a.change(voltage=fields["voltage"], capacity=fields["capacity"])
        scheme = _next_version(a, application, fields)
        receivers, sources, points = tree.rows(scheme)
        options = compared_options(scheme, compared)
        for source, check in zip(sources, checks_for(a, application, tree.sources, assets), strict=True):
            source.capacity_check = check
        scheme.text = scheme_text(application, scheme, sources, points, receivers, options)
        scheme.digest = digest_of(scheme.text)
        answered = latest_scheme(application)
        for row in (scheme, *receivers, *sources, *points, *options):
            row.save(force_insert=True)
        answers = answer_with(a, application, answered, scheme, answer)
        a.data |= {
            "number": scheme.number,
            "cause": scheme.cause,
            "options": len(options),
            "answers": answers,
        }
        a.documents.append(scheme.digest)
    return a.done


def _why_not_tree(application: Application, tree: Tree) -> str | None:
    return next((fault.sentence for fault in tree.faults(rule_for(application.supply_class))), None)


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
        task = a.situation.task
        Countersignature.objects.create(
            **base(a, application),
            scheme=scheme,
            node_code=task.node_code if task else "",
            agreed=agreed,
            opinion=opinion,
        )
        if task and (share := asked_of(a.situation.node(task.node_code).facts, "countersignature")):
            a.data["fact"] = share
        point_to(a, scheme)
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
        point_to(a, scheme)
        a.data |= said(vars(notice), "objection_until_date", "valid_until_date")
    return a.done


def agree_scheme(
    application: Application,
    *,
    by: User,
    digest: str,
    party: Party | None = None,
    option: int | None = None,
    way: str = "",
    provider_ref: str = "",
    paper: Document | None = None,
    digits: str = "",
    **given: Any,
) -> Done:
    """The customer agrees to the version that was shown and to no other; where it compares two options, to one of them.

    `way` is how it was signed, with its proof; without one it is the customer's own sign-in, or the paper at the counter.
    """
    how, _fields, _confirmed = split(given)
    if way == AgreementMethod.CODE:
        confirm_code(application, by, digits, how["key"])
    method, circumstance = way or method_of(by), how["circumstance"]
    with recording(
        application,
        "agree_scheme",
        by,
        how,
        {"digest": digest},
        party=party,
        option=option,
        way=way,
        paper=paper,
    ) as a:
        scheme = the_one_shown(application, digest)
        chosen = option_of(scheme, option) if option else None
        if chosen and chosen.needs_drafting:
            raise Refused(
                _("This option has not been drafted yet; choose it, and a scheme is drafted around it.")
            )
        Agreement.objects.create(
            **base(a, application),
            scheme=scheme,
            party=party_of(application, by, party),
            method=method,
            digest=scheme.digest,
            option=chosen,
            provider_ref=provider_ref,
            paper=paper if method == AgreementMethod.COUNTER_PAPER else None,
            device=(circumstance.device or "") if circumstance else "",
        )
        a.data["method"] = str(method)
        if chosen:
            a.data |= {"option": chosen.number, "pricing": chosen.pricing}
        point_to(a, scheme)
    return a.done
