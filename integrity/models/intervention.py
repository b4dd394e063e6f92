"""过问登记: who asked about a case, sealed for the discipline office alone; anonymous tip-offs; the nil declaration of each quarter."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.fields import EncryptedTextField
from staff.models import Office, User
from workflow.models import Case, new_id


class InterventionKind(models.TextChoices):
    """What happened."""

    ASKED = "asked", pgettext_lazy("intervention", "Somebody asked about a case")
    HOLD = "hold", pgettext_lazy("intervention", "I was told to hold it back")
    HURRY = "hurry", pgettext_lazy("intervention", "I was told to hurry it")


class Asker(models.TextChoices):
    """Who it was, as a kind."""

    SUPERIOR = "superior", _("A superior of mine")
    COLLEAGUE = "colleague", _("A colleague")
    OFFICIAL = "official", _("An official from outside")
    RELATIVE = "relative", _("A relative of mine")
    FRIEND = "friend", _("A friend or acquaintance")
    FIRM = "firm", _("A design, construction or supply firm")
    OTHER = "other", pgettext_lazy("asker", "Somebody else")


class Wanted(models.TextChoices):
    """What was wanted."""

    NEWS = "news", _("Only how far it is")
    SOONER = "sooner", _("To have it done before its turn")
    LATER = "later", _("To have it wait")
    PASS = "pass", _("To overlook something")
    REFUSE = "refuse", _("To make it difficult")
    FIRM = "firm", _("To send the customer to a firm")
    RECORD = "record", _("To record another time or fact")
    OTHER = "other", pgettext_lazy("wanted", "Something else")


class Intervention(models.Model):
    """One registration. The log knows kinds alone; names and words stand here, encrypted. It protects whoever registers it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=InterventionKind.choices)
    asker = models.CharField(max_length=12, choices=Asker.choices)
    wanted = models.CharField(max_length=8, choices=Wanted.choices)
    who = EncryptedTextField(blank=True, default="")
    words = EncryptedTextField(blank=True, default="")
    about = EncryptedTextField(blank=True, default="", help_text="number as typed, whether or not it exists")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    happened_date = models.DateField(null=True)
    registrant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["-registered_at"]

    @property
    def stream(self) -> str:
        """Its own stream: nothing about it stands in the case's."""
        return f"integrity:{self.pk}"


class TipOff(models.Model):
    """A hint by somebody of the staff who is not named anywhere: whoever holds its code can read the answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code_index = models.CharField(max_length=64, unique=True)
    words = EncryptedTextField()
    about = EncryptedTextField(blank=True, default="")
    handed_in_at = models.DateTimeField()
    answer = EncryptedTextField(blank=True, default="")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-handed_in_at"]
        constraints = [
            models.CheckConstraint(
                name="tipoff_answered_by_whom_and_when",
                condition=models.Q(answered_by__isnull=True, answered_at__isnull=True)
                | models.Q(answered_by__isnull=False, answered_at__isnull=False),
            )
        ]

    @property
    def stream(self) -> str:
        """Its own stream."""
        return f"integrity:{self.pk}"


class NilDeclaration(models.Model):
    """Nobody asked me about a case this quarter: said once by each officer, sealed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["user", "year", "quarter"], name="nildeclaration_once"),
            models.CheckConstraint(
                condition=models.Q(quarter__gte=1, quarter__lte=4), name="nildeclaration_quarter"
            ),
        ]

    @property
    def stream(self) -> str:
        """The declarer's own."""
        return f"integrity:{self.user_id}"
