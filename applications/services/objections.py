"""What brings a scheme back: the customer objects or chooses the other option, it is revised; and the answer to an objection."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Document, Objection, Party, SchemeChoice, SchemeRevision
from applications.selectors.facts import latest_scheme
from applications.services.facts import base, party_of, recording, split, there
from applications.services.versions import answer_with, method_of, option_of, point_to, the_one_shown
from staff.models import User
from workflow.transitions import Done, Refused


def object_to_scheme(
    application: Application, *, by: User, digest: str, text: str, party: Party | None = None, **given: Any
) -> Done:
    """The customer objects, in their own words: the scheme is drafted anew, or the reasons for it are given."""
    how, _fields, _confirmed = split(given)
    with recording(application, "object_to_scheme", by, how, {"digest": digest}, text=text, party=party) as a:
        scheme = the_one_shown(application, digest)
        Objection.objects.create(
            **base(a, application),
            scheme=scheme,
            party=party_of(application, by, party),
            method=method_of(by),
            text=text,
        )
        a.data["method"] = method_of(by)
        point_to(a, scheme)
    return a.done


def answer_objection(application: Application, *, by: User, text: str, **given: Any) -> Done:
    """The version stays, with reasons: it goes to the customer again, who may agree or object again."""
    how, _fields, _confirmed = split(given)
    with recording(application, "answer_objection", by, how, {}, text=text) as a:
        scheme = there(latest_scheme(application))
        if not answer_with(a, application, scheme, scheme, text):
            raise Refused(_("There is no objection to this version that is still to be answered."))
        point_to(a, scheme)
    return a.done


def choose_option(
    application: Application,
    *,
    by: User,
    digest: str,
    option: int,
    party: Party | None = None,
    **given: Any,
) -> Done:
    """The customer chooses the option that was not drafted: a scheme is drafted around it. No objection, and counted as none."""
    how, _fields, _confirmed = split(given)
    with recording(
        application, "choose_option", by, how, {"digest": digest, "option": option}, party=party
    ) as a:
        scheme = the_one_shown(application, digest)
        chosen = option_of(scheme, option)
        if not chosen.needs_drafting:
            raise Refused(_("This option is the one drafted; agree to the scheme to have it."))
        SchemeChoice.objects.create(
            **base(a, application),
            scheme=scheme,
            option=chosen,
            party=party_of(application, by, party),
            method=method_of(by),
        )
        a.data |= {"method": method_of(by), "voltage": chosen.voltage, "capacity": chosen.capacity}
        point_to(a, scheme)
    return a.done


def revise_scheme(
    application: Application,
    *,
    by: User,
    cause: str,
    reason: str,
    papers: Collection[Document] = (),
    **given: Any,
) -> Done:
    """An agreed version is drafted again; the cause stands in the log, the reason beside the scheme. No clock starts anew by it."""
    how, _fields, _confirmed = split(given)
    with recording(
        application, "revise_scheme", by, how, {"cause": cause}, reason=reason, papers=papers
    ) as a:
        scheme = there(latest_scheme(application))
        revision = SchemeRevision.objects.create(
            **base(a, application), scheme=scheme, cause=cause, reason=reason
        )
        revision.papers.set(papers)
        a.documents += [f"sha-256:{paper.sha256}" for paper in papers if paper.sha256]
        point_to(a, scheme)
    return a.done
