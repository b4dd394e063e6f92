"""Facts of the works stage: design, its review, mid-construction inspection, completion."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Fact
from applications.models.document import Document
from staff.models import User

MAX_OPINION = 300


class DesignSubmission(Fact):
    """设计文件报审: the customer hands in the design of the receiving works."""

    designer = models.CharField(_("Design firm"), max_length=120)
    licence_no = models.CharField(_("Qualification certificate number"), max_length=40)
    papers = models.ManyToManyField(Document, related_name="+", blank=True, verbose_name=_("Design papers"))


class DesignReview(Fact):
    """设计文件审查. Opinions are numbered by their place; one not raised in the first round should not come up later."""

    submission = models.ForeignKey(
        DesignSubmission, on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    passed = models.BooleanField()
    opinions = ArrayField(
        models.CharField(max_length=MAX_OPINION), default=list, blank=True, verbose_name=_("Opinions")
    )


class MidInspectionRequest(Fact):
    """中间检查申请: concealed works are ready to be looked at."""

    parts = models.CharField(_("Concealed works to be inspected"), max_length=200)
    ready_date = models.DateField(_("Ready for inspection from"))


class MidInspection(Fact):
    """中间检查: what was looked at before it was covered."""

    request = models.ForeignKey(
        MidInspectionRequest, on_delete=models.PROTECT, null=True, related_name="inspections"
    )
    passed = models.BooleanField(_("Passed"))
    inspectors = models.ManyToManyField(User, related_name="+", verbose_name=_("Inspectors on site"))
    items = ArrayField(models.CharField(max_length=120), verbose_name=_("Items checked"))
    opinions = ArrayField(
        models.CharField(max_length=MAX_OPINION), default=list, blank=True, verbose_name=_("Opinions")
    )


class CompletionNotice(Fact):
    """竣工报验: the customer's works are finished, or, from the second round, mended."""

    constructor = models.CharField(_("Construction firm"), max_length=120)
    licence_no = models.CharField(_("Licence number of the construction firm"), max_length=40)
    finished_date = models.DateField(_("Works finished on"))
    mended = models.CharField(_("What was mended"), max_length=500, blank=True, default="")
    papers = models.ManyToManyField(
        Document, related_name="+", blank=True, verbose_name=_("Completion papers")
    )
