"""Channels: where a first contact can come from."""

from django.db import models
from simple_history.models import HistoricalRecords

from staff.models import Office
from staff.models.naming import TwoNames


class Channel(TwoNames):
    """A way to reach us (hall, 95598, app, mini-program, web, visit), with the office that catches what has no place yet."""

    code = models.CharField(max_length=20, primary_key=True)
    order = models.PositiveSmallIntegerField(default=0)
    staffed = models.BooleanField(help_text="whether a member of staff keys the contact in")
    catch_all_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    how_zh = models.TextField(blank=True)
    how_en = models.TextField(blank=True)
    in_force = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]
