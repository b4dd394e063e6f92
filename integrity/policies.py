"""Who may do what to a flag, as pure questions: nothing here asks the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

OPEN, UNDER_REVIEW = "open", "under_review"


@dataclass(frozen=True)
class Review:
    """One person before one flag: how far it is, who had a hand in the case, what the office has said."""

    status: str
    asked: bool
    answered: bool
    me: str
    handlers: frozenset[str]
    office_id: int
    audited: frozenset[int]


type_policy = Callable[[Review], "str | None"]


def audits_this_office(r: Review) -> str | None:
    """An auditor looks at the offices of their own posts."""
    return None if r.office_id in r.audited else _("This office is not among those you audit.")


def did_not_handle_the_case(r: Review) -> str | None:
    """Nobody judges what they had a hand in."""
    return (
        _("You recorded something on this case yourself; somebody else has to review it.")
        if r.me in r.handlers
        else None
    )


def nobody_has_begun(r: Review) -> str | None:
    """A review is begun once."""
    return None if r.status == OPEN else _("The review has begun already.")


def review_is_under_way(r: Review) -> str | None:
    """A decision follows a review."""
    if r.status == OPEN:
        return _("Begin the review first.")
    return None if r.status == UNDER_REVIEW else _("The review has ended; its decision stays.")


def office_was_not_asked(r: Review) -> str | None:
    """The office answers once; asking again changes nothing."""
    if r.status not in (OPEN, UNDER_REVIEW):
        return _("The review has ended; its decision stays.")
    if r.answered:
        return _("The office has explained already; see below.")
    return _("The office was asked already.") if r.asked else None


WHO = (audits_this_office, did_not_handle_the_case)
MAY: dict[str, tuple[type_policy, ...]] = {
    "take": (*WHO, nobody_has_begun),
    "ask": (*WHO, office_was_not_asked),
    "resolve": (*WHO, review_is_under_way),
}


def why_not(review: Review, doing: str) -> str | None:
    """Why this can't be done by this person now; None if it can."""
    return next((sentence for policy in MAY[doing] if (sentence := policy(review))), None)


def may_decide_rules(audits_everything: bool) -> str | None:
    """A threshold concerns every office: it is decided by who audits all of them."""
    return None if audits_everything else _("Rules are decided by an auditor of the whole bureau.")
