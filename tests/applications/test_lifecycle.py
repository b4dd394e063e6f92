"""The lifecycle's page says what the state machine does."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from applications.lifecycle import document, transitions
from applications.models import STAGE_STEPS
from workflow.stages import ENDED, ROUTE_STAGES, Stage


def test_the_page_is_current() -> None:
    page = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"
    assert page.read_text(encoding="utf-8") == document(), "Run ./tongdian manage draw_lifecycle."


def test_every_stage_of_a_route_has_a_step_that_leaves_it() -> None:
    steps = {(name, source) for name, source, _target in transitions()}
    assert all((STAGE_STEPS[stage], stage) in steps for stage in ROUTE_STAGES)


def test_nothing_leads_out_of_an_end_but_reopening() -> None:
    leaving = {name for name, source, _target in transitions() if source in ENDED}
    assert leaving == {"reopen"}
    assert not [name for name, source, _target in transitions() if source == Stage.ARCHIVED]
