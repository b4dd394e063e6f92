"""What the forms of acts share: time, version and key; sentences for what is wrong; remarks that a second look confirms."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.fields import MomentField
from applications.forms.fields import PeopleField
from applications.forms.intake import HiddenHandles
from applications.models import Application
from applications.selectors.facts import officers_near, paper_names, signing_parties
from staff.models import Post, User
from staff.policies import WORKING_ROLES
from workflow.models import IdempotencyKey
from workflow.transitions import actor_name

SENTENCES: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (
        forms.ModelMultipleChoiceField,
        {
            "required": _("Choose at least one."),
            "invalid_choice": _("One of the choices is not on the list any more; choose again."),
            "invalid_pk_value": _("One of the choices is not on the list any more; choose again."),
        },
    ),
    (
        forms.ChoiceField,
        {
            "required": _("Choose one of the list."),
            "invalid_choice": _("This is not on the list; choose one that is."),
        },
    ),
    (
        forms.ModelChoiceField,
        {
            "required": _("Choose one of the list."),
            "invalid_choice": _("This is not on the list; choose one that is."),
        },
    ),
    (
        forms.IntegerField,
        {
            "required": _("Enter a number."),
            "invalid": _("This is no number. Write digits, for example 12."),
            "min_value": _("The smallest number possible here is %(limit_value)s."),
            "max_value": _("The largest number possible here is %(limit_value)s."),
            "max_digits": _("At most %(max)s digits altogether."),
            "max_whole_digits": _("At most %(max)s digits before the point."),
            "max_decimal_places": _("At most %(max)s digits after the point."),
        },
    ),
    (
        forms.DateField,
        {"required": _("Choose a day."), "invalid": _("This is no day. Write it like 2026-11-24.")},
    ),
    (forms.DateTimeField, {"invalid": _("This is no time. Write it like 2026-11-24 15:30.")}),
    (
        forms.CharField,
        {
            "required": _("Please fill this in."),
            "max_length": _("At most %(limit_value)d characters; there are %(show_value)d."),
        },
    ),
)
"""A sentence for each kind of slip, where the field has none of its own."""


class ActForm(HiddenHandles):
    """Form of one act on a case. `cleaned_data` is what the service of that name takes, besides `by` and `circumstance`."""

    occurred_at = MomentField()
    came_late = False
    """Whether somebody else was quicker: what stands now is shown beside what was typed."""

    def __init__(
        self,
        *args: Any,
        application: Application,
        user: User,
        version: int | None = None,
        task: uuid.UUID | None = None,
        **kwargs: Any,
    ) -> None:
        self.application, self.user = application, user
        self.unusual: dict[str, str] = {}
        first = {
            "version": version,
            "key": uuid.uuid4().hex,
            **({"task": task} if task else {}),
            **self.first_values(),
            **(kwargs.pop("initial", None) or {}),
        }
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        self.prepare()
        for field in self.fields.values():
            speak(field)
            if isinstance(field, forms.DateField) and not isinstance(field, forms.DateTimeField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                field.widget.is_required = field.required
        self.order_fields([name for name in self.fields if name != "occurred_at"])

    def first_values(self) -> Mapping[str, Any]:
        """What the form starts with, from what is known of the case."""
        return {}

    def again(self) -> ActForm | None:
        """The form changed in shape, where that was asked for rather than the act (a row more)."""
        return None

    def prepare(self) -> None:
        """Give fields the choices this case and person have."""

    def look(self, data: dict[str, Any]) -> None:
        """Compare fields with each other and with the case: `add_error` for what can't be, `remark` for what is unusual."""

    def remark(self, code: str, sentence: str) -> None:
        """Something unusual that may be right: it has to be confirmed once, and the log keeps that it was."""
        self.unusual[code] = sentence

    def clean(self) -> dict[str, Any]:
        """Check, then ask for a second look at what is unusual."""
        data = super().clean() or {}
        self.look(data)
        if self.unusual:
            self.fields["checked"] = forms.BooleanField(
                label=_("I have checked this; it is right"), required=False
            )
            if self.data.get(self.add_prefix("checked")):
                data["confirmed"] = sorted(self.unusual)
            else:
                for sentence in self.unusual.values():
                    self.add_error("checked", sentence)
                data.pop("checked", None)
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        """A key that is none is not on the list, whatever the key's own type has to say of it."""
        known = self.fields.get(field) if field else None
        if isinstance(known, forms.ModelChoiceField) and getattr(error, "code", "") == "invalid":
            error = forms.ValidationError(known.error_messages["invalid_choice"], code="invalid_choice")
        super().add_error(field, error)

    def was_done_before(self) -> bool:
        """Whether this very form was sent and done: a second click on it is no mistake, though it no longer fits the case."""
        key = self.data.get(self.add_prefix("key"))
        done = IdempotencyKey.objects.filter(
            stream=self.application.case.stream, scope__startswith=actor_name(self.user)
        )
        return bool(key) and done.filter(key=key).exists()

    def by_customer(self) -> bool:
        """Whether the customer fills it in; otherwise the counter does on the customer's behalf."""
        return bool(self.user.kind == User.Kind.CUSTOMER)


def speak(field: forms.Field) -> None:
    """Give a field its sentences for what Django would say in half a word."""
    for kind, sentences in SENTENCES:
        if isinstance(field, kind):
            usual = _usual(type(field))
            for code, sentence in sentences.items():
                if field.error_messages.get(code) == usual.get(code):
                    field.error_messages[code] = sentence
            return


def _usual(kind: type[forms.Field]) -> dict[str, Any]:
    """What the field's classes say where nobody gave them a sentence."""
    said: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        said.update(getattr(base, "default_error_messages", {}))
    return said


def fill_people(form: ActForm, *names: str) -> None:
    """Who works on cases at the case's own office or at its county; the one at the keyboard is ticked."""
    office = form.application.case.office
    here = Post.objects.in_force(timezone.localdate()).filter(
        office__in=[office, office.parent or office], role__in=WORKING_ROLES
    )
    near = officers_near(office).filter(Q(pk__in=here.values("user")) | Q(pk=form.user.pk))
    for name in names:
        field: Any = form.fields[name]
        field.queryset = near
        if not form.by_customer():
            form.initial.setdefault(name, [form.user.pk] if isinstance(field, PeopleField) else form.user.pk)


def fill_parties(form: ActForm, name: str) -> None:
    """The customer's side; a customer acts for themself and is not asked who they are."""
    if form.by_customer():
        del form.fields[name]
    else:
        parties = signing_parties(form.application)
        form.fields[name].queryset = parties  # type: ignore[attr-defined]
        form.initial.setdefault(name, next((party.pk for party in parties), None))


def fill_papers(form: ActForm, name: str) -> None:
    """Papers in their newest version; where there are none, no question."""
    papers = form.application.documents.filter(replaced=False)
    field: Any = form.fields[name]
    field.queryset, field.names = papers, paper_names(form.application)
    if not papers.exists():
        field.help_text = _("No papers lie on the case yet; upload them first if there are any.")


def not_in_the_future(form: forms.Form, data: Mapping[str, Any], names: Iterable[str]) -> None:
    """Days that have been are not ahead."""
    for name in names:
        if (day := data.get(name)) and day > timezone.localdate():
            form.add_error(name, gettext("This day lies in the future; enter the day it happened."))


def not_in_the_past(form: forms.Form, data: Mapping[str, Any], names: Iterable[str]) -> None:
    """Days that are to come are not behind."""
    for name in names:
        if (day := data.get(name)) and day < timezone.localdate():
            form.add_error(name, gettext("This day has passed; choose today or a later one."))
