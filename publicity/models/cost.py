"""Cost: who pays what, in one sentence to the public, with its source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from simple_history.models import HistoricalRecords

from workflow.models import Grade


class Cost(models.Model):
    """One sentence about who pays what for a category. Data, because thresholds and who pays differ by place and year."""

    category = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    in_force = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["category", "order"]
        constraints = [models.UniqueConstraint(fields=["category", "code", "version"], name="cost_version")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh
