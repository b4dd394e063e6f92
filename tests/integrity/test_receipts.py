"""A customer's receipt from the first contact to a superuser's edit: what the page, the verifier and the customer's own file say."""

import base64
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from tlog_scales import signing, tlog

from integrity.ledger.note import LogSigner
from integrity.ledger.offline.notes import keys_from
from integrity.ledger.offline.receipt import check
from integrity.selectors.heads import keys_text, served
from integrity.selectors.records import differences, record_now
from integrity.services.erasure import erase_payload
from integrity.services.sequencing import Sequencer
from integrity.services.signing import StatefulSigner
from integrity.services.verification import Finding, Scope, verification
from integrity.services.verifications import ask, carry_out_next
from staff.demo import build_cast
from staff.models import User
from tests.conftest import _on
from workflow.models import CaseAccess, Event, Limit
from workflow.services.contacts import FirstContact, register_contact

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = FirstContact(
    channel="hall", phone="13900000777", need="开早餐店用电", place="海棠路18号", category="new_supply.lv_other",
    office_code="37010201", self_registered=True, terminal_class="customer",
)  # fmt: skip
MOVED = """
SET session_replication_role = replica;
UPDATE workflow_contact SET recorded_at = recorded_at + interval '7 days', occurred_at = occurred_at + interval '7 days';
UPDATE workflow_case SET first_contact_at = first_contact_at + interval '7 days';
UPDATE workflow_event SET recorded_at = recorded_at + interval '7 days' WHERE kind = 'contact.registered';
"""


@pytest.fixture
def people(db):
    """People and rules, committed: other roles shall see them."""
    return build_cast()


@pytest.fixture
def superuser(clones):
    """Whoever administers the database."""
    with closing(psycopg2.connect(_on(clones.admin_url, clones.name))) as admin:
        admin.autocommit = True
        yield admin.cursor()


@pytest.fixture
def log(clones, settings, tmp_path):
    """The sequencer of this test's database; called, it places and signs all that waits."""
    settings.LEDGER_STATE_PATH = tmp_path / "signed.json"
    url = _on(os.environ["SEQUENCER_DATABASE_URL"], clones.name)
    with closing(psycopg2.connect(url)) as own:
        sequencer = Sequencer(
            own,
            StatefulSigner(
                LogSigner(settings.LEDGER_ORIGIN, settings.LEDGER_SEED), settings.LEDGER_STATE_PATH
            ),
        )

        def grow():
            while sequencer.integrate():
                pass
            return sequencer.sign()

        yield grow


@pytest.fixture
def contact(people, log):
    """A contact registered while the log already has a head."""
    log()
    return register_contact(FIRST, by=None).contact


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def kept(contact, name):
    """What the customer downloads."""
    answer = Client().get(f"/verify/{contact.receipt_key}/{name}")
    assert answer.status_code == 200
    return answer.content.decode()


def found(file, *, today=True):
    result = check(file, keys_from(keys_text()), time.time(), served if today else None)
    return (result.outcome, result.part) if result.part else result.outcome


def test_from_the_promise_to_the_proof_and_to_a_superusers_edit(contact, log, superuser, people):
    stranger = Client()
    state = words(stranger.get(f"/verify/{contact.receipt_key}/state/"))
    assert "签名承诺" in state
    assert "下载凭证文件" not in state
    promise = kept(contact, "promise.txt")
    assert found(promise) == "promised"
    assert stranger.get(f"/verify/{contact.receipt_key}/receipt.tlog-proof").status_code == 302, (
        "not in the log yet"
    )

    log()
    file = kept(contact, "receipt.tlog-proof")
    result = check(file, keys_from(keys_text()), time.time(), served)
    assert result.outcome == "included"
    assert result.facts["before_size"] <= result.facts["index"] < result.facts["size"]
    assert result.facts["payload"]["self_registered"] is True
    assert found(promise) == "included"
    assert "用户自助登记" in words(stranger.get(f"/verify/{contact.receipt_code}/"))
    by_code_alone = stranger.get(f"/verify/{contact.receipt_code}/receipt.tlog-proof").content.decode()
    assert "payload" not in check(by_code_alone, keys_from(keys_text()), time.time()).facts, (
        "contents are the holder's"
    )
    assert differences(Event.objects.get(stream=contact.case.stream, number=1)) == []

    superuser.execute(MOVED)
    assert found(file, today=False) == "included", "the file itself is as good as ever"
    assert found(file) == ("changed", "record")
    page = words(stranger.post("/verify/", {"text": file.replace("\n", "\r\n")}))
    assert "您的凭证真实，但我们的记录后来被改过" in page
    assert "来访的记录时间" in page
    assert "记录后来被改过" in words(stranger.get(f"/verify/{contact.receipt_key}/state/"))
    said = stranger.get(f"/ledger/records/{contact.receipt_code}").json()
    assert set(said["changed"]) >= {"recorded_at", "contact.recorded_at", "contact.occurred_at"}

    run = ask("all", by=people["zhenglin"])
    assert carry_out_next()
    assert not carry_out_next(), "nothing is done twice"
    run.refresh_from_db()
    about = [f for f in run.findings if f["case_id"] == str(contact.case_id) and f["number"] == 1]
    assert {"header"} <= {f["what"] for f in about}
    auditor = Client()
    auditor.force_login(people["zhenglin"])
    page = auditor.get(f"/audit/ledger/runs/{run.pk}/").content.decode()
    assert f"/audit/cases/{contact.case_id}/#event-1" in page
    with pytest.raises(SystemExit):
        call_command("verify_ledger")


