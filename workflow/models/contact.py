"""Contact: somebody asked for something, in some channel, at some moment."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.encryption import blind_index
from staff.fields import EncryptedTextField
from staff.models import Office, User
from workflow.models.case import Case, new_id
from workflow.models.channel import Channel
from workflow.models.finding import CaseTerms
from workflow.terms import name_terms, number_terms, phone_terms, place_terms

KEY_TAIL = 20
"""Hexadecimal digits behind a receipt's code in its address: 80 bits nobody guesses."""
SHORT_HEAD, SHORT_TAIL = 12, 14


class PersonData(models.Model):
    """What identifies a person, encrypted, outside history, events and logs; others refer to it by id.

    The indexes are keyed hashes: equal values are found, values are not readable from them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone_tail_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    id_kind = models.CharField(max_length=12, blank=True, default="")
    id_number = EncryptedTextField(blank=True, default="")
    id_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    address = EncryptedTextField(blank=True, default="")
    address_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)


def person_terms(person: PersonData) -> set[int]:
    """By what a case of this person is found."""
    return name_terms(person.name) | phone_terms(person.phone)


class Purpose(models.TextChoices):
    """What the person came for."""

    CONNECTION = "connection", pgettext_lazy("purpose of a contact", "Apply for power")
    ADVICE = "advice", _("Ask for advice")
    HURRY = "hurry", _("Ask to hurry")
    COMPLAINT = "complaint", _("Complain")
    WAIT = "told_to_wait", _("Told to wait")


class Outcome(models.TextChoices):
    """How a contact ends: a closed list, so that none ends in nothing."""

    OPEN = "", _("No outcome yet")
    ACCEPTED = "accepted", _("Accepted")
    PAPERS = "papers_requested", _("Papers requested")
    ADVICE = "advice", _("Answered as advice")
    JOINED = "joined", _("Joined to another case")
    REFERRED = "referred", _("Referred")
    NOT_ACCEPTABLE = "not_acceptable", _("Not acceptable")
    GIVEN_UP = "given_up", _("Given up by the customer")


class Contact(models.Model):
    """Sealed at once, with an owner, an office and its own limit; it gets one outcome."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    number = models.PositiveIntegerField(help_text="number of its event in the case's stream")
    person = models.ForeignKey(PersonData, on_delete=models.PROTECT, related_name="contacts")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="contacts")
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.CONNECTION)
    category = models.CharField(
        max_length=40, blank=True, default="", help_text="category code as understood so far"
    )
    need = EncryptedTextField(blank=True, default="")
    place = EncryptedTextField(blank=True, default="")
    papers_left = models.BooleanField(default=False)
    papers = EncryptedTextField(
        blank=True, default="", help_text="which papers were left, in the clerk's words"
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_contacts"
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="contacts")
    behalf = models.CharField(
        max_length=8, default="self", choices=[("self", "self"), ("agent", "agent"), ("staff", "staff")]
    )
    terminal_class = models.CharField(
        max_length=12, default="customer", help_text="staff, kiosk or customer device"
    )
    device = models.CharField(
        max_length=64, blank=True, default="", help_text="salted pseudonym of the device"
    )
    self_registered = models.BooleanField(default=False)
    occurred_at = models.DateTimeField(help_text="claimed")
    recorded_at = models.DateTimeField(help_text="the database's own time")
    receipt_code = models.CharField(max_length=40, unique=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_reason = models.CharField(max_length=200, blank=True, default="")
    outcome_clause = models.CharField(max_length=40, blank=True, default="", help_text="clause of a refusal")
    asked_for = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="papers asked for, by item code"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="contact_case_number")]
        indexes = [
            models.Index(
                fields=["office", "recorded_at"],
                condition=models.Q(outcome=""),
                name="contact_without_outcome",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever was here is found by name, phone, place and the case's number from the same moment on."""
        new = self._state.adding
        super().save(*args, **kwargs)
        if new:
            CaseTerms.objects.add(
                self.case_id,
                person_terms(self.person) | place_terms(self.place) | number_terms(self.case.contact_no),
            )

    @property
    def receipt_key(self) -> str:
        """The address of the receipt: its code, and a tail that only whoever got the receipt has.

        The code alone is no secret: it begins the leaf hash, which stands in the public log.
        """
        return self.receipt_code + blind_index(self.receipt_code, "receipt")[:KEY_TAIL].upper()

    @property
    def short_key(self) -> str:
        """The same for a text message, where every character counts: the beginning of the code, and a tail of 56 bits."""
        return (
            self.receipt_code[:SHORT_HEAD]
            + blind_index(self.receipt_code, "receipt-short")[:SHORT_TAIL].upper()
        )
