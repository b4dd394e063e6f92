"""What the API's views share: who calls, what their token opens, cases they may see, doing something once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications.api.authentication import Channel, Session, token_of
from applications.api.errors import Problem, answer_error, problem_of
from applications.api.idempotency import Once
from applications.api.schemas import ApiSchema
from applications.models import Application, TokenScope
from staff.access import authority_of, reader
from staff.models import User
from workflow.events import Circumstance
from workflow.models import Case
from workflow.transitions import Done, Refusal, Repeated

COUNTER, WEB = "counter", "web"


class ApiView(APIView):
    """A view open to sessions and, within its scope, to channel tokens. Without a scope tokens find nothing here."""

    authentication_classes = [Channel, Session]
    schema = ApiSchema()
    scope: TokenScope | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A token opens what it names."""
        super().initial(request, *args, **kwargs)
        token = token_of(request)
        if token is not None and (self.scope is None or self.scope not in token.scopes):
            raise Problem(status.HTTP_403_FORBIDDEN, "scope", _("This token does not cover this."))

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """One shape for errors."""
        return answer_error

    def cases(self) -> Any:
        """Every case the caller may see."""
        found = Case.objects.visible_to(reader(self.request).user, authority_of(self.request))
        return found.select_related("office", "route_version__route", "joined_to", "first_contact_channel")

    def case(self, pk: uuid.UUID) -> Case:
        """One of them, or 404."""
        case: Case = get_object_or_404(self.cases(), pk=pk)
        return case

    def application(self, pk: uuid.UUID) -> Application:
        """The application of a case the caller may see; 404 while there is none."""
        case = self.case(pk)
        return get_object_or_404(Application.objects.select_related("case__office", "premises"), case=case)

    @property
    def caller(self) -> User:
        """Who acts."""
        return reader(self.request).user

    def circumstance(self, case: Case | None = None) -> Circumstance:
        """How it came: by which channel, to which office. The acts of one request share its id."""
        token, officer = token_of(self.request), self.caller.is_officer
        via = token.channel_id if token else COUNTER if officer else WEB
        station = case.office.code if case is not None and officer else None
        return Circumstance(via=via, station=station, request=uuid.uuid4().hex)

    def once(self, route: str, do: Callable[[str], Done], answer: Callable[[Done], Any]) -> Response:
        """Do it under the request's key, or give the first answer again."""
        once = Once(self.request, route)
        done = once.first()
        if done is None:
            try:
                done = do(once.key)
            except Repeated as repeated:
                done = repeated.done
            except Refusal as refusal:
                once.forget()
                raise problem_of(refusal, conditional="If-Match" in self.request.headers) from refusal
            except Exception:
                once.forget()
                raise
            once.keep(done)
        headers = {"Idempotency-Replayed": "true"} if done.repeated else {}
        return Response(answer(done), status=status.HTTP_201_CREATED, headers=headers)


def not_for_customers(user: User) -> None:
    """What is kept for officers and systems does not exist for customers."""
    if user.is_customer:
        raise Http404
