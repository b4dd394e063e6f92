"""What the layouts need to draw the bar; pages themselves load `ui`."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from staff import navigation
from staff.policies import Authority
from staff.selectors import authority

register = template.Library()


def _authority(request: Any) -> Authority | None:
    """Who asks, with their posts; kept on the request because bar and corner both need it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    if not hasattr(request, "bar_authority"):
        request.bar_authority = authority(user, on=timezone.localdate())
    return request.bar_authority


@register.simple_tag(takes_context=True)
def bar_links(context: template.Context, side: navigation.Side) -> list[navigation.Link]:
    """`{% bar_links "staff" as links %}`: the links this reader's posts open."""
    request = context.get("request")
    if request is None:
        return []
    who = _authority(request)
    roles = {str(post.role) for post in who.posts} if who else set()
    return navigation.links(side, roles, request.path, signed_in=who is not None)


@register.simple_tag(takes_context=True)
def bar_office(context: template.Context) -> str:
    """`{% bar_office %}`: the office of the reader's first post."""
    who = _authority(context.get("request"))
    return who.posts[0].office_name if who and who.posts else ""


@register.simple_tag
def now() -> Any:
    """`{% now as moment %}`: this moment in Beijing, for the clock in the bar."""
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
