"""Ways out of a route as data: what each needs before it may be taken, and what its written notice says."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models.scheme import Sourced


class ExitRule(Sourced):
    """One reason of the closed list: by which act it is taken, what it needs, what the customer is told in writing.

    Waiting for capacity ends nothing, but is told in the same way.

    `not_after`: facts after which this way is closed. `refile_days`: a new application of the same customer or place within so many
    days continues the chain of this one; null = it begins a new one.
    """

    code = models.CharField(max_length=20)
    action = models.CharField(
        max_length=20,
        choices=[(act, act) for act in ("refuse", "withdraw", "terminate", "void", "queue_for_capacity")],
    )
    order = models.PositiveSmallIntegerField(default=0)
    notice_zh = models.CharField(max_length=60, help_text="title of the written notice")
    notice_en = models.CharField(max_length=100)
    text_zh = models.TextField(help_text="what it means and what the customer can do")
    text_en = models.TextField()
    needs_clause = models.BooleanField(default=False)
    needs_review_date = models.BooleanField(default=False)
    needs_grid_project = models.BooleanField(default=False)
    needs_lapsed_scheme = models.BooleanField(default=False)
    attempts_needed = models.PositiveSmallIntegerField(
        default=0, help_text="dated attempts to reach the customer"
    )
    ways_needed = models.PositiveSmallIntegerField(default=0, help_text="over so many different channels")
    not_after = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    refile_days = models.PositiveSmallIntegerField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["action", "code"], name="exitrule_action_code")]

    @property
    def notice(self) -> str:
        """Title of the written notice, in the reader's language."""
        return self.notice_en if _english() else self.notice_zh

    @property
    def text(self) -> str:
        """What it means, in the reader's language."""
        return self.text_en if _english() else self.text_zh


class ReachWay(models.TextChoices):
    """Ways of trying to reach a customer, so that different ones can be told apart."""

    PHONE = "phone", _("Telephone")
    MESSAGE = "message", _("Text message")
    APP = "app", _("Message in the app")
    LETTER = "letter", _("Registered letter")
    VISIT = "visit", _("Visit on site")


def _english() -> bool:
    return (get_language() or "").startswith("en")
