"""The public log: what the seal and the queue cost a transition, one chain per case against one for all, the sequencer, proofs, verification.

* cost: a contact registered through its service, with the sealing and following triggers and without (an owner's privilege), interleaved
  in one run;
* chains: 32 connections, each transaction seals an event and has 20 ms of other work, once in streams of their own, once all in one;
* sequencer: leaves a second from the queue to signed tiles, in batches of 5,000;
* proof: an inclusion proof from the tiles in the database, each tile read once, on a log of LEDGER_LEAVES (1,000,000) leaves;
* verification: `verification()` over all of it, with the most memory this process ever had.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg2  # noqa: E402
from django.conf import settings  # noqa: E402

from applications.services.seeds import load as load_application_seeds  # noqa: E402
from integrity.ledger.note import LogSigner  # noqa: E402
from integrity.ledger.tiles import reader  # noqa: E402
from integrity.ledger.tree import includes, inclusion_proof  # noqa: E402
from integrity.models import LedgerTree  # noqa: E402
from integrity.services.sequencing import Sequencer  # noqa: E402
from integrity.services.signing import StatefulSigner  # noqa: E402
from integrity.services.verification import Finding, Report, verification  # noqa: E402
from integrity.services.verification.places import load_tile  # noqa: E402
from staff.demo import build_cast  # noqa: E402
from staff.models import User  # noqa: E402
from workflow.services.contacts import FirstContact, register_contact  # noqa: E402
from workflow.services.seeds import load as load_rules  # noqa: E402

LEAVES = int(os.environ.get("LEDGER_LEAVES", "1000000"))
CLIENTS, SECONDS = 32, float(os.environ.get("LEDGER_SECONDS", "5"))
#: The two things the seal and the queue add to writing an event, taken out; the rest of a transition stays as it is.
BARE = """
CREATE OR REPLACE FUNCTION bench_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO workflow_streamhead (stream, number, last_hash) VALUES (NEW.stream, 0, '') ON CONFLICT DO NOTHING;
    UPDATE workflow_streamhead SET number = number + 1 WHERE stream = NEW.stream RETURNING number INTO NEW.number;
    NEW.actor := ''; NEW.recorded_at := clock_timestamp(); NEW.previous_hash := ''; NEW.header := '';
    NEW.leaf_hash := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());  -- receipts' codes come from it
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION bench_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stream LIKE 'case:%' THEN
        UPDATE workflow_case SET stage = coalesce(NEW.state_to, stage), event_number = NEW.number WHERE id = substr(NEW.stream, 6)::uuid;
    END IF;
    INSERT INTO workflow_outbox (stream, number, kind) VALUES (NEW.stream, NEW.number, NEW.kind);
    RETURN NULL;
END $$;
CREATE TRIGGER bench_number BEFORE INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION bench_number();
CREATE TRIGGER bench_follow AFTER INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION bench_follow();
"""
SEALED = (
    "ALTER TABLE workflow_event ENABLE TRIGGER workflow_event_seal, ENABLE TRIGGER workflow_event_follow,"
    " DISABLE TRIGGER bench_number, DISABLE TRIGGER bench_follow"
)
UNSEALED = SEALED.replace("ENABLE", "?").replace("DISABLE", "ENABLE").replace("?", "DISABLE")
UNBARE = "DROP FUNCTION bench_number() CASCADE; DROP FUNCTION bench_follow() CASCADE"


def owner(statement: str) -> None:
    with closing(psycopg2.connect(os.environ["MIGRATE_DATABASE_URL"])) as own, own, own.cursor() as cursor:
        cursor.execute(statement)


def cost(clerk: User) -> None:
    """Interleaved blocks, so that a busy machine is equally unfair to both."""
    settings_of = {"sealed": SEALED, "bare": UNSEALED}
    times: dict[str, list[float]] = {"sealed": [], "bare": []}
    serial = 0
    owner(BARE)
    try:
        for turn in range(12):
            for name in ("sealed", "bare") if turn % 2 else ("bare", "sealed"):
                owner(settings_of[name])
                for _ in range(15):
                    serial += 1
                    first = FirstContact(
                        "hall",
                        f"1395{serial:07d}",
                        need="装表",
                        place=f"城中路{serial}号",
                        office_code="37010201",
                    )
                    begun = time.perf_counter()
                    register_contact(first, by=clerk)
                    times[name].append(time.perf_counter() - begun)
    finally:
        owner(UNBARE)
        owner(
            "ALTER TABLE workflow_event ENABLE TRIGGER workflow_event_seal, ENABLE TRIGGER workflow_event_follow"
        )
    sealed, bare = (statistics.median(times[name]) * 1000 for name in ("sealed", "bare"))
    print(
        f"a contact registered: {sealed:.2f} ms sealed and queued, {bare:.2f} ms without: {100 * (sealed / bare - 1):+.0f} % (median of 180)"
    )


def chains(together: bool) -> float:
    done, end = [0] * CLIENTS, time.monotonic() + SECONDS

    def work(which: int) -> None:
        with closing(psycopg2.connect(os.environ["MIGRATE_DATABASE_URL"])) as own:
            stream = "bench:one" if together else f"bench:{which}"
            while time.monotonic() < end:
                with own, own.cursor() as cursor:
                    cursor.execute("SELECT workflow_append(%s, 'bench.done', '{}')", [stream])
                    cursor.execute("SELECT pg_sleep(0.02)")
                done[which] += 1

    threads = [threading.Thread(target=work, args=[which]) for which in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


def sequencing(folder: Path) -> None:
    begun = time.perf_counter()
    owner(
        f"SELECT workflow_append('bench:' || n % {LEAVES // 50 + 1}, 'bench.done', '{{\"n\":' || n || '}}')"
        f" FROM generate_series(1, {LEAVES}) n"
    )
    print(f"events sealed and queued by one statement: {LEAVES / (time.perf_counter() - begun):,.0f}/s")
    signer = StatefulSigner(LogSigner(settings.LEDGER_ORIGIN, settings.LEDGER_SEED), folder / "signed.json")
    with closing(psycopg2.connect(settings.SEQUENCER_DATABASE_URL)) as own:
        sequencer, taken, begun = Sequencer(own, signer), 0, time.perf_counter()
        while fresh := sequencer.integrate():
            taken += fresh
            sequencer.sign()
        print(f"sequencer: {taken / (time.perf_counter() - begun):,.0f} leaves/s, each batch of 5,000 signed")


def proofs() -> None:
    tree = LedgerTree.objects.get()
    times = []
    for index in random.Random(1).sample(range(tree.size), 200):
        begun = time.perf_counter()
        read = reader(load_tile, tree.size)
        proof = inclusion_proof(read, index, tree.size)
        times.append(time.perf_counter() - begun)
        leaf = load_tile(0, index // 256, 256)[index % 256 * 32 :][:32]
        assert includes(leaf, index, tree.size, proof, bytes(tree.root))
    times.sort()
    print(
        f"proof from tiles at {tree.size:,} leaves: median {times[100] * 1000:.1f} ms, 95 % {times[190] * 1000:.1f} ms"
    )


def verifying() -> None:
    report = None
    for step in verification():
        if isinstance(step, Finding):
            print("FOUND", step)
        if isinstance(step, Report):
            report = step
    assert report is not None
    assert report.holds, "the bench's own log must verify"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"verification: {report.leaves / report.seconds:,.0f} leaves/s ({report.seconds:.1f} s), at most {memory:.0f} MB"
    )


def main() -> None:
    load_rules()
    load_application_seeds()
    cast = build_cast()
    own, one = chains(together=False), chains(together=True)
    print(
        f"{CLIENTS} clients, 20 ms of other work: {own:,.0f}/s with a chain per case, {one:,.0f}/s with one for all: {own / one:.0f} times"
    )
    with tempfile.TemporaryDirectory() as folder:
        settings.LEDGER_STATE_PATH = Path(folder) / "signed.json"
        sequencing(Path(folder))
        proofs()
        verifying()
    cost(cast["wangmin"])  # last: what is written without a seal does not verify


if __name__ == "__main__":
    main()
