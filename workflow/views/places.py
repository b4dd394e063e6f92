"""The links between the pages about rules."""

from django.urls import reverse
from django.utils.translation import gettext as _

from staff.presentation import ViewLink


def places(current: str) -> list[ViewLink]:
    """Routes, limits, calendar; the one shown is marked."""
    pages = (("routes", _("Routes")), ("limits", _("Time limits")), ("calendars", _("Working calendar")))
    return [ViewLink(label, reverse(f"workflow:{name}"), current=name == current) for name, label in pages]
