"""Words for a project's sheets: `{{ sheet.act|act_called }}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from workflow import actions

register = template.Library()


@register.filter
def act_called(name: str) -> str:
    """What a sheet does to its rows."""
    return _("Open the units") if name == "open_units" else str(actions.get(name).label)