def test_a_rewritten_history_is_told_by_the_file(contact, log, superuser):
    """A tile changed, then the event removed with its contact: the customer's file tells both. (Signed anew: test_offline.py.)"""
    log()
    file = kept(contact, "receipt.tlog-proof")
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE integrity_ledgertile SET data = set_byte(data, 3, 255 - get_byte(data, 3)) WHERE level = 0"
    )
    assert found(file, today=False) == "included"
    assert found(file)[0] == "changed"
    superuser.execute("DELETE FROM workflow_contact")
    superuser.execute("DELETE FROM workflow_event WHERE kind = 'contact.registered'")
    assert record_now(contact.receipt_code) == {"known": False}
    answer = Client().get(f"/verify/{contact.receipt_code}/")
    assert answer.status_code == 404
    assert "12398" in words(answer)


def test_erased_contents_leave_every_proof_valid(contact, log, people, clones, settings):
    """A8.15: salt and text are gone, the tree and all receipts stand."""
    settings.ERASURE_DATABASE_URL = _on(os.environ["ERASURE_DATABASE_URL"], clones.name)
    log()
    before = kept(contact, "receipt.tlog-proof")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE workflow_eventpayload SET salt = NULL, body = NULL")
    event = erase_payload(
        contact.case.stream, 1, reason="客户依法要求", by=people["wangmin"], approved_by=people["chenli"]
    )
    log()
    assert found(before) == "included", "who still holds the contents can still show them"
    after = kept(contact, "receipt.tlog-proof")
    assert found(after) == "included"
    assert json.loads(base64.b64decode(after.split("\n")[1][6:]))["payload"] is None
    run = ask("all", by=people["zhenglin"])
    carry_out_next()
    run.refresh_from_db()
    assert run.findings == []
    assert run.summary["erased"] == 1
    assert Event.objects.get(stream=event.stream, number=event.number).kind == "payload.erased"


def test_verifiers_nobody_here_wrote_accept_the_receipt(contact, log, tmp_path):
    """A8.9: OpenSSL on the note's text, tlog-scales on the proof; where Node is, @sigstore/verify."""
    log()
    file = kept(contact, "receipt.tlog-proof")
    note = file.split("\n\n", 1)[1]
    text, line = note.rsplit("\n\n", 1)
    key = keys_text().splitlines()[0].split("+", 2)[2]
    public = base64.b64decode(key)[1:]
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + public)
    (tmp_path / "text").write_bytes(f"{text}\n".encode())
    (tmp_path / "sig").write_bytes(base64.b64decode(line.strip().split(" ")[2])[4:])
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key.der",
        "-rawin",
        "-in",
        "text",
        "-sigfile",
        "sig",
    ]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "text").write_bytes(f"{text[:-2]}\n".encode())
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0

    vkey = keys_text().splitlines()[0].removeprefix("log ")
    head = tlog.Checkpoint.from_text(note)
    head.verify(signing.Vkey.from_string(vkey))
    lines = file.split("\n\n", 1)[0].split("\n")
    header = json.loads(base64.b64decode(lines[1][6:]))["header"].encode()
    path = tlog.InclusionProof(int(lines[2][6:]), head.size, [base64.b64decode(line) for line in lines[3:]])
    path.check(hashlib.sha256(b"\0" + header).digest(), head.root_hash)
    with pytest.raises(tlog.InclusionProofInvalid):
        path.check(hashlib.sha256(b"\0" + header.replace(b'"n":1', b'"n":2')).digest(), head.root_hash)


SIGSTORE = """
const {verifyCheckpoint} = require(process.argv[1] + "/dist/tlog/checkpoint.js");
const {verifyMerkleInclusion} = require(process.argv[1] + "/dist/tlog/merkle.js");
const f = JSON.parse(require("fs").readFileSync(0, "utf8"));
const publicKey = require("crypto").createPublicKey({key: Buffer.from(f.key, "hex"), format: "der", type: "spki"});
const logs = [{logID: Buffer.from(f.id, "hex"), baseURL: f.note.split("\\n")[0], publicKey}];
const checkpoint = verifyCheckpoint({inclusionProof: {checkpoint: {envelope: f.note}}}, logs);
for (const header of [f.header, f.header.replace('"n":1', '"n":2')]) {
  const entry = {canonicalizedBody: Buffer.from(header),
    inclusionProof: {logIndex: String(f.index), treeSize: String(f.size), rootHash: checkpoint.logHash,
                     hashes: f.path.map(h => Buffer.from(h, "base64")), checkpoint: {envelope: f.note}}};
  try { verifyMerkleInclusion(entry, checkpoint); console.log("holds"); } catch (e) { console.log(e.code || e.message); }
}
"""


