"""Questions to the staff tables. Each says how many queries it takes, and a test holds it to that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from staff.models import Absence, Certificate, Competence, Office, Post, User
from staff.policies import WORKING_ROLES, Authority, PostFact, Standing, standing

__all__ = [
    "Authority",
    "Paper",
    "Person",
    "PostFact",
    "Shortage",
    "authority",
    "offices_within",
    "own_record",
    "people",
    "person",
    "qualified",
    "shortages",
    "with_reach",
]


def authority(user: User, on: date) -> Authority:
    """Posts, competences and offices of one user on one day, in two queries (none for a customer)."""
    if not user.is_officer or not user.is_active:
        return Authority(user, (), frozenset(), frozenset())
    posts = list(
        Post.objects.filter(user=user)
        .in_force(on)
        .select_related("office")
        .annotate(below=_below("staff_post.office_id"))
    )
    held = Certificate.objects.filter(holder=user).valid_on(on).values_list("competence__code", flat=True)
    return Authority(
        user=user,
        posts=tuple(
            PostFact(p.role, p.office_id, p.office.code, p.office.name, frozenset(p.below)) for p in posts
        ),
        competences=frozenset(held),
        offices=frozenset(office_id for post in posts for office_id in post.below),
    )


def qualified(competence_code: str, office: Office, on: date, *, role: str | None = None) -> list[User]:
    """Who may do such work there that day: a working post in the subtree, a valid certificate, present.

    One query. `role` narrows it to holders of that post; an empty competence asks for no certificate.
    """
    posts = Post.objects.in_force(on).filter(
        user=OuterRef("pk"),
        office__in=Office.objects.subtree(office),
        role__in=[role] if role else sorted(WORKING_ROLES),
    )
    certificates = Certificate.objects.valid_on(on).filter(
        holder=OuterRef("pk"), competence__code=competence_code
    )
    away = Absence.objects.on(on).filter(user=OuterRef("pk"))
    fit = User.objects.filter(Exists(posts), ~Exists(away), kind=User.Kind.OFFICER, is_active=True)
    return list((fit.filter(Exists(certificates)) if competence_code else fit).order_by("username"))


@dataclass(frozen=True)
class Paper:
    """A certificate and how it stands."""

    certificate: Certificate
    standing: Standing


@dataclass(frozen=True)
class Person:
    """An officer with everything the register holds about them."""

    user: User
    posts: tuple[Post, ...]
    papers: tuple[Paper, ...]
    absences: tuple[Absence, ...]
    is_away: bool

    def best(self, competence: Competence) -> Paper | None:
        """The certificate that counts most for it: a valid one, else the one that lasted longest."""
        held = [paper for paper in self.papers if paper.certificate.competence_id == competence.pk]
        return max(held, key=_weight, default=None)


def _weight(paper: Paper) -> tuple[bool, bool, date]:
    return (
        paper.standing in (Standing.VALID, Standing.EXPIRING),
        paper.standing != Standing.REVOKED,
        paper.certificate.valid_until,
    )


@dataclass(frozen=True)
class Shortage:
    """An office in which nobody present may do something: how many could after a renewal or a return."""

    office: Office
    competence: Competence
    lapsed: int
    away: int


def shortages(offices: Iterable[Office], on: date) -> list[Shortage]:
    """What each of these offices must hold itself and does not, that day.

    Two queries; one if the offices come from `offices_within`, which knows what lies below them.
    """
    competences = list(_competences_held(on))
    return [
        Shortage(
            office,
            competence,
            lapsed=len({row["holder"] for row in here if not row["valid"]}),
            away=len({row["holder"] for row in here if row["valid"]}),
        )
        for office in with_reach(offices)
        for competence in competences
        if competence.needed_at == office.kind
        for here in [[row for row in competence.held if not office.below.isdisjoint(row["posted"])]]
        if all(row["away"] for row in here if row["valid"])
    ]


def _competences_held(on: date) -> Any:
    """Every competence with its standing certificates as `held`: whose, valid or run out, away or not, posted where."""
    posts = Post.objects.in_force(on).filter(
        user=OuterRef("holder"), user__is_active=True, role__in=sorted(WORKING_ROLES)
    )
    papers = (
        Certificate.objects.standing_on(on)
        .filter(competence=OuterRef("pk"))
        .annotate(
            valid=ExpressionWrapper(Q(valid_until__gte=on), BooleanField()),
            away=Exists(Absence.objects.on(on).filter(user=OuterRef("holder"))),
            posted=ArraySubquery(posts.values("office")),
        )
    )
    row = JSONObject(holder="holder_id", valid="valid", away="away", posted="posted")
    return Competence.objects.annotate(held=ArraySubquery(papers.values(row=row)))


def people(offices: Iterable[int], on: date, *, unposted: bool = False) -> list[Person]:
    """Everybody with a post that day at one of these offices, with certificates and absence; four queries.

    `unposted` adds officers without any post: new ones, and those whose last post has ended.
    """
    return [_person(user, on) for user in _within(offices, on, unposted=unposted)]


def person(user_id: UUID, offices: Iterable[int], on: date, *, unposted: bool = False) -> Person | None:
    """One of them; nothing if out of reach. Four queries."""
    user = _within(offices, on, unposted=unposted).filter(pk=user_id).first()
    return _person(user, on) if user else None


def own_record(user: User, on: date) -> Person:
    """What is held about oneself; four queries."""
    return _person(_with_papers(on).get(pk=user.pk), on)


def offices_within(by: Authority) -> list[Office]:
    """The offices within somebody's reach; all of them for a superuser, who opens the first posts. One query."""
    reach = Office.objects.all() if by.user.is_superuser else Office.objects.filter(pk__in=by.offices)
    return with_reach(reach)


