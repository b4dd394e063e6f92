"""What beat triggers here: it asks the database what is due, with nothing but ids."""

from __future__ import annotations

from celery import shared_task

from applications.forms.project_acts import do_row
from applications.services.projects.carrying import carry_out, under_way
from applications.services.validity import find_lapsed

SLICE = 20
"""Seconds a tick may work on sheets: other tasks want the worker too."""


@shared_task
def find_lapsed_schemes() -> None:
    """Record schemes whose validity has run out."""
    find_lapsed()


@shared_task
def carry_out_project_sheets() -> None:
    """Go on with the sheets of projects that were sent in, the oldest first."""
    for sheet in under_way():
        if not carry_out(sheet, do_row, seconds=SLICE):
            break
