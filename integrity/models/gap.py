"""What may lie behind a gap between two times, and what the office said about one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from simple_history.models import HistoricalRecords

from staff.fields import EncryptedTextField
from staff.models import User
from staff.models.naming import TwoNames
from workflow.models import Case


class Cause(TwoNames):
    """An innocent or system cause of a gap: offered to the office to choose from, and to the auditor to consider first.

    `look_*` says where an auditor finds out whether it was so. `needs_words` for causes that say nothing by themselves.
    """

    code = models.CharField(max_length=24, primary_key=True)
    look_zh = models.CharField(max_length=200)
    look_en = models.CharField(max_length=200)
    needs_words = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    in_force = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]

    @property
    def look(self) -> str:
        """Where to find out, in the reader's language."""
        return self.look_en if (get_language() or "").startswith("en") else self.look_zh


class GapAnswer(models.Model):
    """The office's explanation of one gap on one case: given once, about the event recorded late, flag or no flag.

    It refers to no flag: a gap is asked about because the times differ, never because somebody is suspected.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    about_number = models.PositiveIntegerField(help_text="number of the event in the case's stream")
    number = models.PositiveIntegerField(help_text="number of the event of this answer in the case's stream")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(max_length=500, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["about_number"]
        constraints = [models.UniqueConstraint(fields=["case", "about_number"], name="gapanswer_once")]