def with_reach(offices: Iterable[Office]) -> list[Any]:
    """The same offices, each with `below`: the ids of itself and all below it. One query, none if they have it."""
    if not isinstance(offices, QuerySet):
        known = list(offices)
        if all(hasattr(office, "below") for office in known):
            return known
        offices = Office.objects.filter(pk__in=[office.pk for office in known])
    found: list[Any] = list(offices.annotate(below=_below("staff_office.id")))
    for office in found:
        office.below = frozenset(office.below)
    return found


def _within(offices: Iterable[int], on: date, *, unposted: bool) -> QuerySet[User]:
    held = Post.objects.in_force(on).filter(user=OuterRef("pk"))
    within = Q(Exists(held.filter(office__in=list(offices))))
    return _with_papers(on).filter(within | ~Exists(held) if unposted else within)


def _with_papers(on: date) -> QuerySet[User]:
    return (
        User.objects.filter(kind=User.Kind.OFFICER)
        .prefetch_related(
            Prefetch("posts", Post.objects.in_force(on).select_related("office"), to_attr="posts_held"),
            Prefetch("certificates", Certificate.objects.select_related("competence"), to_attr="papers"),
            Prefetch("absences", Absence.objects.ahead(on), to_attr="absences_ahead"),
        )
        .order_by("username")
    )


def _person(user: Any, on: date) -> Person:
    return Person(
        user=user,
        posts=tuple(user.posts_held),
        papers=tuple(Paper(certificate, standing(certificate, on)) for certificate in user.papers),
        absences=tuple(sorted(user.absences_ahead, key=lambda absence: absence.from_date)),
        is_away=any(absence.from_date <= on for absence in user.absences_ahead),
    )


def _below(column: str) -> RawSQL:
    """The ids of the offices in the subtree of the office in `column`."""
    return RawSQL(f"ARRAY(SELECT staff_office_subtree({column}))", [], ArrayField(BigIntegerField()))  # noqa: S611 - a column's name, never input
