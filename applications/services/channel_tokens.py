"""Channel tokens: issued once, shown once, revoked."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from applications.models.channel_token import (
    SHOWN_CHARACTERS,
    ChannelToken,
    TokenScope,
    digest_of_secret,
    new_secret,
)
from staff.models import User
from workflow.events import name_actor
from workflow.models import Channel
from workflow.transitions import actor_name

ACCOUNT_PREFIX = "channel-"


@transaction.atomic
def issue_token(
    name: str, channel: Channel, scopes: Iterable[str], *, by: User | None
) -> tuple[ChannelToken, str]:
    """Make a token and its service account; the second value is the secret, which nobody can read again."""
    name_actor(actor_name(by))
    secret = new_secret()
    account = User.objects.create_user(
        f"{ACCOUNT_PREFIX}{digest_of_secret(secret)[:16]}", display_name=name, kind=User.Kind.SERVICE
    )
    token = ChannelToken.objects.create(
        name=name, channel=channel, account=account, scopes=[TokenScope(scope).value for scope in scopes],
        beginning=secret[:SHOWN_CHARACTERS], digest=digest_of_secret(secret), created_by=by,
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(token: ChannelToken, *, by: User | None) -> None:
    """Shut it; what was done with it stays as it is."""
    name_actor(actor_name(by))
    held = ChannelToken.objects.select_for_update(of=("self",)).select_related("account").get(pk=token.pk)
    if held.revoked_at is not None:
        return
    held.revoked_at = timezone.now()
    held.save()
    held.account.is_active = False
    held.account.save()


def find_token(secret: str) -> ChannelToken | None:
    """The token in force with this secret."""
    found = (
        ChannelToken.objects.select_related("channel", "account")
        .filter(digest=digest_of_secret(secret))
        .first()
    )
    return found if found is not None and found.in_force else None
