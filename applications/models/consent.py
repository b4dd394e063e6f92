"""What third parties say about the premises: their consents, and whose they are while that is not clear."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from applications.models.application import Application, Fact
from applications.models.document import Document
from applications.models.party import Party
from staff.fields import EncryptedTextField
from staff.models import User


class ConsentKind(models.TextChoices):
    """Whose consent it is."""

    OWNER = "owner", _("Owner of the premises")
    PROPERTY = "property", _("Property manager")
    CO_OWNER = "co_owner", _("Co-owners")


class Consent(Fact):
    """A third party agrees in writing: a row is bound to the paper it stands on, for a consent nobody can show is none."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="consents", verbose_name=_("Who agrees")
    )
    kind = models.CharField(_("As what"), max_length=10, choices=ConsentKind.choices)
    paper = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="consents", verbose_name=_("The paper")
    )
    given_date = models.DateField(_("Signed on"))


class TitleDecider(models.TextChoices):
    """Who has to say whose the premises are."""

    PARTIES = "parties", _("The people concerned, in writing")
    VILLAGE = "village", _("Village or neighbourhood committee")
    REGISTRY = "registry", _("Land and housing registry")
    NOTARY = "notary", _("Notary (inheritance)")
    COURT = "court", _("Court")


class TitleResult(models.TextChoices):
    """What was decided."""

    APPLICANT = "applicant", pgettext_lazy("title", "The applicant's")
    OTHER = "other", pgettext_lazy("title", "Somebody else's, who agrees")
    REFUSED = "refused", pgettext_lazy("title", "Somebody else's, who does not agree")


class TitleQuestion(models.Model):
    """产权待明: whose the premises are is not clear; who decides it, and until when it is waited for. It pauses no clock."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="title_questions")
    decider = models.CharField(_("Who decides"), max_length=10, choices=TitleDecider.choices)
    until_date = models.DateField(_("Until when"))
    note = EncryptedTextField(_("What is not clear"), blank=True, default="")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    result = models.CharField(
        _("What was decided"), max_length=10, choices=TitleResult.choices, blank=True, default=""
    )
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    history = HistoricalRecords(excluded_fields=["note"])

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(settled_at=None), name="titlequestion_one_open"
            ),
            models.CheckConstraint(
                name="titlequestion_settled_by_whom_and_when",
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True, result="")
                | models.Q(settled_at__isnull=False, settled_by__isnull=False) & ~models.Q(result=""),
            ),
        ]
