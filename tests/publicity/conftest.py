"""The demo bureau with its rules, its lists and the sentences about costs."""

import pytest

from tests.applications.walked import bureau


@pytest.fixture
def cast(db):
    return bureau()
