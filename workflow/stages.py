"""The stages of a case: the order is fixed here, which of them a case passes is its route's."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """Stage in progress. The spark on the wire, the column on the board and the word on the page are this one value."""

    CONTACT = "CONTACT", pgettext_lazy("stage", "First contact")
    DRAFT = "DRAFT", _("Filling in")
    INTAKE = "INTAKE", _("Intake")
    SURVEY = "SURVEY", _("Survey")
    SCHEME = "SCHEME", _("Supply scheme")
    CONTRACT = "CONTRACT", _("Contract")
    WORKS = "WORKS", _("Works supervision")
    INSPECTION = "INSPECTION", _("Inspection")
    CONNECTION = "CONNECTION", _("Metering and connection")
    ARCHIVING = "ARCHIVING", _("Archiving")
    ARCHIVED = "ARCHIVED", _("Archived")
    ANSWERED = "ANSWERED", _("Answered")
    JOINED = "JOINED", _("Joined to another case")
    REFUSED = "REFUSED", _("Not accepted")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("stage", "Withdrawn")
    TERMINATED = "TERMINATED", _("Terminated")
    VOID = "VOID", _("Void")
    LEGACY_OPEN = "LEGACY_OPEN", _("Open elsewhere")


ROUTE_STAGES: tuple[str, ...] = (
    Stage.INTAKE,
    Stage.SURVEY,
    Stage.SCHEME,
    Stage.CONTRACT,
    Stage.WORKS,
    Stage.INSPECTION,
    Stage.CONNECTION,
    Stage.ARCHIVING,
)
"""The stages a route can pass, in the order every route passes them."""

ENDED: frozenset[str] = frozenset(
    {
        Stage.ARCHIVED,
        Stage.ANSWERED,
        Stage.JOINED,
        Stage.REFUSED,
        Stage.WITHDRAWN,
        Stage.TERMINATED,
        Stage.VOID,
        Stage.LEGACY_OPEN,
    }
)
"""Stages in which nothing of ours is in progress: their clocks have stopped."""
