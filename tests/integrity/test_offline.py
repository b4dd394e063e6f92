"""The verifier people keep: honest receipts pass, one flipped bit does not, and a rewritten history is told from the file alone."""

import base64
import hashlib
import json
import subprocess
import sys
import urllib.error

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from integrity.ledger.note import LogSigner
from integrity.ledger.offline import bundle
from integrity.ledger.offline.curve import ORDER, ed25519
from integrity.ledger.offline.notes import keys_from
from integrity.ledger.offline.receipt import check
from integrity.ledger.receipt import Entry, promise
from tests.integrity.paper_log import AT_SECONDS, KEYS, ORIGIN, RECEIPT, PaperLog, header

SALT, BODY = b"s" * 32, '{"category":"new_supply.lv_other","papers_left":false}'
OURS = header(n=1, digest=hashlib.sha256(SALT + BODY.encode()).hexdigest())
ENTRIES = [header(n=i + 2) for i in range(700)]
ENTRIES[300] = OURS
LOG = PaperLog(ENTRIES)
FILE = LOG.receipt(300, salt=SALT, body=BODY, size=410, before=290)
PROMISE = promise(Entry(OURS), ORIGIN, RECEIPT)
CODE = base64.b32encode(Entry(OURS).leaf).decode()[:26]


def checked(data, keys=KEYS, now=AT_SECONDS + 10, fetch=None):
    return check(data.decode(errors="replace"), keys_from(keys), now, fetch)


def found(*args, **more):
    result = checked(*args, **more)
    return (result.outcome, result.part) if result.part else result.outcome


def test_an_honest_receipt_says_everything_it_proves():
    result = checked(FILE)
    assert result.outcome == "included"
    facts = result.facts
    assert (facts["index"], facts["size"], facts["before_size"], facts["number"]) == (300, 410, 290, 1)
    assert facts["payload"] == json.loads(BODY)
    assert (len(facts["witnesses"]), facts["known_witnesses"], len(facts["before_seen"])) == (2, 3, 1)
    assert found(LOG.receipt(300)) == "included", "contents and bracket may be absent"


def test_a_promise_is_kept_late_or_not_at_all():
    assert found(PROMISE) == "promised"
    assert found(PROMISE, now=AT_SECONDS + 61) == "overdue"
    with_log = checked(PROMISE, fetch=LOG.fetch)
    assert (with_log.outcome, with_log.facts["index"]) == ("included", 300)
    elsewhere = PaperLog(ENTRIES[:290])
    assert found(PROMISE, now=AT_SECONDS + 3600, fetch=elsewhere.fetch) == "overdue"


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_one_flipped_bit_anywhere_is_refused(data):
    """In a witness's name a bit makes it somebody we don't know: one witness fewer, and nothing else."""
    file = data.draw(st.sampled_from([FILE, PROMISE]))
    place, bit = data.draw(st.integers(0, len(file) - 1)), data.draw(st.integers(0, 7))
    altered = bytearray(file)
    altered[place] ^= 1 << bit
    result, honest = checked(bytes(altered)), checked(file)
    if result.outcome == honest.outcome:
        witnesses = [result.facts["witnesses"], result.facts.get("before_seen", {})]
        assert sum(map(len, witnesses)) < len(honest.facts["witnesses"]) + len(
            honest.facts.get("before_seen", {})
        )
    else:
        assert result.outcome in ("forged", "unreadable", "other_log")


