"""The tests' database: one template, migrated by the migration role, cloned for whoever needs a clean one.

Why not Django's own way: it would create tables as the role that runs the tests (here: the application's,
which may not), and it empties tables with TRUNCATE (which events refuse). So:

* the template is built once per state of migrations, SQL and seeds, by `manage.py migrate` as the
  migration role, and marked as a test database;
* each process (pytest-xdist worker) works on its own clone, connected as tongdian_app;
* ordinary tests run in a transaction that is rolled back; a transactional one gets a new clone afterwards.

`ADMIN_DATABASE_URL` names a role that may create databases. `./tongdian test` sets everything.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from psycopg2 import sql

from config import catalogues

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("TONGDIAN_CHROMIUM") or shutil.which("chromium") or ""
TEMPLATE_INPUTS = {"migrations", "sql", "seeds", "management"}
TEMPLATE_COMMANDS = (["migrate", "--verbosity=0"], ["mark_database", "test"], ["load_seeds"])
TEMPLATE_LOCK = 7_415_926


def pytest_configure() -> None:
    """Compile the catalogues, so that pages speak Chinese; forget those that Django has read already."""
    if catalogues.compile_stale():
        translation_file_changed(
            sender=None, file_path=catalogues.catalogue_path("shared").with_suffix(".mo")
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes hours unless asked for by `-m`, and browser tests where there is no browser."""
    no_long = pytest.mark.skip(reason="takes long; run by ./tongdian test --long")
    no_browser = pytest.mark.skip(
        reason="no Chromium here: apt-get install chromium, or set TONGDIAN_CHROMIUM"
    )
    for item in items:
        if "long" in item.keywords and "long" not in config.option.markexpr:
            item.add_marker(no_long)
        if "launch_browser" in getattr(item, "fixturenames", ()):
            # Playwright's loop runs in this thread, so Django believes itself asynchronous.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
            if not CHROMIUM:
                item.add_marker(no_browser)


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Every test begins in the default language: a request in another one leaves its language to the thread."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's Chromium; playwright's own is not downloaded."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    return {"executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A Chinese reader in Shanghai, on a desk."""
    size = {"width": 1280, "height": 800}
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": size}


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for app in settings.APPS:
        for path in sorted((ROOT / app).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and {*path.parts, path.stem} & TEMPLATE_INPUTS:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _on(url: str, database: str) -> str:
    """`url`, with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


class Clones:
    """Makes and drops databases from the template."""

    def __init__(self) -> None:
        """Read where the server is; stops the run with a sentence if that is unknown."""
        try:
            self.admin_url = os.environ["ADMIN_DATABASE_URL"]
            self.migrate_url = os.environ["MIGRATE_DATABASE_URL"]
            self.app_url = os.environ["DATABASE_URL"]
        except KeyError as missing:
            pytest.exit(
                f"{missing.args[0]} is not set. `./tongdian test` sets it (CONTRIBUTING.md, Tests).", 4
            )
        self.template = f"tongdian_template_{_fingerprint()}"
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:8]
        self.name = f"tongdian_test_{run}_{worker}"

    def _admin(self) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(self.admin_url)
        connection.autocommit = True
        return connection

    def build_template(self) -> None:
        """Migrate the template unless somebody did; the advisory lock lets one process do it."""
        with closing(self._admin()) as admin, admin.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template])
            if cursor.fetchone():
                return
            scratch = f"{self.template}_new"
            self._drop(cursor, scratch)
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER tongdian_owner").format(sql.Identifier(scratch)))
            for command in TEMPLATE_COMMANDS:
                self._manage(command, scratch)
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(scratch), sql.Identifier(self.template)
                )
            )

    def _manage(self, command: list[str], database: str) -> None:
        """Run it on that database; manage.py chooses the role."""
        env = {
            **os.environ,
            "DATABASE_URL": _on(self.app_url, database),
            "MIGRATE_DATABASE_URL": _on(self.migrate_url, database),
        }
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            pytest.exit(f"manage.py {' '.join(command)} failed:\n{done.stdout}{done.stderr}", 3)

    @staticmethod
    def _drop(cursor: psycopg2.extensions.cursor, name: str) -> None:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def renew(self) -> None:
        """Drop this process's clone, if any, and make a new one."""
        connections.close_all()
        with closing(self._admin()) as admin, admin.cursor() as cursor:
            self._drop(cursor, self.name)
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER tongdian_owner").format(
                    sql.Identifier(self.name), sql.Identifier(self.template)
                )
            )

    def drop(self) -> None:
        """Leave nothing behind."""
        connections.close_all()
        with closing(self._admin()) as admin, admin.cursor() as cursor:
            self._drop(cursor, self.name)


@pytest.fixture(scope="session")
def clones() -> Clones:
    """The template, built."""
    clones = Clones()
    clones.build_template()
    return clones


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker, clones: Clones) -> Iterator[None]:
    """Take pytest-django's place: connect to a clone, and renew it where Django would truncate."""
    with django_db_blocker.unblock():
        clones.renew()
    settings.DATABASES["default"]["NAME"] = clones.name
    connections["default"].settings_dict["NAME"] = clones.name
    truncating = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: clones.renew()
    yield
    TransactionTestCase._fixture_teardown = truncating
    with django_db_blocker.unblock():
        clones.drop()


@pytest.fixture
def process_environment(clones: Clones) -> dict[str, str]:
    """The environment for a real process (worker, beat, command) on this test's database.

    Only for transactional tests: another process sees committed rows alone.
    """
    return {
        **os.environ,
        "DATABASE_URL": _on(clones.app_url, clones.name),
        "MIGRATE_DATABASE_URL": _on(clones.migrate_url, clones.name),
    }
