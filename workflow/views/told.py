"""What I was told: my digests, the newest first. Opening them is on record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from staff.access import ADMINISTRATOR, OFFICER, SUPERVISOR, authority_of, open_to
from staff.policies import admits
from workflow.models import Digest
from workflow.selectors.told import Line, lines_of
from workflow.services import telling

SHOWN = 30


@dataclass(frozen=True, slots=True)
class DigestInWords:
    """One digest with its lines as sentences."""

    digest: Digest
    lines: list[Line]

    @property
    def more(self) -> int:
        """How many are not written out."""
        return max(self.digest.total - len(self.lines), 0)


@open_to(OFFICER)
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """Mine alone."""
    mine = list(Digest.objects.filter(user=request.user)[:SHOWN])  # type: ignore[misc]
    shown = [DigestInWords(digest, lines_of(digest)) for digest in mine]
    watches = admits(SUPERVISOR, authority_of(request)) or admits(ADMINISTRATOR, authority_of(request))
    context = {"digests": shown, "rest": "board" if watches else "desk"}
    response = render(request, "workflow/told.html", context)
    telling.read(mine, timezone.now())
    return response
