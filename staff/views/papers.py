"""Certificates and shortages in words: lamp, word and day, as every page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.models import Certificate
from staff.policies import Standing
from staff.selectors import Paper, Shortage

LAMPS = {
    Standing.VALID: "green",
    Standing.EXPIRING: "amber",
    Standing.EXPIRED: "red",
    Standing.REVOKED: "ended",
    Standing.NOT_YET: "ended",
}


@dataclass(frozen=True)
class PaperInWords:
    """A certificate as a page shows it."""

    certificate: Certificate
    lamp: str
    word: str


def in_words(paper: Paper, on: date) -> PaperInWords:
    """The lamp and the word for one certificate."""
    return PaperInWords(paper.certificate, LAMPS[paper.standing], _word(paper, on))


def papers_in_words(papers: Iterable[Paper], on: date) -> list[PaperInWords]:
    """What needs care first: expired, then in the order in which they end; revoked ones last."""
    ended = (Standing.REVOKED, Standing.NOT_YET)
    ordered = sorted(papers, key=lambda paper: (paper.standing in ended, paper.certificate.valid_until))
    return [in_words(paper, on) for paper in ordered]


def shortage_in_words(shortage: Shortage) -> str:
    """The sentence a supervisor can act on: where, what, and why nobody is left."""
    names = {"office": shortage.office.name, "competence": shortage.competence.name}
    if shortage.away:
        return _("%(office)s: everybody certified for %(competence)s is away") % names
    sentence = _("%(office)s: nobody holds a valid certificate for %(competence)s") % names
    if not shortage.lapsed:
        return sentence
    lapsed = ngettext(
        "%(count)d certificate has expired", "%(count)d certificates have expired", shortage.lapsed
    ) % {"count": shortage.lapsed}
    return _("%(sentence)s (%(cause)s)") % {"sentence": sentence, "cause": lapsed}


def _word(paper: Paper, on: date) -> str:
    if paper.standing == Standing.EXPIRING:
        days = (paper.certificate.valid_until - on).days
        if days == 0:
            return _("ends today")
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    return {
        Standing.VALID: _("valid"),
        Standing.EXPIRED: _("expired"),
        Standing.REVOKED: _("revoked"),
        Standing.NOT_YET: _("not valid yet"),
    }[paper.standing]
