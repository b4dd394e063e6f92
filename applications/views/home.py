"""The first page: what can be asked for, what it takes, and where to look things up. No sign-in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from applications.categories import ROUGH, ROUGH_BY_CODE, Category, Rough, of_rough
from applications.selectors.promises import Promise, promise_of
from staff.access import EVERYONE, open_to


@dataclass(frozen=True, slots=True)
class Kind:
    """One tile."""

    name: str
    note: str
    url: str
    promise: str = ""


@require_safe
@open_to(EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """Tiles, the look-up box, what a receipt is."""
    today = timezone.localdate()
    tiles = [_tile(rough, today) for rough in ROUGH]
    tiles.append(Kind(_("Not sure"), _("please call me back"), _register_url("")))
    return render(request, "applications/customer/home.html", {"kinds": tiles})


@require_safe
@open_to(EVERYONE)
def kinds(request: HttpRequest, rough: str) -> HttpResponse:
    """What a tile holds: each kind of application with what is promised, leading to its papers."""
    if rough not in ROUGH_BY_CODE:
        raise Http404
    today = timezone.localdate()
    context = {
        "kinds": [_kind(category, today) for category in of_rough(rough)],
        "rough": ROUGH_BY_CODE[rough],
    }
    return render(request, "applications/customer/kinds.html", context)


def _tile(rough: Rough, today: dt.date) -> Kind:
    """A tile with one kind under it leads there at once."""
    under = of_rough(rough.code)
    if len(under) == 1:
        kind = _kind(under[0], today)
        return Kind(str(rough.name), kind.promise, kind.url)
    return Kind(str(rough.name), str(rough.note), reverse("kinds", args=[rough.code]))


def _kind(category: Category, today: dt.date) -> Kind:
    promise = promise_of(category.code, today)
    if promise is None:
        said = "・".join([str(category.hint), _("register, we call you")])
        return Kind(str(category.name), said, _register_url(category.code), said)
    said = words(promise)
    return Kind(str(category.name), "・".join([str(category.hint), said]), checklist_url(category.code), said)


def _register_url(category: str) -> str:
    return f"{reverse('self_register')}?{urlencode({'category': category})}"


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
