"""Walks the stories and casts a mould of each; nothing of the walks stays."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.utils.translation import override

from applications.demo.generation.moulds import Casting, Mould
from applications.demo.generation.rows import Written, begin_reading, written_since
from applications.demo.generation.stations import HOME, known_of
from applications.demo.generation.stories import SAMPLE_PLACE, Story, Told, local_day, walk
from applications.progress import masked_place
from staff.demo import Cast
from staff.encryption import blind_index
from staff.formats import mask_name, mask_phone
from staff.models import Office
from workflow.models import Case, Deadline
from workflow.services.contacts.registering import place_index


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back whatever happened in it."""
    with transaction.atomic(), override("zh-hans"):
        try:
            yield
        finally:
            transaction.set_rollback(True)


def cast_all(cast: Cast, wanted: Sequence[Story], workers: int = 1) -> Iterator[Mould | None]:
    """One mould after the other, in the order of the stories; nothing where such a case has no such stage."""
    known = known_of(cast)
    home = cast.offices[HOME]
    tasks = [(number, story, home, known) for number, story in enumerate(wanted)]
    if workers < 2:
        yield from map(_cast_one, tasks)
        return
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap(_cast_one, tasks)


def _cast_one(task: tuple[int, Story, Office, dict[str, str]]) -> Mould | None:
    number, story, home, known = task
    with undone():
        first = begin_reading()
        told, case = walk(story, home, number)
        if not told.reached or (story.until and story.is_open and case.stage != story.until):
            return None
        return mould_of(story, told, case, written_since(first), known)
    return None


def mould_of(
    story: Story, told: Told, case: Case, written: Sequence[Written], known: dict[str, str]
) -> Mould:
    """The mould of one walked case, in the transaction it was walked in."""
    who = told.plan.customer
    said = {
        who.name: "p:name", who.contact_name: "p:contact", who.phone: "p:phone", mask_phone(who.phone): "p:phone-masked", SAMPLE_PLACE: "p:address",
        masked_place(SAMPLE_PLACE): "p:address-masked", who.id_number: "p:id", mask_name(who.name): "p:name-masked",
        blind_index(who.phone, "phone"): "p:phone-index", blind_index(who.phone[-4:], "phone-tail"): "p:tail-index",
        blind_index(who.id_number.upper(), "id"): "p:id-index", place_index(SAMPLE_PLACE): "p:address-index",
    }  # fmt: skip
    said.pop("", None)
    deadlines = list(Deadline.objects.filter(case=case))
    moments = [m for d in deadlines for m in (d.started_at, d.due_at, d.stopped_at, d.next_rung_at) if m]
    rungs = [d.next_rung_at for d in deadlines if d.next_rung_at]
    bounds = [pause.until_at for pause in case.pauses.filter(ended_at=None) if pause.until_at]
    application: Any = getattr(case, "application", None)
    ended_at = max(_recorded(written))
    mould = Mould(
        story=story, case_key=f"u:{case.pk}", stage=case.stage, first_day=local_day(case.opened_at),
        last_day=local_day(max([*moments, *bounds, ended_at])),
        ended_at=ended_at, next_rung_at=min([*rungs, *bounds], default=None),
        matching=application.matching() if application else {}, person={"kind": story.supply_class},
    )  # fmt: skip
    finished = Casting(mould, written, {**known, **said}).cast()
    finished.case_key = finished.uuids[str(case.pk)]
    return finished


def _recorded(written: Sequence[Written]) -> list[dt.datetime]:
    events = next(one for one in written if one.table == "workflow_event")
    place = events.columns.index("recorded_at")
    return [dt.datetime.fromisoformat(row[place]) for row in events.rows]
