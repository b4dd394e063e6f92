"""POST applications: started and submitted in one, by the counter's form or by the steps of the online one."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.answers import filed_answer
from applications.api.authentication import phone_of, token_of
from applications.api.base import WEB, ApiView
from applications.api.contacts import EXTERNAL, REFS_SCHEMA, body_of, refs_of
from applications.api.errors import Problem, errors_of, invalid
from applications.api.serializers import FiledSerializer
from applications.api.shapes import form_data, form_schema
from applications.categories import BY_CODE
from applications.forms.apply import LoadForm, OrganisationForm, PersonForm, PlaceForm, SendForm, WhoForm
from applications.forms.counter import CounterApplicationForm
from applications.forms.steps import checked, filled
from applications.models import Application, TokenScope
from applications.services.external import Ref, case_of, keep_refs
from applications.services.filing import file_at_counter
from applications.services.online import file_from_outside
from staff.access import SIGNED_IN, open_to
from staff.models import User
from workflow.models import Case
from workflow.transitions import Done, Refused

STEPS = ("place", "who", "applicant", "details", "load", "echo")


@open_to(SIGNED_IN)
class Applications(ApiView):
    """Applications."""

    scope = TokenScope.APPLICATIONS
    operation = "file_application"
    tag = "applications"

    def request_schema(self) -> dict[str, Any]:
        """Officers: the counter's form on a contact's case. Customers and channels: the online form's steps."""
        counter = form_schema(CounterApplicationForm.base_fields)
        counter["properties"] |= {"case": {"type": "string", "format": "uuid"}, EXTERNAL: REFS_SCHEMA}
        fields = {
            "place": PlaceForm.base_fields, "who": WhoForm.base_fields, "load": LoadForm.base_fields, "echo": SendForm.base_fields,
            "applicant": {**OrganisationForm.base_fields, **PersonForm.base_fields},
        }  # fmt: skip
        steps = {step: form_schema(found) | {"required": []} for step, found in fields.items()}
        for step in steps.values():
            del step["required"]
        online = {
            "category": {"type": "string", "enum": list(BY_CODE)},
            **steps,
            "details": {"type": "object"},
            EXTERNAL: REFS_SCHEMA,
        }
        return {"oneOf": [counter, {"type": "object", "required": ["category"], "properties": online}]}

    @extend_schema(responses={201: FiledSerializer})
    def post(self, request: Request) -> Response:
        """File an application: a contact, where there is none yet, the application, its submission; all or nothing."""
        do = self._at_counter if self.caller.is_officer else self._online
        return self.once("applications", do, lambda done: filed_answer(_application(done)))

    def _at_counter(self, key: str) -> Done:
        body = body_of(self.request)
        refs = refs_of(body)
        case = get_object_or_404(self.cases(), pk=_uuid(body.pop("case", "")))
        form = CounterApplicationForm(form_data(body, CounterApplicationForm.base_fields))
        if not form.is_valid():
            raise invalid(errors_of(form))
        if (known := _application_of(case)) is not None:
            if not refs or case_of(refs, by=self.caller, phone="") != case:
                raise Refused(_("This case has an application already."))
            return _done(known)
        return _done(self._file(case, form, refs))

    @transaction.atomic
    def _file(self, case: Case, form: CounterApplicationForm, refs: list[Ref]) -> Application:
        how = self.circumstance(case)
        keep_refs(case, refs)
        return file_at_counter(case, form.particulars(), by=self.caller, circumstance=how, **form.load())

    def _online(self, key: str) -> Done:
        body = body_of(self.request)
        refs = refs_of(body)
        customer, token = self._customer(), token_of(self.request)
        category = str(body.get("category", ""))
        if category not in BY_CODE:
            raise invalid({"category": [_("This is not on the list; choose one that is.")]})
        fields = {step: form.fields for step, form in checked(category, {}).items()}
        given = {step: form_data(_part(body, step), fields.get(step, {})) for step in STEPS}
        answers = {step: {name: data.get(name, "") for name in data} for step, data in given.items()}
        said = checked(category, answers)
        echo = SendForm(answers["echo"])
        wrong = [step for step, form in said.items() if not form.is_valid()]
        if wrong or not echo.is_valid():
            found = {k: v for step in wrong for k, v in errors_of(said[step], prefix=f"{step}.").items()}
            raise invalid(found | errors_of(echo, prefix="echo."))
        return _done(
            file_from_outside(
                filled(category, answers, said, customer), echo.echo(), refs, by=customer, key=key,
                channel=token.channel_id if token else WEB, vouched=token is not None, circumstance=self.circumstance(),
            )
        )  # fmt: skip

    def _customer(self) -> User:
        """Whose application it is. A phone the channel vouches for is as good as one we sent a code to, and is told apart."""
        if self.caller.is_customer:
            return self.caller
        phone = phone_of(self.request)
        if not phone:
            said = _("Name the customer's verified phone in the header Customer-Phone.")
            raise Problem(status.HTTP_400_BAD_REQUEST, "customer_missing", said)
        return User.objects.customer_by_phone(phone) or User.objects.create_customer(phone)


def _part(body: dict[str, Any], step: str) -> dict[str, Any]:
    part = body.get(step) or {}
    if not isinstance(part, dict):
        raise invalid({step: [_("This is to be an object of fields.")]})
    return part


def _uuid(text: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise invalid({"case": [_("Name the contact's case by its id.")]}) from None


def _application_of(case: Case) -> Application | None:
    return Application.objects.select_related("case").filter(case=case).first()


def _done(application: Application) -> Done:
    case = application.case
    return Done(case.pk, case.stream, case.event_number)


def _application(done: Done) -> Application:
    return Application.objects.select_related("case").get(case_id=done.case_id)
