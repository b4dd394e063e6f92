"""Reading cases: the list, one case, its record, its clocks, what can be done to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api import answers
from applications.api.base import ApiView
from applications.api.serializers import (
    ActionSerializer,
    CasePageSerializer,
    CaseSerializer,
    DeadlineSerializer,
    EntrySerializer,
)
from applications.models import TokenScope
from applications.selectors.standing import Standing, stands
from staff.access import SIGNED_IN, open_to
from workflow.models import Stage

MOST_ENTRIES = 500


class Newest(CursorPagination):
    """By opening, newest first; a cursor stays right while cases come in."""

    page_size, page_size_query_param, max_page_size = 50, "limit", 200
    ordering = "-opened_at"


class ReadView(ApiView):
    """What all of these share."""

    scope = TokenScope.CASES

    def standing(self, pk: uuid.UUID) -> Standing:
        """How a case stands before the caller; 404 if they may not see it."""
        return stands(self.case(pk), self.caller)


@open_to(SIGNED_IN)
class CaseList(ReadView):
    """Cases the caller may see, newest first."""

    operation = "list_cases"

    @extend_schema(
        parameters=[
            OpenApiParameter("stage", str, enum=Stage.values),
            OpenApiParameter("q", str, description="number, or how it begins"),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=CasePageSerializer,
    )
    def get(self, request: Request) -> Response:
        """Cases the caller may see, newest first."""
        cases = self.cases()
        if stage := request.query_params.get("stage"):
            cases = cases.filter(stage=stage)
        if number := request.query_params.get("q", "").strip().replace("-", "").upper():
            cases = cases.filter(Q(contact_no__startswith=number) | Q(application_no__startswith=number))
        pages = Newest()
        found: list[Any] = pages.paginate_queryset(cases, request, view=self) or []
        return pages.get_paginated_response([answers.case_row(case) for case in found])


@open_to(SIGNED_IN)
class CaseDetail(ReadView):
    """One case."""

    operation = "read_case"

    @extend_schema(responses=CaseSerializer)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One case, as far as the caller may know it."""
        return Response(answers.whole_case(self.standing(pk), self.caller))


@open_to(SIGNED_IN)
class CaseTimeline(ReadView):
    """The record of a case."""

    operation = "read_timeline"

    @extend_schema(responses=EntrySerializer(many=True))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The record, newest first; for customers the milestones passed."""
        return Response(answers.record(self.standing(pk), self.caller, MOST_ENTRIES))


@open_to(SIGNED_IN)
class CaseDeadlines(ReadView):
    """The clocks of a case."""

    operation = "read_deadlines"

    @extend_schema(responses=DeadlineSerializer(many=True))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The clocks; for customers law and promises."""
        return Response(answers.deadlines(self.standing(pk), self.caller))


@open_to(SIGNED_IN)
class CaseActions(ReadView):
    """What can be done to a case."""

    operation = "read_actions"

    @extend_schema(responses=ActionSerializer(many=True))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Every act offered: may the caller do it, why not, and what its form asks."""
        here, user = self.standing(pk), self.caller
        return Response([answers.offer(one, here, user) for one in answers.offered(here, user)])
