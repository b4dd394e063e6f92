"""勘查 recorded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from applications.models import Application, Survey
from applications.services.facts import base, ids, recording, said, split
from staff.models import User
from workflow.transitions import Done

SAID = (
    "can_supply", "load_kind", "approved_capacity", "distance_m", "external_line", "customer_works", "important_grade", "estate", "photos",
)  # fmt: skip


def record_survey(application: Application, *, by: User, surveyors: Collection[User], **given: Any) -> Done:
    """What was found on site. It answers what the route's conditions wait for: works, external line, important user, estate."""
    how, fields, confirmed = split(given)
    data = said(fields, *SAID) | {"surveyors": ids(surveyors)} | confirmed
    with recording(application, "record_survey", by, how, data, **fields) as a:
        survey = Survey.objects.create(**base(a, application), **fields)
        survey.surveyors.set(surveyors)
        a.change(
            external_line=survey.external_line,
            grid_works=survey.external_line or application.worksitems.filter(side="grid").exists(),
            customer_works=survey.customer_works,
            important=bool(survey.important_grade),
            estate=survey.estate,
        )
    return a.done
