"""Searches: what was typed goes by POST and is kept, encrypted, with the session; the address carries a number of no meaning."""

from __future__ import annotations

import base64
import binascii
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications.fields import compact
from applications.models import Project
from applications.selectors.finding import exactly
from staff.access import OFFICER, open_to, reader
from staff.encryption import DecryptionError, decrypt, encrypt

KEPT = 10
LONGEST = 60
CONTEXT = "desk.search"


@require_POST
@open_to(OFFICER)
def desk_find(request: HttpRequest) -> HttpResponse:
    """One box for everything. A whole number opens its case or project, anything else a list."""
    text = " ".join(request.POST.get("q", "").split())[:LONGEST]
    if not text:
        return redirect("desk")
    me = reader(request)
    if case := exactly(me, text):
        return redirect("case", pk=case.pk)
    if project := Project.objects.visible_to(me.user, me).filter(number=compact(text)).first():
        return redirect("project", project.pk)
    return redirect(f"{reverse('desk')}?found={_keep(request, text)}")


def typed(request: HttpRequest) -> str:
    """What this reader typed for the search the address names; nothing if it is another's or forgotten."""
    token = request.session.get("searches", {}).get(request.GET.get("found", ""), "")
    try:
        return decrypt(base64.b64decode(token), CONTEXT) if token else ""
    except (DecryptionError, binascii.Error):
        return ""


def _keep(request: HttpRequest, text: str) -> str:
    """Keep it with the session: names and addresses enter neither address, nor log, nor the database in the clear."""
    number = secrets.token_urlsafe(6)
    kept = dict(list(request.session.get("searches", {}).items())[1 - KEPT :])
    request.session["searches"] = kept | {number: base64.b64encode(encrypt(text, CONTEXT)).decode()}
    return number
