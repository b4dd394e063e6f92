"""The time-stamping authority: OpenSSL plays it, and verifies what was kept."""

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from integrity.services.stamping import Authority
from integrity.services.witnessing import Unwilling

OPENSSL = shutil.which("openssl") or ""
CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
[req]
distinguished_name = name
x509_extensions = use
[name]
[use]
extendedKeyUsage = critical,timeStamping
"""


@pytest.fixture
def authority(tmp_path):
    def openssl(*arguments):
        return subprocess.run([OPENSSL, *arguments], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "tsa.cnf").write_text(CONFIG)
    (tmp_path / "serial").write_text("01\n")
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "tsa.key",
        "-out",
        "tsa.pem",
        "-subj",
        "/CN=tsa",
        "-config",
        "tsa.cnf",
    )

    class Handler(BaseHTTPRequestHandler):
        broken = False

        def do_POST(self):
            (tmp_path / "asked").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(
                "ts",
                "-reply",
                "-queryfile",
                "asked",
                "-config",
                "tsa.cnf",
                "-section",
                "one",
                "-out",
                "answer",
            )
            data = (tmp_path / ("old" if self.broken else "answer")).read_bytes()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Authority(f"http://127.0.0.1:{server.server_port}"), openssl, tmp_path, Handler
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not OPENSSL, reason="no OpenSSL here")
def test_a_token_is_asked_for_kept_and_verified_by_openssl_and_an_old_one_is_refused(authority):
    asks, openssl, folder, handler = authority
    (folder / "note").write_bytes(b"a checkpoint\n")
    (folder / "old").write_bytes(asks.stamp(b"a checkpoint\n"))
    openssl("ts", "-verify", "-in", "old", "-data", "note", "-CAfile", "tsa.pem")
    (folder / "note").write_bytes(b"b checkpoint\n")
    with pytest.raises(subprocess.CalledProcessError):
        openssl("ts", "-verify", "-in", "old", "-data", "note", "-CAfile", "tsa.pem")
    handler.broken = True
    with pytest.raises(Unwilling, match="no token"):
        asks.stamp(b"b checkpoint\n")
