"""Generated cases are what the services would have left: same events in order, same columns filled, chains and clocks that hold."""

from __future__ import annotations

import os
from collections import defaultdict

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from applications.demo.generation import casting
from applications.demo.generation.stories import Story, walk
from applications.management.commands import generate_cases
from applications.services.finding import build_terms
from integrity.services.verification import Finding, Scope, verification
from staff.demo import build_cast
from workflow.models import (
    Case,
    CaseTerms,
    Contact,
    Deadline,
    DeadlineRung,
    Event,
    PersonData,
    StreamHead,
    Task,
)
from workflow.services.recomputing import drift_of

TOLD = (
    Story("residential", 1, 0.3),
    Story("lv_other", 1, 2.2, hour=8),
    Story("residential", 1, 0.4, until="CONNECTION", then="rested", hour=2),
    Story("residential", 1, 0.4, until="CONNECTION", then="withdraw", hour=4),
)
MODELS = (Case, Contact, Deadline, DeadlineRung, Event, Task)


def _kinds() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for stream, kind in (
        Event.objects.filter(stream__startswith="case:")
        .order_by("stream", "number")
        .values_list("stream", "kind")
    ):
        found[stream].append(kind)
    return {stream: tuple(kinds) for stream, kinds in found.items()}


def _shape() -> dict[str, set[tuple[bool, ...]]]:
    """Of each table, which columns are filled together."""
    found = {}
    for model in MODELS:
        columns = [one.attname for one in model._meta.concrete_fields if one.concrete and one.column]
        found[model.__name__] = {
            tuple(value is not None for value in row) for row in model._default_manager.values_list(*columns)
        }
    return found


@pytest.mark.django_db(transaction=True)
def test_sixty_cases_look_like_walked_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_cases, "stories", lambda: iter(TOLD))
    call_command("generate_cases", 60, offices=2, workers=1, sample=60)
    assert "0 broken, 0 heads wrong\ndrift: 0" in capsys.readouterr().out
    assert Case.objects.count() == 60
    kinds, shape = set(_kinds().values()), _shape()
    people = {person.name for person in PersonData.objects.all()}
    assert not any("样板" in name for name in people)
    assert not drift_of(list(Case.objects.values_list("pk", flat=True)))
    found = [step.what for step in verification(Scope()) if isinstance(step, Finding)]
    assert set(found) <= {"waiting"}, found
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM workflow_ledgerqueue a JOIN workflow_ledgerqueue b USING (stream) WHERE a.qid < b.qid AND a.number > b.number"
        )
        assert cursor.fetchone() == (0,)
    _terms_are_those_of_the_services()
    assert Case.objects.filter(stage="ARCHIVED").exists()
    assert StreamHead.objects.filter(stream__startswith="history:").exists()
    cast = build_cast()
    for number, story in enumerate(TOLD):
        with casting.undone():
            told, case = walk(story, cast.offices["37010201"], number)
            assert told.reached, story
            walked = _kinds()[case.stream]
            assert walked in kinds, story
            _same_columns(case, shape)


def _same_columns(case: Case, shape: dict[str, set[tuple[bool, ...]]]) -> None:
    columns = [one.attname for one in Deadline._meta.concrete_fields]
    for row in Deadline.objects.filter(case=case).values_list(*columns):
        assert tuple(value is not None for value in row) in shape["Deadline"]
    columns = [one.attname for one in Task._meta.concrete_fields]
    for row in Task.objects.filter(case=case).values_list(*columns):
        assert tuple(value is not None for value in row) in shape["Task"]


def _terms_are_those_of_the_services() -> None:
    stamped = {row.case_id: sorted(row.terms) for row in CaseTerms.objects.all()}
    build_terms(list(stamped))
    assert {row.case_id: sorted(row.terms) for row in CaseTerms.objects.all()} == stamped


def test_without_a_superuser_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.delenv("ADMIN_DATABASE_URL", raising=False)
    assert "ADMIN_DATABASE_URL" not in os.environ
    with pytest.raises(CommandError, match="ADMIN_DATABASE_URL"):
        call_command("generate_cases", 1)
