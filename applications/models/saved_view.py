"""SavedView: a clerk's own way of looking at the desk, under a name."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from staff.models import User


class SavedView(models.Model):
    """Filters of the desk under a name. What it shows is still what its reader may see: the filters are a sentence, not a list.

    A colleague gets the same list, of their own offices, by the address of the page.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=30)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="savedview_user_name")]
        ordering = ["created_at", "pk"]
