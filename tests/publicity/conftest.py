"""The demo bureau with its rules, its lists and the sentences about costs."""

import pytest

from publicity.services import seeds
from tests.applications.walked import bureau


@pytest.fixture
def cast(db):
    people = bureau()
    seeds.load()
    return people