def test_forgeries_are_named_by_their_part():
    text = FILE.decode()
    extra = json.loads(base64.b64decode(text.split("\n")[1][6:]))

    def with_extra(**changes):
        packed = json.dumps(
            extra | changes, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        ).encode()
        return text.replace(text.split("\n")[1], "extra " + base64.b64encode(packed).decode()).encode()

    later = extra["header"].replace("2026-11-17", "2026-11-24")
    assert found(with_extra(header=later)) == ("forged", "promise")
    assert found(with_extra(header=later, promise=None)) == ("forged", "entry")
    assert found(with_extra(payload={"category": "x"})) == ("forged", "payload")
    assert found(with_extra(before=extra["before"], between=[])) == ("forged", "bracket")
    assert found(with_extra(before=LOG.checkpoint(350).decode())) == ("forged", "bracket")
    assert found(FILE.replace(b"index 300", b"index 301")) == ("forged", "entry")
    thief = PaperLog(ENTRIES, signer=LogSigner(ORIGIN, b"x" * 32))
    assert found(thief.receipt(300)) == ("forged", "checkpoint")
    other = PaperLog(ENTRIES, signer=LogSigner("ledger.other.cn/2026", b"x" * 32))
    assert found(other.receipt(300))[0] == "other_log"
    assert found(b"hello") == ("unreadable", "file")
    assert found(FILE[: len(FILE) // 2])[0] == "unreadable"


def test_unknown_lines_are_ignored_and_altered_known_ones_refused():
    without = "\n".join(KEYS.split("\n")[:2])
    assert checked(FILE, keys=without).facts["witnesses"] == {}
    assert found(FILE, keys=without) == "included"
    broken = FILE.replace(FILE.splitlines()[-1][-9:-5], b"AAAA")
    assert found(broken) == ("forged", "witness")
    assert found(broken, keys=without) == "included"


def test_time_outside_what_witnesses_saw_is_a_finding():
    assert found(LOG.receipt(300, before=290, seen_before=(AT_SECONDS + 61,))) == "clock"
    assert found(LOG.receipt(300, seen=(AT_SECONDS - 61,))) == "clock"
    assert (
        found(LOG.receipt(300, before=290, seen_before=(AT_SECONDS + 59,), seen=(AT_SECONDS - 59,)))
        == "included"
    )


def test_the_log_of_today_is_held_against_the_file():
    assert found(FILE, fetch=LOG.fetch) == "included"
    assert found(FILE, fetch=PaperLog(ENTRIES[:400]).fetch) == ("changed", "shorter")
    rewritten = list(ENTRIES)
    rewritten[300] = OURS.replace(b"2026-11-17", b"2026-11-24")
    assert found(FILE, fetch=PaperLog(rewritten).fetch) == ("changed", "history")
    rewritten = list(ENTRIES)
    rewritten[500] = OURS
    assert found(FILE, fetch=PaperLog(rewritten).fetch) == "included", (
        "what came later is another receipt's affair"
    )
    honest, tiles = PaperLog(ENTRIES), LOG.tiles()
    tiles = {path: data for path, data in tiles.items() if not path.startswith("tile/entries")}
    tiles |= {
        path: data
        for path, data in PaperLog([*rewritten[:300], header(n=9), *ENTRIES[301:]]).tiles().items()
        if "entries" in path
    }
    assert found(FILE, fetch=lambda path: tiles.get(path) or honest.fetch(path)) == ("changed", "entry")

    def gone(path):
        raise urllib.error.URLError("no route")

    assert found(FILE, fetch=gone) == "unreachable"


def test_what_the_companys_table_says_now_is_told():
    def with_record(**record):
        return PaperLog(ENTRIES, records={CODE: record}).fetch

    assert (
        found(FILE, fetch=with_record(known=True, changed=[], recorded_at="2026-11-17T03:49:35Z"))
        == "included"
    )
    moved = with_record(known=True, changed=["recorded_at"], recorded_at="2026-11-24T03:49:35Z")
    assert found(FILE, fetch=moved) == ("changed", "record")
    assert found(PROMISE, fetch=moved) == ("changed", "record")
    assert found(FILE, fetch=with_record(known=False)) == ("changed", "record")


@settings(max_examples=25, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80))
def test_plain_python_curve_agrees_with_openssl(seed, message):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519(public, message, signature)
    assert not ed25519(public, message + b".", signature)
    longer = int.from_bytes(signature[32:], "little") + ORDER
    assert not ed25519(public, message, signature[:32] + longer.to_bytes(33, "little")[:32])


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "verify_receipt.py"
    path.write_text(bundle(), encoding="utf-8")
    return path


def run(script, *args):
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), *args], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def test_the_one_file_runs_alone_and_ends_with_its_number(script):
    folder = script.parent
    for name, data in {
        "ok": FILE,
        "promise": PROMISE,
        "forged": FILE.replace(b"index 300", b"index 299"),
        "none": b"x",
    }.items():
        (folder / name).write_bytes(data)
    (folder / "keys").write_text(KEYS)
    keys = ("--key", str(folder / "keys"))
    code, said = run(script, str(folder / "ok"), *keys)
    assert code == 0
    assert "2026-11-17 11:49:35" in said
    assert "真实" in said
    assert CODE[:4] in said
    assert run(script, str(folder / "promise"), *keys)[0] in (2, 3)
    assert run(script, str(folder / "forged"), *keys)[0] == 1
    assert run(script, str(folder / "ok"), "--key", KEYS.split("\n")[2])[0] == 4
    assert run(script, str(folder / "none"), *keys)[0] == 6
    assert run(script, str(folder / "ok"), *keys, "--log", "http://127.0.0.1:9")[0] == 7
    assert run(script, str(folder / "ok"), "--key", "nothing")[0] == 64
