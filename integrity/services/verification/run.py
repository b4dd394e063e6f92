"""One verification from beginning to end, told step by step."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings

from integrity.ledger.note import Checkpoint, Malformed, VerifierKey, open_checkpoint, parse_vkey
from integrity.selectors.log import case_id_of
from integrity.selectors.snapshots import rows_of, snapshot
from integrity.services.signing import Refused, Signed, last_signed
from integrity.services.verification.chains import Chains
from integrity.services.verification.cosigned import check_cosignatures
from integrity.services.verification.places import check_places, check_waiting
from integrity.services.verification.records import check_contacts, check_histories, check_stages
from integrity.services.verification.tree import Tree
from integrity.services.verification.versions import check_versions
from integrity.services.verification.words import Finding, Progress, Report, Scope
from workflow.models import Case

#: More findings than anybody reads are counted, not told.
MOST_TOLD = 1000
IN_TIME = (
    "SELECT DISTINCT stream FROM workflow_event WHERE recorded_at >= %s AND recorded_at < %s ORDER BY stream"
)
Step = Progress | Finding | Report


def verification(scope: Scope | None = None) -> Iterator[Step]:
    """Progress and findings as they come, and a Report at the end. Reads in one snapshot, writes nothing."""
    with snapshot():
        yield from _Run(scope or Scope()).steps()


class _Run:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.begun = scope, time.monotonic()
        self.findings = self.told = self.leaves = self.checkpoints = 0
        self.numbers: dict[uuid.UUID, str] = {}
        self.lower_bounds = rows_of("SELECT kind FROM workflow_deployment") != [("demo",)]
        self.key = _key()
        self.head: Checkpoint | None = None

    def steps(self) -> Iterator[Step]:
        rows_of(
            "SELECT set_config('cursor_tuple_fraction', '1', true)"
        )  # all rows are wanted, not the first few soon
        streams = self._streams()
        total = self._count("workflow_event", streams)
        chains = Chains(streams)
        yield from self._tell("chains", chains.check(), total)
        yield from self._tell("tree", self._tree(streams), self._count("integrity_ledgerleaf", streams))
        yield from self._tell("records", self._records(), 1)
        if self.scope.is_whole:
            histories = rows_of("SELECT count(*) FROM pg_trigger WHERE tgname = 'history_seal'")[0][0]
            yield from self._tell("history", check_histories(), histories)
            yield from self._tell("history", check_versions(), histories)
        size, root = (self.head.size, self.head.root.hex()) if self.head else (0, "")
        yield Report(
            chains.events, chains.streams, self.leaves, chains.erased, self.findings, self.told, size, root, self.checkpoints,
            round(time.monotonic() - self.begun, 3),
        )  # fmt: skip

    def _streams(self) -> list[str] | None:
        """The streams in scope; None is all."""
        if self.scope.is_whole:
            return None
        if self.scope.case:
            return [f"case:{self.scope.case}"]
        begin = self.scope.begin or dt.datetime.min.replace(tzinfo=dt.UTC)
        end = self.scope.end or dt.datetime.max.replace(tzinfo=dt.UTC)
        return [stream for (stream,) in rows_of(IN_TIME, [begin, end])]

    def _tree(self, streams: list[str] | None) -> Iterator[Finding | int]:
        memory, found = _memory(self.key)
        yield from found
        yield from self._newest()
        if streams is None:
            tree = Tree(self.key, memory, lower_bounds=self.lower_bounds)
            yield from tree.check()
            self.leaves, self.checkpoints = tree.size, tree.checkpoints
            yield from check_cosignatures()
        else:
            for step in check_places(streams, self.head, lower_bounds=self.lower_bounds):
                self.leaves = step if isinstance(step, int) else self.leaves
                yield step
            if (
                memory
                and self.head
                and (self.head.size, self.head.root) != (memory.size, memory.root)
                and self.head.size >= memory.size
            ):
                yield Finding("memory", f"integrity_ledgercheckpoint ({self.head.size})", "another root")
        yield from check_waiting(streams)

    def _newest(self) -> Iterator[Finding]:
        """The newest checkpoint, if its signature holds."""
        row = rows_of("SELECT size, note FROM integrity_ledgercheckpoint ORDER BY size DESC LIMIT 1")
        if not row or self.key is None:
            return
        self.checkpoints = 1
        try:
            self.head, _note = open_checkpoint(bytes(row[0][1]), self.key)
        except (Malformed, ValueError) as wrong:
            if not self.scope.is_whole:  # the walk over all of them names it itself
                yield Finding("signature", f"integrity_ledgercheckpoint ({row[0][0]})", str(wrong))

    def _records(self) -> Iterator[Finding | int]:
        if self.scope.case or self.scope.is_whole:
            yield from check_stages(self.scope.case)
            yield from check_contacts(self.scope.case)
        else:
            for stream in self._streams() or []:
                if case := case_id_of(stream):
                    yield from check_stages(case)
                    yield from check_contacts(case)
        yield 1

    def _tell(self, doing: str, steps: Iterator[Finding | int], total: int) -> Iterator[Step]:
        yield Progress(doing, 0, total)
        for step in steps:
            if isinstance(step, int):
                yield Progress(doing, step, max(total, step))
                continue
            self.findings += 1
            if self.told < MOST_TOLD:
                self.told += 1
                yield self._named(step)

    def _named(self, finding: Finding) -> Finding:
        """With the case's number, which is how people know it."""
        case_id = case_id_of(finding.stream) if finding.stream else None
        if case_id is None:
            return finding
        if case_id not in self.numbers:
            found = Case.objects.filter(pk=case_id).values_list("application_no", "contact_no").first()
            self.numbers[case_id] = (found[0] or found[1]) if found else ""
        return replace(finding, case_id=case_id, case_number=self.numbers[case_id])

    @staticmethod
    def _count(table: str, streams: list[str] | None) -> int:
        if streams is None:
            return int(rows_of(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - two names of ours
        return int(rows_of(f"SELECT count(*) FROM {table} WHERE stream = ANY(%s)", [streams])[0][0])  # noqa: S608


def _key() -> VerifierKey | None:
    """The log's public key: as configured, which is stronger, or as the log's own row says."""
    text = settings.LEDGER_KEY or rows_of("SELECT key FROM integrity_ledgertree")[0][0]
    return parse_vkey(text) if text else None


def _memory(key: VerifierKey | None) -> tuple[Signed | None, list[Finding]]:
    """What the signer remembers, where this process can read it; a memory that isn't signed by the log's key is a finding."""
    where = str(settings.LEDGER_STATE_PATH)
    try:
        memory = last_signed(settings.LEDGER_STATE_PATH)
        if memory and key:
            said: Checkpoint = open_checkpoint(memory.note, key)[0]
            if (said.size, said.root) != (memory.size, memory.root):
                return None, [Finding("memory", where, "not what was signed")]
    except PermissionError:
        return None, []
    except (Refused, ValueError) as wrong:
        return None, [Finding("memory", where, str(wrong))]
    return memory, []
