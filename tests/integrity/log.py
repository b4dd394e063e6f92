"""A log of its own for a test: real rows committed, the sequencer's role, a signer whose memory lies in the test's folder."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings

from integrity.ledger.note import LogSigner
from integrity.services.sequencing import Sequencer
from integrity.services.signing import StatefulSigner
from integrity.services.verification import Finding, Report, Scope, verification

APPEND = "SELECT workflow_append(%s, 'test.happened', %s)"


def on(url, database):
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


class Log:
    """What a test does with a database: as the application, as the sequencer, as a superuser."""

    def __init__(self, clones, path):
        self.name, self.path = clones.name, path
        self.urls = {
            "admin": on(clones.admin_url, clones.name),
            "migrate": on(clones.migrate_url, clones.name),
            "app": on(clones.app_url, clones.name),
            "sequencer": on(os.environ["SEQUENCER_DATABASE_URL"], clones.name),
        }
        settings.LEDGER_STATE_PATH = path

    def connect(self, role):
        return psycopg2.connect(self.urls[role])

    def run(self, role, query, values=None):
        """One statement as that role, committed; its rows."""
        connection = self.connect(role)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def forge(self, *queries):
        """As a superuser past every trigger, as somebody with the server in hand would."""
        connection = self.connect("admin")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                for query in queries:
                    cursor.execute(*([query] if isinstance(query, str) else query))
        finally:
            connection.close()

    def append(self, count, stream="staff:test"):
        """Sealed events, as the database's own triggers write them."""
        self.run(
            "migrate",
            "SELECT workflow_append(%s, 'test.happened', '{\"n\":' || n || '}') FROM generate_series(1, %s) n",
            [stream, count],
        )

    def sequencer(self, seed=None, path=None):
        signer = LogSigner(settings.LEDGER_ORIGIN, seed or settings.LEDGER_SEED)
        return Sequencer(self.connect("sequencer"), StatefulSigner(signer, path or self.path), batch=300)

    def publish(self):
        """Drain, sign; the size."""
        with self.working() as sequencer:
            while sequencer.integrate():
                pass
            return sequencer.sign()

    @contextmanager
    def working(self, **options):
        sequencer = self.sequencer(**options)
        try:
            yield sequencer
        finally:
            sequencer.connection.close()


def found(scope=None):
    """(findings, report) of a verification."""
    steps = list(verification(scope or Scope()))
    assert isinstance(steps[-1], Report)
    return [step for step in steps if isinstance(step, Finding)], steps[-1]


def whats(scope=None):
    return {finding.what for finding in found(scope)[0]}
