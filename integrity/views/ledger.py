"""The public log at its address: checkpoint, tiles, entries, key, policy (C2SP tlog-tiles). Open to everybody; what it holds names nobody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from integrity.ledger.note import Note, parse_note
from integrity.ledger.tiles import HASH, HIGHEST_LEVEL, entries_of, parse_place, width_at
from integrity.models import LedgerTree
from integrity.selectors.heads import keys_text, newest, served
from staff.access import EVERYONE, open_to

PLAIN = "text/plain; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
#: A checkpoint is replaced every few seconds.
SHORTLY = "public, max-age=1"


@open_to(EVERYONE)
@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The newest signed head with the newest line of each witness."""
    if newest() is None:
        raise Http404
    note = parse_note(served("checkpoint"))
    last = {(line.name, line.key_id): line for line in note.signatures}
    return _answer(Note(note.text, tuple(last.values())).raw, PLAIN, SHORTLY)


@open_to(EVERYONE)
@require_safe
def tile(_request: HttpRequest, kind: str, place: str) -> HttpResponse:
    """A tile or an entry bundle, as far as a published checkpoint covers it; it never changes and may be kept for ever."""
    level = 0 if kind == "entries" else int(kind)
    found, head = parse_place(place), newest()
    if (
        found is None
        or head is None
        or level > HIGHEST_LEVEL
        or found[1] > width_at(level, found[0], head.size)
    ):
        raise Http404
    data = served(f"tile/{kind}/{place}")
    whole = all(entries_of(data)) if kind == "entries" else len(data) == found[1] * HASH
    return _answer(data, "application/octet-stream", FOR_EVER if whole else "no-store")


@open_to(EVERYONE)
@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """The log's public key in one line. Compare it with the one printed elsewhere: a key from the same place proves little."""
    text = LedgerTree.objects.values_list("key", flat=True).first()
    if not text:
        raise Http404
    return _answer(f"{text}\n".encode(), PLAIN, "public, max-age=300")


@open_to(EVERYONE)
@require_safe
def policy(_request: HttpRequest) -> HttpResponse:
    """Whose signatures a verifier should ask for (C2SP tlog-policy)."""
    return _answer(keys_text().encode(), PLAIN, "public, max-age=300")


def _answer(data: bytes, kind: str, kept: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Cache-Control"] = kept
    answer["Access-Control-Allow-Origin"] = "*"  # a verifier in anybody's browser may read what is public
    return answer
