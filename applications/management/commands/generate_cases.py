"""Fill a demo or test database with years of cases."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from applications.demo.generation.arrivals import draw, fitting
from applications.demo.generation.casting import cast_all
from applications.demo.generation.checking import check
from applications.demo.generation.loading import Load, finish, load_all, superuser_url
from applications.demo.generation.stations import build_places
from applications.demo.generation.stories import stories
from applications.services.seeds import load as load_checklists
from staff.demo import build_cast
from workflow.models import Deployment
from workflow.relay import relay
from workflow.selectors.calendars import current_calendar
from workflow.selectors.rules import rules
from workflow.services.seeds import load as load_rules


class Command(BaseCommand):
    """Walks some dozens of cases through the services, then stamps them N times: new ids, people, offices, moments, and every seal anew."""

    help = "Fill a demo or test database with N generated cases of the last years."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, where, with which dice."""
        parser.add_argument("count", type=int, metavar="N", help="how many cases")
        parser.add_argument("--offices", type=int, default=40, help="how many offices they come to")
        parser.add_argument("--seed", type=int, default=7, help="the same seed draws the same arrivals")
        parser.add_argument("--years", type=float, default=3, help="how far back they reach")
        parser.add_argument(
            "--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes that stamp and load"
        )
        parser.add_argument("--sample", type=int, default=200, help="how many cases are verified at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk, cast, draw, load, check."""
        if not Deployment.objects.filter(kind__in=["demo", "test"]).exists():
            raise CommandError("Only a database marked demo or test is filled with made-up cases.")
        url, begun = superuser_url(), time.monotonic()
        load_rules()
        cast = build_cast()
        load_rules()
        load_checklists()
        places = build_places(cast, options["offices"])
        relay()
        wanted = list(stories())
        cast_moulds = cast_all(cast, wanted, options["workers"])
        moulds = [
            mould for mould in tqdm(cast_moulds, total=len(wanted), unit="story", desc="walked") if mould
        ]
        now, calendar, in_force = timezone.now(), current_calendar(), rules()
        shifts = [fitting(mould, calendar, in_force, now, options["years"]) for mould in moulds]
        stamps = draw(moulds, shifts, len(places), options["count"], options["seed"])
        self.stdout.write(
            f"stories: {len(moulds)}, of which fit: {sum(map(bool, shifts))}; places in time: {sum(map(len, shifts))}"
        )
        walked = time.monotonic()
        with tqdm(total=len(stamps), unit="case", desc="generated") as bar:
            for done in load_all(
                Load(moulds, places, moulds[0].event_columns, url), stamps, options["workers"]
            ):
                bar.update(done)
        loaded = time.monotonic()
        finish(url)
        finished = time.monotonic()
        self.stdout.write(
            f"walked in {walked - begun:.0f} s, loaded in {loaded - walked:.0f} s ({len(stamps) / (loaded - walked):.0f} cases/s), "
            f"queue and boards in {finished - loaded:.0f} s; all {len(stamps) / (finished - begun):.0f} cases/s"
        )
        for line in check(options["sample"], options["seed"]):
            self.stdout.write(line)
