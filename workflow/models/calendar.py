"""Working calendar: one immutable version per year, with its source. 调休 is published yearly, so it is a list."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from workflow.models.route import Grade


class CalendarYear(models.Model):
    """Weekdays off and weekends worked in one year. The newest version of a year is in force; none is ever edited.

    A year without a row, or with a provisional one, is answered 暂按: weekends plus what is known, to be confirmed on publication.
    """

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    days_off = ArrayField(models.DateField(), default=list, help_text="weekdays without work")
    days_on = ArrayField(models.DateField(), default=list, help_text="Saturdays and Sundays worked")
    official = models.BooleanField(help_text="whether the year's arrangement has been published")
    source = models.CharField(max_length=300)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="calendaryear_version")]
        ordering = ["year", "version"]

    def __str__(self) -> str:
        return f"{self.year}/{self.version}"
