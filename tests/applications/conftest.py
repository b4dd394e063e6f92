"""The bureau these tests are about; uploads go elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from staff.demo import Cast
from tests.applications.walked import bureau


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """Offices and people; a module whose tests share one has its own fixture of this name."""
    return bureau()
