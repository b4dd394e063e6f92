"""Every act, one address each: the page's form validates, the page's service runs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.answers import SUPPLY, done_answer
from applications.api.base import ApiView
from applications.api.errors import REFUSED, Problem, errors_of, invalid
from applications.api.idempotency import answered
from applications.api.serializers import DoneSerializer
from applications.api.shapes import ALWAYS, form_data, form_schema
from applications.forms import FORMS
from applications.forms.act import ActForm
from applications.models import Application, TokenScope
from applications.progress import CUSTOMER_ACTS
from applications.services import SERVICES
from staff.access import SIGNED_IN, authority_of, open_to
from workflow import actions
from workflow.models import IdempotencyKey
from workflow.policies import why_not
from workflow.selectors.situations import situation_of
from workflow.situation import Situation
from workflow.transitions import Done, actor_name

NAMED = {"approved_by": "named in the form"}
"""Whether a second person is the right one is asked once they are named; before, whether this person may ask at all."""


class ActView(ApiView):
    """One act of `FORMS` on one case."""

    scope = TokenScope.CASES
    act = ""
    versioned = True
    tag = "acts"

    @extend_schema(responses={201: DoneSerializer})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Do it. Which choices a case offers, and the task's version, stand in its actions."""
        application = self.application(pk)
        if self.caller.is_customer and self.act not in (*CUSTOMER_ACTS, SUPPLY):
            raise Http404
        return self.once(f"{pk.hex}:{self.act}", lambda key: self._do(application, key), done_answer)

    def _do(self, application: Application, key: str) -> Done:
        action = actions.get(self.act)
        situation = situation_of(application, self.caller, known=authority_of(self.request))
        situation = situation.before(action, NAMED if action.second_person else {})
        if (done := self._done_before(application, key)) is not None:
            return done
        if sentence := why_not(situation):
            raise Problem(status.HTTP_409_CONFLICT, REFUSED, sentence)
        form = self._form(application, key, self._version(situation))
        if not form.is_valid():
            raise invalid(errors_of(form))
        given = dict(form.cleaned_data)
        if self.caller.is_customer:
            given.pop("occurred_at", None)
        how = self.circumstance(application.case)
        return SERVICES[self.act](application, by=self.caller, circumstance=how, **given)

    def _done_before(self, application: Application, key: str) -> Done | None:
        """The door's own memory, for a request that was done though its answer never got here."""
        scope = f"{actor_name(self.caller)}:{self.act}:{application.case.pk.hex}"
        known = IdempotencyKey.objects.filter(scope=scope, key=key).first()
        return answered(known) if known else None

    def _version(self, situation: Situation) -> int | None:
        given = self.request.headers.get("If-Match") or self._body().get("version")
        if given in (None, ""):
            if situation.task is not None:
                said = _(
                    "Say which version of the task you saw: If-Match, or `version`. It stands in the case's actions."
                )
                raise Problem(status.HTTP_428_PRECONDITION_REQUIRED, "version_missing", said)
            return None
        found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', str(given).strip())
        if found is None:
            said = _("A version is a number, in If-Match in quotes.")
            raise Problem(status.HTTP_400_BAD_REQUEST, "version_invalid", said)
        return int(found[1])

    def _body(self) -> Mapping[str, Any]:
        data = self.request.data
        if not isinstance(data, Mapping):
            raise Problem(status.HTTP_400_BAD_REQUEST, "invalid", _("The body is to be a JSON object."))
        return data

    def _form(self, application: Application, key: str, version: int | None) -> ActForm:
        shown = FORMS[self.act](application=application, user=self.caller, version=version)
        data = form_data(self._body(), {**FORMS[self.act].base_fields, **shown.fields})
        data["key"], data["version"] = key, "" if version is None else str(version)
        form = FORMS[self.act](
            data, self.request.FILES, application=application, user=self.caller, version=version
        )
        known = {*form.fields, *ALWAYS, "key"} - ({"occurred_at"} if self.caller.is_customer else set())
        if strangers := sorted(set(data) - known):
            raise invalid({name: [_("This act has no such field here.")] for name in strangers})
        return form


def act_view(name: str) -> Any:
    """The view of one act; a class of its own, so that its description is its own."""

    def request_schema(_view: Any = None) -> dict[str, Any]:
        schema = form_schema(FORMS[name].base_fields)
        more = {"version": {"type": "integer"}, "checked": {"type": "boolean"}}
        # what a case asks depends on the case: no field is called needed for all of them
        return {"type": "object", "properties": {**schema["properties"], **more}}

    body = {
        "act": name, "operation": name, "summary": property(lambda _view: actions.get(name).label),
        "request_schema": request_schema, "__doc__": FORMS[name].__doc__, "__module__": __name__,
    }  # fmt: skip
    view: Any = type("".join(word.capitalize() for word in name.split("_")), (ActView,), body)
    return open_to(SIGNED_IN)(view).as_view()
