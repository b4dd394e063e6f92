"""What boards read: one narrow row a case in progress, tallies of what is over. Written by triggers alone (applications/sql/board.sql).

Why beside the truth: a board looks at every case in progress at once; reckoning its clocks, tasks and pauses anew each time would cost
seconds. The triggers run in the transaction that changes the truth, under the case's lock, so a board never says what the record doesn't.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from staff.models import Office
from workflow.models import Case, Task


class BoardCase(models.Model):
    """A case in progress: when its next clock of ours runs out (`outward`: of law or promise), why it waits, since when.

    `cause` is a code of `selectors.board_causes`; `task` what is to be done next; `stands` tells that a clock with a length has no due
    date because it is paused, `stands_since` since when a pause is open.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="on_board")
    stage = models.CharField(max_length=16)
    category = models.CharField(max_length=24)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    outward_due_at = models.DateTimeField(null=True)
    stands = models.BooleanField()
    stands_since = models.DateTimeField(null=True)
    cause = models.CharField(max_length=12)
    competence = models.CharField(max_length=24)
    waits_since = models.DateTimeField()
    limit_id = models.BigIntegerField(null=True)
    task_office_id = models.BigIntegerField(null=True)
    office: Any = models.ForeignKey(
        Office, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    task: Any = models.ForeignKey(
        Task, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["office", "stage"],
                include=[
                    "due_at", "outward_due_at", "stands", "stands_since", "cause", "competence", "waits_since", "task_office_id", "category",
                ],
                name="boardcase_figures",
            ),
            models.Index(fields=["due_at"], include=["office", "category"], name="boardcase_next"),
            models.Index(fields=["since"], include=["office", "category"], name="boardcase_oldest"),
            models.Index(
                fields=["outward_due_at"],
                include=["office", "category"],
                condition=Q(outward_due_at__isnull=False),
                name="boardcase_outward",
            ),
        ]  # fmt: skip


class BoardTally(models.Model):
    """So many of one thing on one day at one office. Rows are added and folded together, never changed: counting blocks nobody.

    `measure` and `key`: `due` (`kept`, `missed`; the day is the due day), `power` (from first contact to energised), `stage`
    (`FROM>TO`; from the day it was entered to the day it was left), `event` (the kind).
    """

    measure = models.CharField(max_length=8)
    key = models.CharField(max_length=40)
    office: Any = models.ForeignKey(
        Office, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    category = models.CharField(max_length=24)
    from_date = models.DateField(null=True)
    to_date = models.DateField()
    n = models.IntegerField()
    folded = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(
                fields=["measure", "to_date"],
                include=["key", "office", "category", "from_date", "n"],
                name="boardtally_days",
            ),
            models.Index(fields=["id"], condition=Q(folded=False), name="boardtally_unfolded"),
        ]
