"""Absences: who is on leave, so that work is not offered to somebody who is not there."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from staff.models.user import User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, by day."""

    def on(self, day: date) -> "AbsenceQuerySet":
        """Away on that day."""
        return self.filter(withdrawn_at__isnull=True, from_date__lte=day, to_date__gte=day)

    def ahead(self, day: date) -> "AbsenceQuerySet":
        """Not over by that day."""
        return self.filter(withdrawn_at__isnull=True, to_date__gte=day)


class Absence(models.Model):
    """Days on which a person is not there. Says nothing of why: that is nobody's business here."""

    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="absences",
        verbose_name=pgettext_lazy("officer", "Person"),
    )
    from_date = models.DateField(_("First day"))
    to_date = models.DateField(_("Last day"))
    withdrawn_at = models.DateTimeField(_("Withdrawn at"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Absence")
        verbose_name_plural = _("Absences")
        ordering = ["-from_date", "id"]
        constraints = [
            models.CheckConstraint(
                name="staff_absence_dates_in_order", condition=Q(to_date__gte=F("from_date"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.from_date} {self.to_date}"
