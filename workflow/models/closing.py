"""What happens to a contact on its way: closed only if nobody objects, handed on from office to office."""

from __future__ import annotations

from django.db import models

from staff.fields import EncryptedTextField
from staff.models import Office, User
from workflow.models.contact import Contact, Outcome


class ContactClosing(models.Model):
    """An outcome that takes effect only if the customer, told of it, does not answer 我要办理 by the time that stands here.

    Why: "it was only advice" is how a wish disappears. The due time is data, so that nothing depends on a timer that must survive.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="closings")
    outcome = models.CharField(
        max_length=16, choices=[choice for choice in Outcome.choices if choice[0] in ("advice", "given_up")]
    )
    reason = EncryptedTextField(help_text="what was answered, in the clerk's words")
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    told_number = models.PositiveIntegerField(help_text="number of its event in the case's stream")
    takes_effect_at = models.DateTimeField()
    objected_at = models.DateTimeField(null=True)
    objected_number = models.PositiveIntegerField(null=True)
    effective_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["told_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(objected_at=None, effective_at=None),
                name="contactclosing_one_pending",
            ),
            models.CheckConstraint(
                name="contactclosing_one_end",
                condition=models.Q(objected_at__isnull=True) | models.Q(effective_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["takes_effect_at"],
                condition=models.Q(objected_at=None, effective_at=None),
                name="contactclosing_pending",
            )
        ]

    @property
    def pending(self) -> bool:
        """Whether the customer can still object."""
        return self.objected_at is None and self.effective_at is None


class HandOn(models.Model):
    """A contact passed from one office to another: how often, when and why stays with it. Its clock runs on."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="hand_ons")
    nth = models.PositiveSmallIntegerField(help_text="1 for the first time")
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    number = models.PositiveIntegerField(help_text="number of its event in the case's stream")

    class Meta:
        ordering = ["nth"]
        constraints = [models.UniqueConstraint(fields=["contact", "nth"], name="handon_nth")]
