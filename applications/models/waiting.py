"""Why a case waits, and for whom. It explains; it stops no clock: that only a pause does, and only where a rule's row allows it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from staff.fields import EncryptedTextField
from workflow.models import Task, WaitCause


class WaitReason(Fact):
    """What a task waits for since then; the newest of a task counts, an empty cause says that it waits no longer.

    The cause is public to the customer in plain words, and names who has to move; `words` are the desk's own and stay here.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="waits")
    cause = models.CharField(
        _("What it waits for"), max_length=12, choices=WaitCause.choices, blank=True, default=""
    )
    expected_date = models.DateField(_("Expected on"), null=True, blank=True)
    words = EncryptedTextField(_("More about it"), blank=True, default="")
