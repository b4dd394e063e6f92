"""The first page: what can be asked for, what it takes, and where to look things up. No sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise as Text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from applications.selectors.promises import Promise, promise_of
from staff.access import EVERYONE, open_to

KINDS: tuple[tuple[str, str | Text, str | Text], ...] = (
    ("new_supply.residential", gettext_lazy("Home"), ""),
    ("new_supply.lv_other", gettext_lazy("Shop, small business"), ""),
    ("new_supply.hv_single", gettext_lazy("Factory, large customer"), gettext_lazy("high voltage")),
    ("rooftop_pv", gettext_lazy("Rooftop solar"), gettext_lazy("people, firms")),
    ("charging", gettext_lazy("Charging point"), gettext_lazy("own car, station")),
    ("temporary", gettext_lazy("Temporary supply"), gettext_lazy("sites, fields, fairs")),
    ("alteration", gettext_lazy("More capacity, changes"), gettext_lazy("with a customer number")),
    ("", gettext_lazy("Not sure"), gettext_lazy("please call me back")),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One tile."""

    name: str
    note: str
    url: str


@require_safe
@open_to(EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """Tiles, the look-up box, what a receipt is."""
    today = timezone.localdate()
    kinds = [
        _kind(code, str(name), str(note), promise_of(code, today) if code else None)
        for code, name, note in KINDS
    ]
    return render(request, "applications/customer/home.html", {"kinds": kinds})


def _kind(code: str, name: str, note: str, promise: Promise | None) -> Kind:
    if promise is None:
        said = note if not code else "・".join(filter(None, [note, _("register, we call you")]))
        return Kind(name, said, f"{reverse('self_register')}?{urlencode({'category': code})}")
    return Kind(name, "・".join(filter(None, [note, words(promise)])), checklist_url(code))


def words(promise: Promise) -> str:
    """2 步・5–15 个工作日, as far as a whole is promised."""
    least, most = promise.steps
    said = [_("%(n)s steps") % {"n": _span(least, most)}]
    if promise.days:
        least, most = promise.days
        said.append(ngettext("%(n)s working day", "%(n)s working days", most) % {"n": _span(least, most)})
    return "・".join(said)


def _span(least: int, most: int) -> str:
    return str(most) if least == most else f"{least}–{most}"


def checklist_url(category: str) -> str:
    """The guide's checklist of a category; where there is no guide, the application itself, which asks for the same papers."""
    try:
        return reverse("guide_checklist_list", args=[category])
    except NoReverseMatch:
        return reverse("apply", args=[category])
