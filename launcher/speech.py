"""What the launcher says: one clear sentence each, no traceback."""

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Refusal(Exception):
    """Something stands in the way; its text is a sentence saying what it is and what to do."""


def say(sentence: str) -> None:
    """Print a line at once, also into a pipe."""
    print(sentence, flush=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    begun = time.monotonic()
    print(f"{doing} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def disk_full(place: Path) -> Refusal:
    """The sentence for a disk without space."""
    return Refusal(f"The disk holding {place} is full. Free at least 1.5 GB and run this again.")


def explained(what: str, output: str, place: Path) -> Refusal:
    """The sentence for a program that failed with `output`: the cause if it is a known one, else its last lines."""
    if "No space left on device" in output or f"os error {errno.ENOSPC}" in output:
        return disk_full(place)
    tail = "\n".join(output.strip().splitlines()[-12:])
    return Refusal(f"{what} failed:\n{tail}")


def complain(refusal: Refusal) -> int:
    """Print the refusal to standard error; returns the exit code."""
    print(f"\n{refusal}", file=sys.stderr, flush=True)
    return 1
