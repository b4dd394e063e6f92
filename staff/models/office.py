"""Offices: a county company and its stations."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from staff.models.naming import TwoNames


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices, and what lies below one."""

    def subtree(self, office: "Office") -> "OfficeQuerySet":
        """`office` and every office below it, at any depth."""
        return self.filter(id__in=RawSQL("SELECT staff_office_subtree(%s)", [office.pk]))


class Office(TwoNames):
    """A place that answers for cases. The tree by `parent` decides whose work an officer may see."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("County company")
        STATION = "station", _("Supply station")

    code = models.CharField(
        _("Code"),
        max_length=16,
        unique=True,
        validators=[RegexValidator(r"^\d{6,16}$", _("The code is 6 to 16 digits, such as 37010201."))],
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Belongs to"),
    )
    is_catch_all = models.BooleanField(
        _("Receives what has no office yet"),
        default=False,
        help_text=_("A contact whose place is not known yet belongs here until it is."),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Office")
        verbose_name_plural = _("Offices")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="staff_office_code_digits", condition=models.Q(code__regex=r"^\d{6,16}$")
            ),
            models.CheckConstraint(
                name="staff_office_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
        ]
