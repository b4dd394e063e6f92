"""Idempotency-Key: whoever repeats a request gets the first answer, and nothing is done twice.

After draft-ietf-httpapi-idempotency-key-header-07. The key goes on to the door, which remembers it in the transaction that does the work;
what stands here beside it is the fingerprint of the request as it came. So a crash in between loses nothing: a repeat finds the door's
memory. A refused request is forgotten and may be sent again, corrected, under the same key. A concurrent repeat waits for the first at
the case's lock instead of being sent away.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request

from applications.api.errors import Problem, key_reused
from workflow.models import IdempotencyKey
from workflow.transitions import Done, actor_name

HEADER = "Idempotency-Key"
LONGEST = 255


class Once:
    """One request under its key. `key` is what the door is given."""

    def __init__(self, request: Request, route: str) -> None:
        """Read the key; refuse its absence. The scope is who asks and what for, so that nobody meets another's answer."""
        given = _read(request)
        self.key = "api-" + hashlib.sha256(given.encode()).hexdigest()[:36]
        self.scope = f"api:{actor_name(request.user)}:{hashlib.sha256(route.encode()).hexdigest()[:32]}"  # type: ignore[arg-type]
        self.fingerprint = fingerprint(request)

    def first(self) -> Done | None:
        """The first answer, if there is one; else the key is noted. Raises Problem for another body."""
        known = IdempotencyKey.objects.filter(scope=self.scope, key=self.key).first()
        if known is None:
            try:
                with transaction.atomic():
                    IdempotencyKey.objects.create(
                        scope=self.scope, key=self.key, fingerprint=self.fingerprint
                    )
            except IntegrityError:
                known = IdempotencyKey.objects.get(scope=self.scope, key=self.key)
        if known is None:
            return None
        if known.fingerprint != self.fingerprint:
            raise key_reused()
        return answered(known) if known.stream else None

    def keep(self, done: Done) -> None:
        """Remember the answer."""
        IdempotencyKey.objects.update_or_create(
            scope=self.scope,
            key=self.key,
            defaults={"fingerprint": self.fingerprint, "stream": done.stream, "number": done.number},
        )

    def forget(self) -> None:
        """Nothing was done: the key is free again."""
        IdempotencyKey.objects.filter(scope=self.scope, key=self.key, stream="").delete()


def answered(known: IdempotencyKey) -> Done:
    """What a remembered key came to."""
    return Done(uuid.UUID(known.stream.removeprefix("case:")), known.stream, known.number, repeated=True)


def fingerprint(request: Request) -> str:
    """Digest of the body, whatever the order of its fields; of files their bytes count, not their names."""
    data: Any = request.data
    if isinstance(data, QueryDict):
        data = {name: data.getlist(name) for name in data if name not in request.FILES}
    files = {name: [_digest(file) for file in request.FILES.getlist(name)] for name in request.FILES}
    text = json.dumps([data, files], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _read(request: Request) -> str:
    given = request.headers.get(HEADER, "").strip()
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not key or len(key) > LONGEST:
        said = _(
            "Send an Idempotency-Key of 1 to 255 characters, a new one for each request, for example a UUID."
        )
        raise Problem(status.HTTP_400_BAD_REQUEST, "idempotency_key_missing", said)
    return key
