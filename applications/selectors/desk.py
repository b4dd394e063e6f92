"""The desk: work of an officer's offices, sorted by what is due next. A fixed number of queries, however many cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from applications.models import Application, DocumentRequest, Party, PartyRole, SchemeLapse, TitleQuestion
from applications.selectors.desk_filters import Filters, end_of
from staff.policies import Authority
from workflow.models import ENDED, Case, Contact, Deadline, Pause, Stage, Task, TaskHolder

PAGE = 40
IN_PROGRESS = [stage for stage in Stage.values if stage not in ENDED]


def in_progress(me: Authority) -> QuerySet[Case]:
    """Cases the user may see in which something is in progress, with the time the next running clock runs out."""
    running = Deadline.objects.filter(case=OuterRef("pk"), stopped_at=None, due_at__isnull=False)
    next_due = running.order_by("due_at").values("due_at")[:1]
    return (
        Case.objects.visible_to(me.user, me)
        .filter(stage__in=IN_PROGRESS)
        .annotate(next_due_at=Subquery(next_due, output_field=DateTimeField()))
    )


def views_of(me: Authority, now: dt.datetime) -> dict[str, Q]:
    """The desk's standing views as conditions on `in_progress`."""
    roles = [post.role for post in me.posts]
    open_tasks = Task.objects.filter(case=OuterRef("pk"), outcome="", doer="officer")
    held = TaskHolder.objects.filter(task__case=OuterRef("pk"), task__outcome="", until_at=None, user=me.user)
    for_me = open_tasks.filter(role__in=roles, taken_at=None, office__in=me.offices)
    contacts = Contact.objects.filter(case=OuterRef("pk"), outcome="")
    waiting = Exists(Case.objects.filter(pk=OuterRef("pk"), application__document_requests__answered_at=None,
                                         application__document_requests__isnull=False))  # fmt: skip
    return {
        "mine": Q(Exists(held)) | Q(Exists(for_me)),
        "unassigned": Q(Exists(open_tasks.filter(taken_at=None, role__in=roles))),
        "today": Q(next_due_at__gte=now, next_due_at__lte=end_of(now)),
        "overdue": Q(next_due_at__lt=now),
        "papers": Q(waiting),
        "contacts": Q(stage=Stage.CONTACT) & Q(Exists(contacts)),
        "all": Q(),
    }


def condition_of(filters: Filters, me: Authority, now: dt.datetime) -> Q:
    """What one way of looking at the desk asks of a case."""
    return views_of(me, now).get(filters.view, Q()) & filters.condition(now)


def counts(me: Authority, now: dt.datetime, saved: Mapping[str, Filters] | None = None) -> dict[str, int]:
    """How many cases each view holds, the standing ones and those saved under a name; one query."""
    standing = views_of(me, now)
    conditions = {code: q or Q(pk__isnull=False) for code, q in standing.items()}
    for code, filters in (saved or {}).items():
        conditions[code] = standing[filters.view] & filters.condition(now) or Q(pk__isnull=False)
    told = {f"in_{code}": ExpressionWrapper(q, BooleanField()) for code, q in conditions.items()}
    numbers = {code: Count("pk", filter=Q(**{f"in_{code}": True})) for code in conditions}
    return in_progress(me).annotate(**told).aggregate(**numbers)


def listing(
    me: Authority, filters: Filters, now: dt.datetime, page: int | str = 1, number: int | None = None
) -> Page[Case]:
    """One page of a view, the next breach first; cases without a running clock come last."""
    cases = _tagged(in_progress(me).filter(condition_of(filters, me, now)))
    ordered = cases.order_by(F("next_due_at").asc(nulls_last=True), "opened_at")
    pages = Paginator(with_rows(ordered), PAGE)
    if number is not None:
        pages.count = number  # counted with the views already
    return pages.get_page(page)


def chosen(me: Authority, ids: Sequence[UUID]) -> list[Case]:
    """These cases in this order, as rows; what the reader may not see is left out."""
    place = {pk: n for n, pk in enumerate(ids)}
    cases = with_rows(_tagged(Case.objects.visible_to(me.user, me).filter(pk__in=ids)))
    return sorted(cases, key=lambda case: place[case.pk])


def _tagged(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What stands in the way, each a question of its own to the database, asked with the rows."""
    unclear = TitleQuestion.objects.filter(application__case=OuterRef("pk"), settled_at=None)
    again = DocumentRequest.objects.filter(application__case=OuterRef("pk"), round__gte=2)
    lapsed = SchemeLapse.objects.filter(application__case=OuterRef("pk"))
    return cases.annotate(
        title_unclear=Exists(unclear), asked_again=Exists(again), scheme_lapsed=Exists(lapsed)
    )


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Everything a row shows, prefetched."""
    tasks = Task.objects.filter(outcome="").select_related("node").prefetch_related(
        Prefetch("holders", TaskHolder.objects.filter(until_at=None).select_related("user"), to_attr="held")
    )  # fmt: skip
    clocks = (
        Deadline.objects.filter(stopped_at=None, started_at__isnull=False)
        .select_related("limit")
        .order_by("due_at")
    )
    applicants = Party.objects.filter(role=PartyRole.APPLICANT).select_related("person")
    return cases.select_related("office", "application", "application__premises").prefetch_related(
        Prefetch("tasks", tasks, to_attr="open_tasks"),
        Prefetch("deadlines", clocks, to_attr="running_clocks"),
        Prefetch("pauses", Pause.objects.filter(ended_at=None), to_attr="open_pauses"),
        Prefetch("application__parties", applicants, to_attr="applicants"),
        Prefetch(
            "contacts",
            Contact.objects.select_related("person", "owner").order_by("number"),
            to_attr="all_contacts",
        ),
    )


def principal(clocks: Iterable[Deadline]) -> Deadline | None:
    """The clock a row shows: of what the customer was promised or law demands the next to run out, else the next internal one."""
    running = list(clocks)
    outward = [c for c in running if c.limit.kind != "internal" and c.limit.days]
    pool = outward or [c for c in running if c.limit.days]
    return min(pool, key=lambda c: (c.due_at is None, c.due_at or timezone.now()), default=None)


def application_of(case: Case) -> Application | None:
    """The case's application, if it has one; already loaded on a row."""
    return getattr(case, "application", None)
