"""Webhooks: who is told of what, which events wait for whom, what is sent again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import ChannelToken, TokenScope, WebhookDelivery, WebhookSubscription
from applications.models.webhook import new_signing_secret
from applications.selectors.node_times import covered
from applications.services.webhook_sending import why_not_there
from staff.models import User
from workflow.events import name_actor
from workflow.models import Event
from workflow.transitions import Refused, actor_name

KINDS = frozenset({
    "contact.registered", "contact.resolved", "application.submitted", "application.accepted", "application.refused",
    "documents.requested", "documents.supplied", "survey.recorded", "scheme.drafted", "scheme.countersigned", "scheme.replied",
    "scheme.agreed", "scheme.objected", "scheme.revised", "fees.determined", "payment.recorded", "contract.issued", "contract.signed",
    "design.submitted", "design.reviewed", "design.returned", "mid_inspection.requested", "mid_inspection.recorded",
    "completion.notified", "reinspection.requested", "inspection.recorded", "rectification.required", "metering.recorded",
    "source.energised", "case.archived", "case.withdrawn", "case.terminated", "case.voided", "case.reopened", "case.went_back",
    "clock.paused", "clock.resumed",
})  # fmt: skip
"""What can be asked for: the way of a case. Nothing of audit, interventions or people."""

KEPT = dt.timedelta(days=30)
"""How long a delivery that arrived is kept to be looked at."""


@transaction.atomic
def subscribe(
    token: ChannelToken, url: str, kinds: Iterable[str], *, by: User, system: str = ""
) -> tuple[WebhookSubscription, str]:
    """Tell this address from now on; the second value is the secret that signs, shown once. Raises Refused."""
    if not token.in_force or TokenScope.NODE_TIMES not in token.scopes:
        raise Refused(_("This token is revoked or does not cover node times; choose or issue another one."))
    if sentence := why_not_there(url):
        raise Refused(sentence)
    name_actor(actor_name(by))
    secret = new_signing_secret()
    subscription = WebhookSubscription.objects.create(
        token=token,
        url=url,
        secret=secret,
        kinds=sorted(KINDS.intersection(kinds)),
        system=system,
        created_by=by,
    )
    return subscription, secret


@transaction.atomic
def stop(subscription: WebhookSubscription, *, by: User) -> None:
    """Nothing more is sent there; what waits is buried."""
    name_actor(actor_name(by))
    held = WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)
    if held.stopped_at is None:
        held.stopped_at = timezone.now()
        held.save()
    held.deliveries.filter(delivered_at=None, dead_at=None).update(
        dead_at=timezone.now(), leased_until_at=None, last_error="stopped"
    )


def queue(event: Event) -> int:
    """A delivery for everyone who asked for this kind and whose channel the case belongs to; hearing it again adds none."""
    asked = WebhookSubscription.objects.filter(stopped_at=None, kinds__contains=[event.kind])
    case = uuid.UUID(event.stream.removeprefix("case:"))
    told = [
        subscription
        for subscription in asked.select_related("token__channel__catch_all_office", "token__account")
        if subscription.in_force and covered(subscription.token).filter(pk=case).exists()
    ]
    made = WebhookDelivery.objects.bulk_create(
        (
            WebhookDelivery(
                subscription=subscription, stream=event.stream, number=event.number, kind=event.kind
            )
            for subscription in told
        ),
        ignore_conflicts=True,
    )
    return len(made)


def send_again(delivery: WebhookDelivery) -> None:
    """Once more from the beginning, whatever became of it. Raises Refused where nothing is sent any more."""
    if not delivery.subscription.in_force:
        raise Refused(_("This address was stopped or its token revoked; nothing is sent there any more."))
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        attempts=0, leased_until_at=None, delivered_at=None, dead_at=None, last_error=""
    )


def forget_delivered() -> int:
    """Deliveries that arrived long ago go; the record of the case stays."""
    return WebhookDelivery.objects.filter(delivered_at__lt=timezone.now() - KEPT).delete()[0]
