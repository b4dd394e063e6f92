"""Posts: what an officer does, at which office, and from when to when."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from staff.models.office import Office
from staff.models.user import User
from staff.policies import Role


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, by day."""

    def in_force(self, on: date) -> "PostQuerySet":
        """Held on that day; the last day of a post still counts."""
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gte=on), from_date__lte=on)


class Post(models.Model):
    """One person in one role at one office. What someone may see and do hangs on the posts in force that day.

    Only `to_date` can ever be changed (the database refuses the rest): a wrong post is closed and another
    opened, so that who could do what on a past day stays answerable.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="posts", verbose_name=pgettext_lazy("officer", "Person")
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="posts", verbose_name=_("Office")
    )
    role = models.CharField(_("Role"), max_length=16, choices=Role.choices)
    from_date = models.DateField(_("First day"))
    to_date = models.DateField(_("Last day"), null=True, blank=True)
    history = HistoricalRecords()

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("Post")
        verbose_name_plural = _("Posts")
        ordering = ["from_date", "id"]
        constraints = [
            models.CheckConstraint(
                name="staff_post_dates_in_order",
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
            ),
            models.UniqueConstraint(
                name="staff_post_once_at_a_time",
                fields=["user", "office", "role"],
                condition=Q(to_date__isnull=True),
                violation_error_message=_("This person already holds this post."),
            ),
        ]
        indexes = [models.Index(name="staff_post_office_role", fields=["office", "role"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.office_id}"
