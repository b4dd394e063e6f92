"""Migrations are named by people and can be taken back."""

import re

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from tests.repository.source import APPS


@pytest.fixture(scope="module")
def ours():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [migration for (app, _name), migration in loader.disk_migrations.items() if app in APPS]


def test_there_are_migrations(ours):
    assert ours


def test_no_migration_is_named_by_a_machine(ours):
    machine_named = re.compile(r"^\d{4}_(auto_|alter_.*_and_more$|.*_and_more$)")
    assert not [str(migration) for migration in ours if machine_named.match(migration.name)]


def test_every_migration_can_be_taken_back(ours):
    stuck = [
        f"{migration}: {operation.describe()}"
        for migration in ours
        for operation in _all(migration.operations)
        if not operation.reversible
    ]
    assert not stuck


def _all(operations):
    for operation in operations:
        yield operation
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations
