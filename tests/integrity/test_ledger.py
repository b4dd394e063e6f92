"""The log as a whole: placed in order, signed, verified; every change past it found by name. Numbers in names are the traps' in the museum."""

import datetime as dt
import hashlib
import json
import random
import subprocess
import sys
import threading
import time

import psycopg2
import pytest
import rfc8785
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypotheses
from hypothesis import strategies as st

from integrity.ledger import chain, note, sealed, tiles, tree
from integrity.ledger.proof import write_proof
from integrity.services.signing import Refused, last_signed
from integrity.services.verification import Scope
from tests.integrity.log import Log, found, whats
from tests.repository.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(db, clones, tmp_path):
    kept = settings.LEDGER_STATE_PATH
    yield Log(clones, tmp_path / "signed.json")
    settings.LEDGER_STATE_PATH = kept


def run_sequencer(log, process_environment, *arguments):
    environment = {
        **process_environment,
        "SEQUENCER_DATABASE_URL": log.urls["sequencer"],
        "TONGDIAN_LEDGER_STATE": str(log.path),
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "sequencer", *arguments], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def write_at_random(log, writers, seconds, streams):
    """Writers with commit delays and rollbacks; how many events were committed."""
    committed, end = [], time.monotonic() + seconds

    def write(seed):
        dice = random.Random(seed)
        connection = log.connect("migrate")
        while time.monotonic() < end:
            with connection.cursor() as cursor:
                count = dice.choice((1, 1, 2))
                for stream in sorted(dice.sample(streams, count)):
                    cursor.execute("SELECT workflow_append(%s, 'test.happened', '{}')", [stream])
                time.sleep(dice.random() * 0.01)
            if dice.random() < 0.05:
                connection.rollback()
            else:
                connection.commit()
                committed.append(count)
        connection.close()

    threads = [threading.Thread(target=write, args=[seed]) for seed in range(writers)]
    for thread in threads:
        thread.start()
    with log.working() as sequencer:
        while any(thread.is_alive() for thread in threads):
            sequencer.integrate()
            sequencer.sign()
    for thread in threads:
        thread.join()
    return sum(committed)


def concurrent(log, seconds):
    before = log.publish()
    committed = write_at_random(log, 24, seconds, [f"staff:{n}" for n in range(12)])
    log.publish()
    rows = log.run(
        "admin", "SELECT stream, number FROM integrity_ledgerleaf WHERE index >= %s ORDER BY index", [before]
    )
    last, disorder = {}, 0
    for stream, number in rows:
        disorder += number != last.get(stream, 0) + 1
        last[stream] = number
    assert (len(rows), disorder) == (committed, 0), "0 missed, 0 in disorder"
    assert committed > 100
    findings, report = found()
    assert (findings, report.leaves) == ([], before + committed)


def test_24_writers_with_rollbacks_0_missed_0_disorder_per_stream(log):
    concurrent(log, 2)


@pytest.mark.long
def test_24_writers_with_rollbacks_for_two_minutes(log):
    concurrent(log, 120)


