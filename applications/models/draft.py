"""Draft: answers of a form that is not sent yet. No case, no event: the first contact is the first paper or the submission."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from staff.fields import EncryptedTextField
from staff.models import User
from workflow.models import Case, new_id


class Draft(models.Model):
    """Saved on the server so that another device can go on. Answers are personal data: one encrypted JSON text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    category = models.CharField(max_length=40)
    answers = EncryptedTextField(default="{}")
    case = models.OneToOneField(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft")
    key = models.CharField(max_length=40, help_text="idempotency key of its submission")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)
