"""How long the reply to a scheme holds: by its notice, or by its one extension."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from applications.models import Application, ReplyNotice, SchemeExtension, SchemeLapse
from applications.selectors.facts import months_after, months_for
from workflow.models import Stage

WAITING_STAGES = (Stage.SCHEME, Stage.CONTRACT, Stage.WORKS)
"""Where a scheme can lapse: it was replied, and the customer has not gone on far enough to be inspected."""


def latest_reply(application: Application) -> ReplyNotice | None:
    """The reply that counts."""
    return application.replynotices.select_related("scheme").order_by("-recorded_at").first()


def valid_until(reply: ReplyNotice) -> dt.date | None:
    """The last day it holds, extension included."""
    extension = SchemeExtension.objects.filter(scheme=reply.scheme_id).first()
    return extension.until_date if extension else reply.valid_until_date


def furthest(application: Application, reply: ReplyNotice) -> dt.date | None:
    """The latest day a validity may be extended to; None where no period is in force."""
    return (
        months_after(reply.valid_until_date, months_for("extension", application.matching()))
        if reply.valid_until_date
        else None
    )


def newly_lapsed(today: dt.date | None = None) -> QuerySet[ReplyNotice]:
    """Latest replies of running cases whose last day has passed and of which nothing is recorded yet."""
    extended = SchemeExtension.objects.filter(scheme=OuterRef("scheme")).values("until_date")
    later = ReplyNotice.objects.filter(
        application=OuterRef("application"), recorded_at__gt=OuterRef("recorded_at")
    )
    recorded = SchemeLapse.objects.filter(scheme=OuterRef("scheme"))
    return (
        ReplyNotice.objects.filter(application__state__in=WAITING_STAGES)
        .annotate(until=Coalesce(Subquery(extended), "valid_until_date"))
        .filter(~Exists(later), ~Exists(recorded), until__lt=today or timezone.localdate())
        .select_related("application__case", "scheme")
        .order_by("recorded_at")
    )
