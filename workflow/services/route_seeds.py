"""The routes a database starts with, as the seeds write them down: a route may be another one's with a few nodes changed.

`like = "3_hv_single.2"` takes that file's nodes. A `[[node]]` of a code that is there changes its words (`after` is then not needed); one
of a new code stands after the node named by `after`, or at the end; `without` leaves nodes out. Nothing of this reaches the database: a
version there is its own list of nodes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "seeds" / "routes"


def route_seeds(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Every route version of the seeds, complete, in the order of its file's name."""
    for path in sorted(folder.glob("*.toml")):
        yield _complete(_read(path), folder)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _complete(seed: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The seed with all its nodes spelt out."""
    version = seed["version"]
    like, without = version.pop("like", ""), set(version.pop("without", []))
    if like:
        taken = _complete(_read(folder / f"{like}.toml"), folder)["node"]
        kept = [node for node in taken if node["code"] not in without]
        seed["node"] = _changed(kept, seed.get("node", []))
    return seed


def _changed(nodes: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for change in changes:
        after = change.pop("after", "")
        place = _place(nodes, change["code"])
        if place is not None:
            nodes[place] = {**nodes[place], **change}
        elif after:
            beside = _place(nodes, after)
            if beside is None:
                raise ValueError(f"No node {after} to put {change['code']} after.")
            nodes.insert(beside + 1, change)
        else:
            nodes.append(change)
    return nodes


def _place(nodes: list[dict[str, Any]], code: str) -> int | None:
    return next((place for place, node in enumerate(nodes) if node["code"] == code), None)
