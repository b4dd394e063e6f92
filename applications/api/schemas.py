"""How the API describes itself: one operation per act, keys and errors on each, the two ways to prove who one is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from applications.api.serializers import ErrorSerializer

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
    description="a new one for each request; a repeat with the same gets the first answer",
)  # fmt: skip
VERSION = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description="version of the task shown, in quotes; or send `version` in the body",
)  # fmt: skip
PHONE = OpenApiParameter(
    "Customer-Phone", str, OpenApiParameter.HEADER,
    description="channel tokens: the customer's phone, verified by the channel",
)  # fmt: skip

READ_ERRORS = (401, 403, 404)
WRITE_ERRORS = (400, 401, 403, 404, 409, 412, 422, 428)


class ApiSchema(AutoSchema):
    """Adds to each operation what holds for all of them."""

    def get_operation_id(self) -> str:
        """The view's own name, where it has one."""
        return getattr(self.view, "operation", "") or super().get_operation_id()

    def get_summary(self) -> str | None:
        """An act's label."""
        label = getattr(self.view, "summary", "")
        return str(label) or super().get_summary()

    def get_tags(self) -> list[str]:
        """Groups of the page."""
        return [getattr(self.view, "tag", "cases")]

    def get_override_parameters(self) -> list[Any]:
        """Headers."""
        found: list[Any] = [PHONE]
        if self.method == "POST":
            found.append(KEY)
            if getattr(self.view, "versioned", False):
                found.append(VERSION)
        return found

    def get_request_serializer(self) -> Any:
        """The view may build it when asked, since labels are in the reader's language."""
        build = getattr(self.view, "request_schema", None)
        return (
            {"application/json": build()}
            if build and self.method == "POST"
            else super().get_request_serializer()
        )

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """Good answers as declared, and the one shape of all others."""
        found = super()._get_response_bodies(direction)
        for code in WRITE_ERRORS if self.method == "POST" else READ_ERRORS:
            found[str(code)] = self._get_response_for_code(ErrorSerializer, str(code), ["application/json"])
        return found


class ChannelScheme(OpenApiAuthenticationExtension):
    """`Authorization: Channel <token>`."""

    target_class = "applications.api.authentication.Channel"
    name = "channel"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A header."""
        said = "`Channel <token>`, issued by an administrator"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}


class SessionScheme(OpenApiAuthenticationExtension):
    """The pages' session."""

    target_class = "applications.api.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A cookie."""
        said = "signed in on the pages; changes carry X-CSRFToken"
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": said}
