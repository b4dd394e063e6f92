"""POST contacts: the first word of a case, in whatever channel; sealed at once, answered with the receipt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.answers import contact_answer
from applications.api.authentication import phone_of, token_of
from applications.api.base import ApiView
from applications.api.errors import Problem, errors_of, invalid
from applications.api.serializers import ContactSerializer, GivenRefSerializer
from applications.api.shapes import form_data, form_schema
from applications.forms.apply import ContactPublicForm
from applications.forms.intake import CATEGORIES, ContactForm
from applications.models import StatedMoment, TokenScope
from applications.services.external import Ref
from applications.services.online import register_from_outside
from staff.access import SIGNED_IN, authority_of, open_to
from staff.throttles import CONTACTS_OF_PHONE, Toll, TooOften, pay
from workflow.models import Channel, Contact
from workflow.services.contacts import FirstContact
from workflow.transitions import Done

EXTERNAL = "external"
REFS_SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["system", "kind", "value"],
        "properties": {
            **{name: {"type": "string"} for name in ("system", "kind", "value")},
            "times": {
                "type": "object",
                "properties": {
                    about: {"type": "string", "format": "date-time"} for about in StatedMoment.values
                },
                "description": "times that system holds; kept and shown beside ours",
            },
        },
    },
    "description": "numbers it has in other systems; one that is known leads to its case",
}


class ContactByChannelForm(ContactPublicForm):
    """What a channel or a customer says; `phone` may be left out where the caller's is known."""

    purpose = forms.ChoiceField(choices=ContactForm.base_fields["purpose"].choices, required=False)  # type: ignore[attr-defined]

    def clean_category(self) -> str:
        """A known category; anything else is not sure yet, as in the pages."""
        code: str = self.cleaned_data["category"]
        return code if code in dict(CATEGORIES) else ""


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object sent."""
    if not isinstance(request.data, dict):
        raise Problem(status.HTTP_400_BAD_REQUEST, "invalid", _("The body is to be a JSON object."))
    return dict(request.data)


def refs_of(body: dict[str, Any]) -> list[Ref]:
    """The numbers in other systems, taken out of the body."""
    given = GivenRefSerializer(data=body.pop(EXTERNAL, None) or [], many=True)
    if not given.is_valid():
        said = _(
            "Each has system, kind and value (40, 40 and 120 characters at most), perhaps times: contact, submitted, accepted, energised."
        )
        raise invalid({EXTERNAL: [said]})
    return [Ref(**ref) for ref in given.validated_data]


@open_to(SIGNED_IN)
class Contacts(ApiView):
    """First contacts."""

    scope = TokenScope.CONTACTS
    operation = "register_contact"
    tag = "contacts"

    def request_schema(self) -> dict[str, Any]:
        """The counter's form and the public one, in one."""
        schema = form_schema({**ContactForm.base_fields, "office": ContactPublicForm.base_fields["office"]})
        schema["properties"][EXTERNAL] = REFS_SCHEMA
        return schema

    @extend_schema(responses={201: ContactSerializer})
    def post(self, request: Request) -> Response:
        """Register a contact. One about a need that is on record already goes onto its case."""
        return self.once("contacts", self._do, lambda done: contact_answer(_contact(done)))

    def _do(self, key: str) -> Done:
        body = body_of(self.request)
        refs = refs_of(body)
        first, occurred_at = self._officers(body) if self.caller.is_officer else (self._others(body), None)
        made = register_from_outside(
            first, refs, by=self.caller, key=key, occurred_at=occurred_at, circumstance=self.circumstance()
        )
        return Done(made.case.pk, made.case.stream, made.contact.number, repeated=made.repeated)

    def _officers(self, body: dict[str, Any]) -> tuple[FirstContact, Any]:
        me = authority_of(self.request)
        if me is None or not me.posts:
            raise Http404
        channels = [(c.code, c.name) for c in Channel.objects.filter(in_force=True)]
        data = _valid(
            ContactForm(
                form_data({"channel": "hall", "purpose": "connection", **body}, ContactForm.base_fields),
                channels=channels,
            )
        )
        first = FirstContact(
            channel=data["channel"], phone=data["phone"], name=data["name"], need=data["need"], place=data["place"],
            category=data["category"], purpose=data["purpose"], papers_left=data["papers_left"], papers=data["papers"],
            office_code=body.get("office") or me.posts[0].office_code, terminal_class="staff",
        )  # fmt: skip
        return first, data["occurred_at"]

    def _others(self, body: dict[str, Any]) -> FirstContact:
        token = token_of(self.request)
        own = phone_of(self.request) if token else self.caller.phone or ""
        if own:
            body["phone"] = own
        data = _valid(ContactByChannelForm(form_data(body, ContactByChannelForm.base_fields)))
        if token is None:
            _pay(data["phone"])
        return FirstContact(
            channel=token.channel_id if token else "web", phone=data["phone"], name=data["name"], need=data["need"], place=data["place"],
            category=data["category"], purpose=data["purpose"] or "connection", office_code=data["office"],
            self_registered=token is None or not token.channel.staffed, terminal_class="customer",
        )  # fmt: skip


def _valid(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise invalid(errors_of(form))
    return form.cleaned_data


def _pay(phone: str) -> None:
    try:
        pay([Toll(CONTACTS_OF_PHONE, phone)], timezone.now())
    except TooOften as often:
        minutes = max(1, -int(-(often.opens_at - timezone.now()).total_seconds() // 60))
        said = _("Registered too often from here. Try again in %(n)d minutes, or call 95598.") % {
            "n": minutes
        }
        raise Problem(status.HTTP_429_TOO_MANY_REQUESTS, "too_often", said) from often


def _contact(done: Done) -> Contact:
    return Contact.objects.select_related("case").get(case_id=done.case_id, number=done.number)
