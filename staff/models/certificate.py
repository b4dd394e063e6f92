"""Certificates: the paper that lets a person do a node's work."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from staff.models.competence import Competence
from staff.models.user import User


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates, by day."""

    def standing_on(self, on: date) -> "CertificateQuerySet":
        """Issued and not revoked by that day, run out or not; revoked today no longer counts today."""
        return self.filter(Q(revoked_at__isnull=True) | Q(revoked_at__date__gt=on), issued_date__lte=on)

    def valid_on(self, on: date) -> "CertificateQuerySet":
        """Issued, not revoked and not run out by that day."""
        return self.standing_on(on).filter(valid_until__gte=on)


class Certificate(models.Model):
    """A competence attested to one person until a day. Never deleted and never edited, only revoked.

    The number is unique per competence: the same paper in two people's names is a borrowed certificate.
    """

    holder = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("Holder")
    )
    competence = models.ForeignKey(
        Competence, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("Competence")
    )
    number = models.CharField(_("Certificate number"), max_length=40)
    issued_date = models.DateField(_("Issued on"))
    valid_until = models.DateField(_("Valid until"))
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Entered by")
    )
    granted_at = models.DateTimeField(_("Entered at"), default=timezone.now, editable=False)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Revoked by")
    )
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, blank=True)
    revoke_reason = models.CharField(_("Reason for revoking"), max_length=200, blank=True)
    history = HistoricalRecords()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("Certificate")
        verbose_name_plural = _("Certificates")
        ordering = ["valid_until", "id"]
        constraints = [
            models.CheckConstraint(
                name="staff_certificate_dates_in_order", condition=Q(valid_until__gte=F("issued_date"))
            ),
            models.UniqueConstraint(
                name="staff_certificate_number_once",
                fields=["competence", "number"],
                violation_error_message=_("This certificate number is already in the register."),
            ),
            models.CheckConstraint(
                name="staff_certificate_revoked_in_full",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number
