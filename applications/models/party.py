"""Parties and premises: who asks for power, for whom, and where."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.application import Application
from applications.models.document import Document
from staff.encryption import blind_index
from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models import CaseTerms, PersonData, person_terms
from workflow.terms import place_terms


class PartyRole(models.TextChoices):
    """What somebody is to the case."""

    APPLICANT = "applicant", _("Applicant")
    OWNER = "owner", _("Owner of the premises")
    USER = "user", _("User of the power")
    AGENT = "agent", _("Agent")
    CONTACT = "contact", _("Contact person")
    PAYER = "payer", _("Payer")
    FORMER = "former", _("Former holder")
    PROPERTY = "property", _("Property manager")
    CO_OWNER = "co_owner", _("Co-owners")


class Power(models.TextChoices):
    """What an agent can be authorised for."""

    PAPERS = "papers", _("Apply, hand in papers")
    SCHEME = "scheme", _("Decide on the supply scheme")
    SIGN = "sign", _("Sign the contract")
    WORKS = "works", _("Report works and completion")
    WITHDRAW = "withdraw", _("Withdraw")


class Verification(models.TextChoices):
    """How a phone was verified."""

    CODE = "code", _("Code sent to the phone")
    COUNTER = "counter", _("At the counter, with ID")


class RevealReason(models.TextChoices):
    """What a whole ID number is looked at for."""

    IDENTITY = "identity", _("To compare it with the ID shown")
    CONTRACT = "contract", _("To draw up the contract")
    SAME = "same", _("To tell two people apart")
    DEMANDED = "demanded", _("An authority asks for it in writing")


class SigningMethod(models.TextChoices):
    """How a signature was given."""

    E_SEAL = "e_seal", _("Electronic seal")
    PAD = "pad", _("Signature pad")
    PAPER = "paper", _("Paper, photographed")
    CODE = "code", _("Code to the signer's own phone")


class Party(models.Model):
    """One person or organisation in one role. What identifies them is encrypted in PersonData, outside history."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole.choices)
    kind = models.CharField(
        max_length=12,
        choices=[("person", _("Person")), ("organisation", _("Organisation"))],
        default="person",
    )
    person = models.ForeignKey(PersonData, on_delete=models.PROTECT, related_name="parties")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="parties")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    phone_verified_how = models.CharField(
        max_length=20,
        blank=True,
        default="",
        choices=Verification.choices,
        help_text="code, counter or empty",
    )
    phone_verified_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the clerk, or the person",
    )
    scope = models.CharField(
        max_length=120, blank=True, default="", help_text="what an agent is authorised for"
    )
    powers = ArrayField(
        models.CharField(max_length=12, choices=Power.choices),
        default=list,
        blank=True,
        help_text="what an agent may do; empty = the paper sets no bounds",
    )
    authorisation = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the paper itself",
    )
    valid_from_date = models.DateField(null=True, blank=True)
    valid_to_date = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="taken back before its time")
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords(excluded_fields=["person"])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(role="applicant"), name="party_one_applicant"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Everybody of the case is found in it."""
        new = self._state.adding
        super().save(*args, **kwargs)
        if new:
            CaseTerms.objects.add(self.application.case_id, person_terms(self.person))


class Premises(models.Model):
    """Where the power is wanted. The address is personal data: encrypted, and outside history."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="premises")
    address = EncryptedTextField()
    address_index = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_index=True,
        help_text="keyed hash: the same place is found again",
    )
    county_code = models.CharField(max_length=6, blank=True, default="")
    title_kind = models.CharField(max_length=30, blank=True, default="", help_text="kind of property proof")
    owner_is_applicant = models.BooleanField(default=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the hash in step with the address, and the case found by it."""
        self.address_index = place_index(self.address)
        super().save(*args, **kwargs)
        CaseTerms.objects.add(self.application.case_id, place_terms(self.address))


def place_index(address: str) -> str:
    """The keyed hash of an address, whatever its spaces, width and punctuation."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", address)).lower()
    return blind_index(plain, "place") if plain else ""
