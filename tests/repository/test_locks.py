"""The locked dependencies: complete, hashed, and without the name of any registry."""

import re

import pytest

from tests.repository.source import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))


def _packages(path):
    """name → version, of a lock file."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", path.read_text(), re.MULTILINE))


def _wanted(path):
    """The names that a .in file asks for."""
    return {
        re.split(r"[\[<>=~ ]", line, maxsplit=1)[0].lower()
        for line in path.read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_a_registry(lock):
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"index-url|find-links|trusted-host|\bfile:", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_hashed(lock):
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text())
    assert not [entry.split("\n")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_what_was_asked_for(lock):
    assert _wanted(lock.with_suffix(".in")) <= _packages(lock).keys()


def test_both_locks_agree():
    runtime, development = _packages(ROOT / "requirements.lock"), _packages(ROOT / "requirements-dev.lock")
    assert runtime.items() <= development.items()


@pytest.mark.parametrize("source", sorted(ROOT.glob("requirements*.in")), ids=lambda path: path.name)
def test_every_dependency_says_why(source):
    lines = [line for line in source.read_text().splitlines() if line and not line.startswith(("#", "-"))]
    assert not [line for line in lines if "  # " not in line]
