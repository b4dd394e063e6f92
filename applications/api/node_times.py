"""Node times for other systems: when each node opened and closed, by the database's clock; JSON or CSV, nobody's name in it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.authentication import token_of
from applications.api.base import ApiView, not_for_customers
from applications.api.errors import invalid
from applications.api.serializers import NodeTimesSerializer
from applications.models import TokenScope
from applications.selectors.node_times import changed_tasks, covered, moment, node_row, since, write_table
from staff.access import SIGNED_IN, open_to

PAGE = 1000


class Csv(BaseRenderer):
    """A table; the first line names the columns."""

    media_type, format, charset = "text/csv", "csv", "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Rows, or the sentence of an error."""
        if "results" not in data:
            return str(data.get("detail", "")).encode()
        out = io.StringIO()
        write_table(out, data["results"])
        return out.getvalue().encode()


@open_to(SIGNED_IN)
class NodeTimes(ApiView):
    """Node times."""

    scope = TokenScope.NODE_TIMES
    operation = "read_node_times"
    tag = "node times"
    renderer_classes = [JSONRenderer, Csv]

    @extend_schema(
        parameters=[
            OpenApiParameter("since", OpenApiTypes.DATETIME, description="opened or closed then or later"),
            OpenApiParameter("after", OpenApiTypes.UUID, description="as `next` says"),
            OpenApiParameter("format", str, enum=["json", "csv"]),
        ],
        responses={200: NodeTimesSerializer, (200, "text/csv"): str},
    )
    def get(self, request: Request) -> Response:
        """What opened or closed since then, oldest first, a page at a time; `next` (also as Link) leads on."""
        not_for_customers(self.caller)
        found = list(self._tasks()[: PAGE + 1])
        following = self._next(found[PAGE - 1]) if len(found) > PAGE else None
        rows = [node_row(task) for task in found[:PAGE]]
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response({"next": following, "results": rows}, headers=headers)

    def _tasks(self) -> Any:
        token = token_of(self.request)
        cases = (covered(token) if token else self.cases()).values("pk")
        text = self.request.query_params.get("since")
        if not text:
            return changed_tasks(cases)
        if (start := since(text.replace(" ", "+"))) is None:
            raise invalid({"since": [_("This is no time. Write it like 2026-11-24T15:30:00+08:00.")]})
        return changed_tasks(cases, start, _uuid(self.request.query_params.get("after")))

    def _next(self, last: Any) -> str:
        query = self.request.query_params.copy()
        query["since"], query["after"] = str(moment(last.changed)), str(last.pk)
        return f"{self.request.build_absolute_uri(self.request.path)}?{query.urlencode()}"


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise invalid({"after": [_("Take `next` as it was given.")]}) from None
