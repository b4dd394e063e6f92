"""What becomes of an objection: another version, or the reasons why the version stays."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from applications.models.scheme import Objection, Scheme
from staff.fields import EncryptedTextField


class ObjectionAnswer(Fact):
    """The answer to one objection. `scheme` is the new version, or the old one where reasons were given instead."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="answers")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="answers_to")
    new_version = models.BooleanField()
    text = EncryptedTextField(_("Answer to the objection"), blank=True, default="")