def test_sigstores_verifier_accepts_the_receipt_where_node_is(contact, log):
    """`npm install @sigstore/verify@4.1.3` anywhere, and TONGDIAN_NODE_MODULES names its node_modules."""
    module = Path(os.environ.get("TONGDIAN_NODE_MODULES", "node_modules")) / "@sigstore" / "verify"
    if not shutil.which("node") or not module.is_dir():
        pytest.skip("no Node with @sigstore/verify 4.1.3 here; see TONGDIAN_NODE_MODULES in CONTRIBUTING.md")
    log()
    file = kept(contact, "receipt.tlog-proof")
    top, note = file.split("\n\n", 1)
    lines = top.split("\n")
    _name, ident, packed = keys_text().splitlines()[0].split("+", 2)
    given = {
        "key": "302a300506032b6570032100" + base64.b64decode(packed)[1:].hex(), "id": ident, "note": note,
        "header": json.loads(base64.b64decode(lines[1][6:]))["header"], "index": int(lines[2][6:]),
        "size": int(note.split("\n")[1]), "path": lines[3:],
    }  # fmt: skip
    done = subprocess.run(
        ["node", "-e", SIGSTORE, str(module.resolve())],
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert done.stdout.split()[0] == "holds", done.stdout + done.stderr
    assert done.stdout.split()[1] != "holds"


def test_the_kept_script_says_the_same_from_outside(contact, log, tmp_path):
    log()
    (tmp_path / "r.tlog-proof").write_text(kept(contact, "receipt.tlog-proof"))
    script = Client().get("/verify/verify_receipt.py").content
    (tmp_path / "verify_receipt.py").write_bytes(script)
    (tmp_path / "keys").write_bytes(Client().get("/verify/keys.txt").content)
    command = [sys.executable, "-I", "-S", "verify_receipt.py", "r.tlog-proof", "--key", "keys"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, contact.receipt_code[:4] in done.stdout) == (0, True), done.stdout + done.stderr


def test_wrong_codes_are_answered_with_what_to_look_at():
    visitor = Client()
    for typed, says in (("7Q2K", "26"), ("8" * 26, "没有 8"), ("", "请选择文件")):
        assert says in words(visitor.post("/verify/", {"code": typed})), typed
    assert visitor.post("/verify/", {"code": "aaaa-" * 6 + "aa"}).url == f"/verify/{'A' * 26}/"
    assert "这不是一份完整的凭证" in words(visitor.post("/verify/", {"text": "hello"}))


def test_every_way_round_a_version_is_caught(people, log):
    """A8.13: `_history_date`, `update()`, `skip_history_when_saving`, `clean_old_history`, `clean_duplicate_history`."""
    limit = Limit.objects.order_by("pk").first()
    versions = limit.history.count()
    limit._history_date = timezone.now() - dt.timedelta(days=400)
    limit.save()
    assert timezone.now() - limit.history.latest().history_date < dt.timedelta(days=1), (
        "the database sets the time"
    )
    for command in ("clean_old_history", "clean_duplicate_history"):
        with pytest.raises(DatabaseError, match="what was recorded stays"), transaction.atomic():
            call_command(command, "--auto", "--days", "-1") if "old" in command else call_command(
                command, "--auto"
            )
    assert limit.history.count() == versions + 1
    assert versions_found() == []

    Limit.objects.filter(pk=limit.pk).update(name_en="changed by update()")
    other = Limit.objects.order_by("-pk").first()
    other.skip_history_when_saving = True
    other.name_en = "changed without a version"
    other.save()
    assert versions_found() == sorted(f"workflow_limit ({row.pk})" for row in (limit, other))


def versions_found():
    return sorted(
        step.row
        for step in verification(Scope())
        if isinstance(step, Finding) and step.what in ("version", "history")
    )


def test_a_customer_gets_a_receipt_for_every_step_and_a_stranger_none(contact, log):
    log()
    mine, other = (User.objects.create_customer(phone) for phone in (FIRST.phone, "13900000778"))
    CaseAccess.objects.create(case=contact.case, user=mine, role="applicant")
    browser = Client()
    browser.force_login(mine)
    assert (
        f"/verify/{contact.receipt_code}/" in browser.get(f"/verify/case/{contact.case_id}/").content.decode()
    )
    browser.force_login(other)
    assert browser.get(f"/verify/case/{contact.case_id}/").status_code == 404
