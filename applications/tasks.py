"""What beat triggers here: it asks the database what is due, with nothing but ids."""

from __future__ import annotations

from celery import shared_task

from applications.forms.project_acts import do_row
from applications.services.boards import fold
from applications.services.paper_clocks import find_overdue_papers as overdue_papers
from applications.services.projects.carrying import carry_out, under_way
from applications.services.validity import find_lapsed
from applications.services.webhook_sending import send_due
from applications.services.webhooks import forget_delivered

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


@shared_task
def find_overdue_papers() -> None:
    """Say once of each paper asked for that its time has run out."""
    overdue_papers()


@shared_task
def fold_board() -> None:
    """Many small counts of one thing become one, so that boards stay quick."""
    fold()


@shared_task
def send_webhooks() -> None:
    """Tell other systems what waits for them."""
    send_due(SLICE)


@shared_task
def forget_webhooks() -> None:
    """Let go of deliveries that arrived long ago."""
    forget_delivered()