@given(
    actor=st.text(min_size=1, max_size=20).filter(lambda text: "\x00" not in text),
    device=st.none() | st.text(max_size=20).filter(lambda text: "\x00" not in text),
    number=st.integers(1, 2**31 - 1),
    task=st.none()
    | st.tuples(st.text(min_size=1, max_size=10).filter(lambda text: "\x00" not in text), st.integers(0, 99)),
    documents=st.none() | st.lists(st.text(max_size=8).filter(lambda text: "\x00" not in text), max_size=3),
    moment=st.integers(0, 4 * 10**15).map(
        lambda us: dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=us)
    ),
)
@hypotheses(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_json_sql_and_rfc_8785_write_the_same_bytes(
    log_reader, actor, device, number, task, documents, moment
):
    text = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    row = sealed.Row(
        "case:x", number, "a.b", actor, None, text, text, None, None, "self", device, None, None, None, task[0] if task else None,
        task[1] if task else None, documents, "0" * 64, bytes(32), bytes(32), b"", True, b"", "",
    )  # fmt: skip
    log_reader.execute(
        "SELECT workflow_event_header((e.*)::workflow_event) FROM (SELECT 'case:x' AS stream, %s::int AS number, 'a.b' AS kind, %s AS actor,"
        " NULL::timestamptz AS occurred_at, %s AS recorded_at, %s AS captured_at, NULL::timestamptz AS nonce_at, NULL AS via, 'self' AS behalf,"
        " %s AS device, NULL AS station, NULL AS state_from, NULL AS state_to, %s AS task_node, %s::int AS task_round, %s::varchar[] AS documents,"
        " %s AS payload_digest, %s::bytea AS previous_hash, ''::bytea AS leaf_hash, ''::bytea AS header) e",
        [
            number,
            actor,
            moment,
            moment,
            device,
            row.task_node,
            row.task_round,
            documents,
            "0" * 64,
            bytes(32),
        ],
    )
    written = bytes(log_reader.fetchone()[0])
    assert written == sealed.header_of(row) == rfc8785.dumps(json.loads(written))


@pytest.fixture
def log_reader(log):
    connection = log.connect("app")
    yield connection.cursor()
    connection.close()


def test_two_ways_of_checking_a_header_agree(log):
    log.append(3)
    log.publish()
    assert found()[0] == [], "sealed.header_of and the trigger agree on every event there is"
    assert sealed.VERSION == chain.VERSION


def test_everything_is_placed_signed_served_and_verified_by_its_paths(log):
    log.append(700)
    size = log.publish()
    client = Client()
    key = note.parse_vkey(client.get("/ledger/key").content.decode())
    answer = client.get("/ledger/checkpoint")
    head, _ = note.open_checkpoint(answer.content, key)
    assert (head.size, answer["Cache-Control"], answer["Content-Type"]) == (
        size,
        "public, max-age=1",
        "text/plain; charset=utf-8",
    )

    def load(level, index, width):
        tile = client.get(f"/ledger/{tiles.tile_path(level, index, width)}")
        assert (tile.status_code, tile["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        return tile.content

    read, index = tiles.reader(load, size), size - 2
    entry = tiles.entries_of(
        client.get(f"/ledger/{tiles.tile_path('entries', index // 256, size % 256)}").content
    )[index % 256]
    path = tree.inclusion_proof(read, index, size)
    assert tree.includes(tree.leaf_hash(entry), index, size, path, head.root)
    assert not tree.includes(tree.leaf_hash(entry + b" "), index, size, path, head.root)
    assert write_proof(index, path, answer.content).startswith(b"c2sp.org/tlog-proof@v1\nindex ")
    for missing in (
        f"tile/0/{tiles.number_path(size // 256)}",
        f"tile/0/{size // 256:03d}.p/{size % 256 + 1}",
        "tile/9/000",
        "tile/0/0",
    ):
        assert client.get(f"/ledger/{missing}").status_code == 404, missing
    assert f"log {key.vkey}" in client.get("/ledger/policy").content.decode()


def test_kill_9_of_the_sequencer_again_and_again_gives_the_same_tree(log, process_environment):
    log.append(2500)
    waiting = log.run("admin", "SELECT leaf_hash FROM workflow_ledgerqueue ORDER BY qid")
    for pause in (0.0, 0.02, 0.05, 0.3):
        process = run_sequencer(log, process_environment, "--batch", "37", "--every", "0")
        assert process.stdout.readline().startswith("Sequencing ")
        time.sleep(pause)
        process.kill()
        process.communicate()
    log.publish()
    [(size, root)] = log.run("admin", "SELECT size, root FROM integrity_ledgertree")
    assert (size, bytes(root)) == (len(waiting), tree.root_of(bytes(row[0]) for row in waiting))
    assert found()[0] == []


def test_two_sequencers_at_once_give_each_event_one_place(log):
    log.append(3000)
    errors = []

    def drain():
        try:
            with log.working() as sequencer:
                while sequencer.integrate():
                    sequencer.sign()
        except BaseException as failed:  # noqa: BLE001
            errors.append(failed)

    threads = [threading.Thread(target=drain) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.publish()
    assert errors == []
    assert found()[0] == []


def test_roles_may_not_touch_what_is_the_sequencers(log):
    log.append(2)
    log.publish()
    for role, query in [
        ("app", "DELETE FROM workflow_ledgerqueue"),
        ("app", "INSERT INTO workflow_ledgerqueue VALUES (1, 'x', 1, '', now())"),
        ("app", "UPDATE integrity_ledgertree SET size = 0"),
        ("app", "INSERT INTO integrity_ledgerleaf VALUES (99999, 'x', 1)"),
        ("app", "DELETE FROM integrity_ledgercheckpoint"),
        ("app", "UPDATE integrity_ledgertile SET data = data"),
        ("app", "SELECT nextval('workflow_ledger_qid')"),
        ("app", "SET session_replication_role = replica"),
        ("sequencer", "DELETE FROM integrity_ledgerleaf"),
        ("sequencer", "UPDATE integrity_ledgercheckpoint SET size = size"),
        ("sequencer", "UPDATE integrity_ledgertree SET size = size - 1"),
        ("sequencer", "UPDATE integrity_ledgertree SET origin = 'other'"),
        ("sequencer", "UPDATE integrity_ledgertile SET data = substr(data, 33)"),
        ("sequencer", "INSERT INTO workflow_event (stream) VALUES ('x')"),
        ("sequencer", "SELECT * FROM workflow_event"),
        ("sequencer", "SELECT body FROM workflow_eventpayload"),
        ("migrate", "UPDATE workflow_ledgerqueue SET qid = 0"),
        ("migrate", "DELETE FROM integrity_ledgerleaf"),
        ("migrate", "TRUNCATE integrity_ledgertile"),
    ]:
        if "ledgerqueue SET" in query:
            log.append(1)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            log.run(role, query)
    assert found()[0] == []


COLUMNS = {
    "kind": "'x.y'", "actor": "'a:other'", "recorded_at": "recorded_at + interval '7 days'", "occurred_at": "now()", "captured_at": "now()",
    "nonce_at": "now()", "via": "'other'", "behalf": "'agent'", "device": "'d:1'", "station": "'1'", "state_to": "'SURVEY'",
    "documents": "ARRAY['sha-256:00']", "payload_digest": "repeat('1', 64)", "previous_hash": "sha256('x')", "leaf_hash": "sha256('x')",
    "header": "header || ' '",
}  # fmt: skip


def test_19_a_superusers_edit_of_any_column_is_found_by_stream_number_and_column(log):
    log.append(5)
    log.publish()
    for column, value in COLUMNS.items():
        mine = "WHERE stream = 'staff:test' AND number = 3"
        log.forge(
            f"CREATE TABLE kept AS SELECT * FROM workflow_event {mine}",
            f"UPDATE workflow_event SET {column} = {value} {mine}",
        )
        findings, _ = found()
        named = [finding for finding in findings if (finding.stream, finding.number) == ("staff:test", 3)]
        assert named, column
        if column not in ("leaf_hash", "header"):
            assert column in "".join(finding.detail for finding in named if finding.what == "header"), column
        log.forge(
            f"DELETE FROM workflow_event {mine}",
            "INSERT INTO workflow_event SELECT * FROM kept",
            "DROP TABLE kept",
        )
    log.forge(
        "UPDATE workflow_eventpayload SET body = '{\"n\":9}' WHERE stream = 'staff:test' AND number = 2"
    )
    assert [(f.what, f.stream, f.number) for f in found()[0]] == [("payload", "staff:test", 2)]


@pytest.mark.parametrize(
    ("forgery", "expected"),
    [
        (
            "DELETE FROM workflow_event WHERE stream = 'staff:test' AND number = 1",
            {"missing", "link", "orphan"},
        ),
        (
            "DELETE FROM workflow_event WHERE stream = 'staff:test' AND number = 3",
            {"missing", "link", "orphan"},
        ),
        ("DELETE FROM workflow_event WHERE stream = 'staff:test' AND number = 5", {"end", "orphan"}),
        ("DELETE FROM workflow_event WHERE stream = 'staff:test'", {"end", "orphan"}),
        (
            (
                "UPDATE workflow_event SET number = 99 WHERE stream = 'staff:test' AND number = 4;"
                "UPDATE workflow_event SET number = 4 WHERE stream = 'staff:test' AND number = 5;"
                "UPDATE workflow_event SET number = 5 WHERE stream = 'staff:test' AND number = 99"
            ),
            {"header", "link", "place", "end", "payload"},
        ),
        ("DELETE FROM integrity_ledgerleaf WHERE index = 2", {"place", "unplaced"}),
        (
            "UPDATE integrity_ledgertile SET data = substr(data, 1, 64) WHERE level = 0 AND index = 1",
            {"tile"},
        ),
        (
            "UPDATE integrity_ledgertile SET data = sha256('x') || substr(data, 33) WHERE level = 0 AND index = 0",
            {"place", "root", "tile", "memory"},
        ),
        ("UPDATE integrity_ledgertile SET data = sha256('x') WHERE level = 1", {"tile"}),
        (
            "UPDATE integrity_ledgercheckpoint SET note = convert_to(replace(convert_from(note, 'UTF8'), 'tongdian', 'tangdian'), 'UTF8')",
            {"signature"},
        ),
        ("UPDATE integrity_ledgercheckpoint SET root = sha256('x')", {"signature", "root"}),
        ("UPDATE integrity_ledgertree SET size = size - 1", {"root"}),
    ],
)
def test_20_whatever_is_removed_swapped_or_cut_is_found_by_name(log, forgery, expected):
    log.append(300, "staff:many")
    log.append(5)
    log.publish()
    assert found()[0] == []
    log.forge(forgery)
    assert whats() == expected


def test_20_a_tail_cut_with_its_head_leaves_and_places_is_found_outside_the_database(log):
    log.append(5)
    size = log.publish()
    log.forge(
        "DELETE FROM workflow_event WHERE stream = 'staff:test' AND number = 5",
        "DELETE FROM workflow_eventpayload WHERE stream = 'staff:test' AND number = 5",
        "UPDATE workflow_streamhead h SET number = 4, last_hash = e.leaf_hash FROM workflow_event e"
        " WHERE h.stream = 'staff:test' AND e.stream = 'staff:test' AND e.number = 4",
        "DELETE FROM integrity_ledgerleaf WHERE stream = 'staff:test' AND number = 5",
    )
    assert "root" in whats()
    assert "memory" in whats()
    assert "end" not in whats(), "the chain alone does not show it"
    with log.working() as sequencer:
        rewrite(log, size - 1)
        with pytest.raises(Refused, match=f"{size} were signed"):
            sequencer.integrate()


def rewrite(log, size):
    """Give the database the tree of the first `size` leaves as if there had never been more."""
    leaves = [bytes(row[0]) for row in log.run(
        "admin", "SELECT e.leaf_hash FROM integrity_ledgerleaf l JOIN workflow_event e USING (stream, number) ORDER BY l.index LIMIT %s", [size]
    )]  # fmt: skip
    edge = tiles.Edge(0, lambda *_: b"")
    put = [
        (
            "INSERT INTO integrity_ledgertile (level, index, data) VALUES (%s, %s, %s)",
            [tile.level, tile.index, tile.data],
        )
        for tile in edge.extend(leaves)
    ]
    log.forge(
        "DELETE FROM integrity_ledgertile", *put, "DELETE FROM integrity_ledgercheckpoint",
        ("UPDATE integrity_ledgertree SET size = %s, root = %s", [size, edge.root()]),
    )  # fmt: skip
    return edge.root()


def test_a_whole_database_rewritten_and_signed_anew_is_refused_by_the_signer_and_by_an_old_receipt(
    log, tmp_path
):
    log.append(6)
    size = log.publish()
    before = last_signed(log.path)
    payload = hashlib.sha256(b"x").hexdigest()
    log.forge(
        f"UPDATE workflow_event SET payload_digest = '{payload}' WHERE stream = 'staff:test' AND number = 6"
    )
    log.forge(
        "UPDATE workflow_event e SET header = workflow_event_header(e) WHERE stream = 'staff:test' AND number = 6"
    )
    log.forge(
        "UPDATE workflow_event SET leaf_hash = sha256('\\x00'::bytea || header) WHERE stream = 'staff:test' AND number = 6"
    )
    log.forge("UPDATE workflow_streamhead SET last_hash = (SELECT leaf_hash FROM workflow_event WHERE stream = 'staff:test' AND number = 6)"
              " WHERE stream = 'staff:test'")  # fmt: skip
    root = rewrite(log, size)
    assert whats() & {"memory"}, "the database agrees with itself; the signer's memory does not agree with it"
    log.append(3)
    with log.working() as sequencer, pytest.raises(Refused, match="another root"):
        sequencer.integrate()
    with log.working(path=tmp_path / "fresh.json") as sequencer:  # the key, without its memory
        sequencer.integrate()
        grown = sequencer.sign()
    with log.connect("admin") as connection, connection.cursor() as cursor:
        read = tiles.reader(lambda *place: _tile(cursor, *place), grown)
        proof = tree.consistency_proof(read, size, grown)
        new_root = tree.range_root(read, 0, grown)
    assert tree.is_consistent(size, root, grown, new_root, proof), "the new tree is in itself a good one"
    assert not tree.is_consistent(size, before.root, grown, new_root, proof), (
        "but it does not continue what the customer holds"
    )


def _tile(cursor, level, index, width):
    cursor.execute("SELECT data FROM integrity_ledgertile WHERE level = %s AND index = %s", [level, index])
    return bytes(cursor.fetchone()[0])[: width * 32]


def test_a_backup_older_than_the_last_checkpoint_is_refused_until_the_missing_is_back(log):
    log.append(5)
    size = log.publish()
    rewrite(log, size - 2)
    with log.working() as sequencer:
        with pytest.raises(Refused, match="older than the log"):
            sequencer.integrate()
        log.path.unlink()
        log.forge(("INSERT INTO integrity_ledgercheckpoint VALUES (1, '', '', now(), true)", []))
        with pytest.raises(Refused, match=r"memory .* is gone"):
            sequencer.integrate()


def test_another_key_or_name_does_not_go_on_with_the_log(log):
    log.append(1)
    log.publish()
    with log.working(seed=bytes(range(32))) as sequencer, pytest.raises(Refused, match="not the seed"):
        sequencer.integrate()


def test_19_production_does_not_start_without_seeds_of_its_own_or_with_zeros(process_environment):
    for seed in ("", "A" * 43 + "="):
        environment = {**process_environment, "TONGDIAN_ENV": "production", "TONGDIAN_RECEIPT_SEED": seed}
        done = subprocess.run(
            [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode
        assert "TONGDIAN_RECEIPT_SEED" in done.stderr


def test_a_clock_set_back_an_hour_is_found_between_checkpoints(log):
    log.append(1)
    log.publish()
    log.run(
        "migrate",
        "SELECT set_config('tongdian.shift', '-1 hour', false); SELECT workflow_append('staff:test', 'test.happened', '{}')",
    )
    log.append(1, "staff:other")
    log.publish()
    assert [(f.what, f.stream, f.number, f.detail) for f in found()[0]] == [
        ("bracket", "staff:test", 2, "earlier")
    ]


def test_a_transaction_held_open_alarms_once_it_waits_and_not_before(log):
    log.append(1)
    log.publish()
    holder = log.connect("migrate")
    holder.cursor().execute("SELECT workflow_append('staff:held', 'test.happened', '{}')")
    log.append(1, "staff:other")
    log.publish()
    assert found()[0] == [], "what isn't committed delays nobody else"
    holder.commit()
    assert found()[0] == []
    log.forge("UPDATE workflow_ledgerqueue SET queued_at = queued_at - interval '5 minutes'")
    assert [(f.what, f.stream) for f in found()[0]] == [("waiting", "staff:held")]
    log.forge("DELETE FROM workflow_ledgerqueue")
    assert [(f.what, f.stream) for f in found()[0]] == [("unplaced", "staff:held")]


def test_an_erased_payload_leaves_everything_valid(log):
    log.append(3)
    log.publish()
    log.run(
        "admin",
        "SET ROLE tongdian_erasure; UPDATE workflow_eventpayload SET salt = NULL, body = NULL WHERE stream = 'staff:test' AND number = 2",
    )
    findings, report = found()
    assert (findings, report.erased) == ([], 1)


def test_the_command_names_what_it_found_and_ends_with_1(log, process_environment):
    log.append(4)
    log.publish()
    environment = {**process_environment, "TONGDIAN_LEDGER_STATE": str(log.path)}

    def verify(*arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", "verify_ledger", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    code, said = verify("--json")
    assert (code, json.loads(said)["holds"]) == (0, True)
    log.forge("UPDATE workflow_event SET actor = 'a:x' WHERE stream = 'staff:test' AND number = 2")
    code, said = verify("--json", "--from", "2020-01-01")
    assert (code, [(f["what"], f["stream"], f["number"], f["detail"]) for f in json.loads(said)["found"]]) == (
        1, [("header", "staff:test", 2, "actor")],
    )  # fmt: skip
    assert verify("--case", "nothing")[0] == 2


def test_the_scope_of_time_proves_its_leaves_without_walking_the_tree(log):
    log.append(300)
    log.publish()
    scope = Scope(begin=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert found(scope)[0] == []
    log.forge(
        "UPDATE integrity_ledgertile SET data = sha256('x') || substr(data, 33) WHERE level = 0 AND index = 1"
    )
    assert "place" in whats(scope)
