"""What the layouts need to draw the bar; pages themselves load `ui`."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.conf import settings
from django.utils import timezone

from staff import navigation
from staff.access import authority_of
from staff.policies import Authority

register = template.Library()


def _reader(context: template.Context) -> Authority | None:
    """Who reads the page; nobody on an error page, which may have come before anyone was known."""
    request = context.get("request")
    return authority_of(request) if hasattr(request, "user") else None


@register.simple_tag(takes_context=True)
def bar_links(context: template.Context, side: navigation.Side) -> list[navigation.Link]:
    """`{% bar_links "staff" as links %}`: the links this reader's posts open."""
    request = context.get("request")
    if request is None:
        return []
    who = _reader(context)
    roles = who.roles if who else frozenset()
    return navigation.links(side, roles, request.path, signed_in=who is not None)


@register.simple_tag(takes_context=True)
def bar_office(context: template.Context) -> str:
    """`{% bar_office %}`: the office of the reader's first post."""
    who = _reader(context)
    return who.posts[0].office_name if who and who.posts else ""


@register.simple_tag
def bar_moment() -> datetime:
    """`{% bar_moment as moment %}`: this moment in Beijing, for the clock in the bar."""
    return timezone.localtime()


@register.simple_tag
def is_practice() -> bool:
    """Say whether this installation holds made-up data, which every page must then admit."""
    return settings.TONGDIAN_ENV != "production"


@register.simple_tag(takes_context=True)
def is_large(context: template.Context) -> bool:
    """Say whether this reader asked for large type (staff.views.prefs)."""
    request = context.get("request")
    return request is not None and request.COOKIES.get("large") == "1"
