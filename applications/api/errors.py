"""What goes wrong, in one shape: a sentence, a code machines can go by, and the fields it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from workflow.transitions import KeyReused, Refusal, Stale

NOT_FOUND, INVALID, REFUSED = "not_found", "invalid", "refused"


class Problem(exceptions.APIException):
    """Any answer that is not yes."""

    def __init__(
        self, status_code: int, code: str, sentence: str, errors: Mapping[str, list[str]] | None = None
    ) -> None:
        super().__init__(sentence, code)
        self.status_code, self.code, self.sentence = status_code, code, sentence
        self.errors = dict(errors or {})


def invalid(errors: Mapping[str, list[str]]) -> Problem:
    """Input that is not well shaped; every field with its own sentence."""
    said = _("Some fields are not right yet; each says what to do.")
    return Problem(status.HTTP_422_UNPROCESSABLE_ENTITY, INVALID, said, errors)


def errors_of(*forms: BaseForm, prefix: str = "") -> dict[str, list[str]]:
    """The sentences of forms, by field. What is about none stands under `__all__`."""
    return {
        f"{prefix}{name}": [str(sentence) for sentence in sentences]
        for form in forms
        for name, sentences in form.errors.items()
    }


def problem_of(refusal: Refusal, *, conditional: bool = False) -> Problem:
    """A refusal of the door. `conditional`: the version came by If-Match, whose answer is 412."""
    if isinstance(refusal, KeyReused):
        return key_reused()
    if isinstance(refusal, Stale):
        code = status.HTTP_412_PRECONDITION_FAILED if conditional else status.HTTP_409_CONFLICT
        return Problem(code, "stale", refusal.sentence)
    return Problem(refusal.status, REFUSED, refusal.sentence)


def key_reused() -> Problem:
    """The same key with another body."""
    said = _("This Idempotency-Key was already used with another body. Take a new key for a new request.")
    return Problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "idempotency_key_reused", said)


def answer_error(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """The one shape for all of them; what nobody expected stays an error of ours."""
    if isinstance(exc, Http404):
        exc = Problem(status.HTTP_404_NOT_FOUND, NOT_FOUND, _("There is nothing here."))
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = exception_handler(exc, dict(context))
    if response is None or not isinstance(exc, exceptions.APIException):
        return response
    code = exc.code if isinstance(exc, Problem) else exc.get_codes()
    said = exc.detail if isinstance(exc.detail, str) else _("This request can't be read.")
    response.data = {
        "detail": str(said),
        "code": code if isinstance(code, str) else INVALID,
        "errors": getattr(exc, "errors", {}),
    }
    return response
