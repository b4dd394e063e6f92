"""The process that gives events their places in the public log and signs it. Runs beside the workers, independent of Celery and Redis."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.ledger.note import LogSigner
from integrity.services.sequencing import BATCH, Sequencer
from integrity.services.signing import Refused, StatefulSigner
from integrity.services.stamping import Authority
from integrity.services.witnessing import Rounds, Unwilling, Witness

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Until stopped: batches from the queue into the tree, a signed checkpoint every few seconds, witnesses asked for theirs."""

    help = "Give events their places in the public log; sign a checkpoint every few seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, how often, how many."""
        parser.add_argument(
            "--once", action="store_true", help="drain the queue, sign, ask every witness, and end"
        )
        parser.add_argument("--every", type=float, default=2.0, help="seconds between checkpoints (2)")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"events in one transaction ({BATCH})")
        parser.add_argument(
            "--adopt", action="store_true", help="take the newest checkpoint for the signer's lost memory"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; exits with a sentence where something is missing."""
        self.every, self.batch = options["every"], options["batch"]
        self.signer, self.witnesses, self.stopping = self._signer(), self._witnesses(), False
        if options["adopt"]:
            self._end(lambda: f"The signer goes on from {self._sequencer().adopt()}.")
        elif options["once"]:
            self._end(self._once)
        else:
            self._run()

    def _signer(self) -> StatefulSigner:
        if not settings.LEDGER_SEED:
            raise CommandError(
                "TONGDIAN_LEDGER_SEED is not set: the log can't be signed. See docs/ledger.md."
            )
        if not settings.SEQUENCER_DATABASE_URL:
            raise CommandError(
                "SEQUENCER_DATABASE_URL is not set: where PostgreSQL is, as the role tongdian_sequencer."
            )
        return StatefulSigner(
            LogSigner(settings.LEDGER_ORIGIN, settings.LEDGER_SEED), settings.LEDGER_STATE_PATH
        )

    def _witnesses(self) -> list[Witness | Authority]:
        """Everybody outside who is asked: witnesses, and the time-stamping authority if there is one."""
        authorities = [Authority(settings.LEDGER_TIMESTAMP_URL)] if settings.LEDGER_TIMESTAMP_URL else []
        return [*(Witness(key, url) for key, url in settings.LEDGER_WITNESSES), *authorities]

    def _connect(self) -> Any:
        return psycopg2.connect(settings.SEQUENCER_DATABASE_URL, application_name="tongdian sequencer")

    def _sequencer(self) -> Sequencer:
        return Sequencer(self._connect(), self.signer, self.batch)

    def _end(self, doing: Any) -> None:
        try:
            self.stdout.write(doing())
        except Refused as refused:
            raise CommandError(str(refused)) from None

    def _once(self) -> str:
        sequencer, taken = self._sequencer(), 0
        while fresh := sequencer.integrate():
            taken += fresh
        size = sequencer.sign()
        for witness in self.witnesses:
            try:
                witness.round(sequencer.connection)
            except Unwilling as unwilling:  # the log goes on without
                self.stderr.write(str(unwilling))
        return f"{taken} events placed; " + (f"signed at {size}." if size else "nothing new to sign.")

    def _run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        others = [Rounds(witness, self._connect) for witness in self.witnesses]
        for thread in others:
            thread.start()
        self.stdout.write(f"Sequencing {self.signer.signer.verifier.vkey}")
        self.stdout.flush()
        while not self.stopping:
            try:
                self._work(self._sequencer())
            except psycopg2.Error as failed:
                logger.warning("The database does not answer (%s); trying again.", type(failed).__name__)
                time.sleep(1)
        for thread in others:
            thread.stopping.set()
        for thread in others:
            thread.join(6)

    def _work(self, sequencer: Sequencer) -> None:
        """Batches and signatures on one connection, until stopped or until the connection breaks."""
        next_signature, refused = 0.0, ""
        while not self.stopping:
            try:
                taken = sequencer.integrate()
                # While more waits, what a signature would say of time is less than it could: first the queue, then the signature.
                if taken < self.batch and time.monotonic() >= next_signature:
                    sequencer.sign()
                    next_signature = time.monotonic() + self.every
                own = ""
            except Refused as refusal:
                own, taken = str(refusal), 0
            told = " ".join(filter(None, [own, *(witness.refusal for witness in self.witnesses)]))
            if told != refused:
                logger.log(logging.ERROR if told else logging.INFO, "%s", told or "The log goes on.")
            sequencer.tell(told)
            refused = told
            if taken < self.batch:
                time.sleep(5 if own else 0.5)

    def _stop(self, _number: int, _frame: Any) -> None:
        self.stopping = True
