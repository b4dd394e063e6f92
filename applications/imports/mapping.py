"""A mapping file: how one register's columns, dates and states are read, and what can't be true in it.

TOML:
  [register]  system (name of the other system), title, encoding, delimiter, key (columns that make up its number),
              skip_rows (lines above the heading), absent (texts that mean nothing is there), skip_when (column → texts of rows that are no entries)
  [dates.NAME]    column, formats (strptime), required, month_only (formats without a day: the first of the month is meant and said so)
  [texts.NAME]    column, or columns with join; required; as_when_absent (a second column)
  [numbers.NAME]  column, scale (e.g. 1000 for MW to kW), required
  [state]     column, values (their word → ARCHIVED, WITHDRAWN or LEGACY_OPEN); without column: one `default`
  [[impossible]]  code, reason (zh and en), and one of: before = [a, b] (a earlier than b), both = [a, b], future = a,
                  missing = a; `states` limits the rule to rows that end in one of them
NAME is free; submitted, energised, withdrawn and capacity are what a legacy case keeps in columns, the rest is kept beside it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATES = ("ARCHIVED", "WITHDRAWN", "LEGACY_OPEN")


class MappingError(Exception):
    """The mapping file does not say what it must; the message says which line to mend."""


@dataclass(frozen=True)
class Impossible:
    """Something that can't be true of one row."""

    code: str
    reason: str
    before: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    future: str = ""
    missing: str = ""
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """One register's way of writing."""

    system: str
    title: str
    key: tuple[str, ...]
    state: dict[str, Any]
    dates: dict[str, dict[str, Any]]
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    impossible: tuple[Impossible, ...] = ()
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    skip_rows: int = 0
    absent: tuple[str, ...] = ("",)
    skip_when: dict[str, list[str]] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """Every column the file must have."""
        named = set(self.key) | set(self.skip_when)
        for part in (self.dates, self.texts, self.numbers):
            for rule in part.values():
                named |= {rule[name] for name in ("column", "as_when_absent") if name in rule} | set(
                    rule.get("columns", ())
                )
        return named | ({self.state["column"]} if "column" in self.state else set())


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file; MappingError says what is wrong with it."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path}: {error}") from None
    register = said.get("register", {})
    for name in ("system", "title", "key"):
        if not register.get(name):
            raise MappingError(f"{path}: [register] needs {name}.")
    if "submitted" not in said.get("dates", {}):
        raise MappingError(f"{path}: [dates.submitted] is needed: the day an entry says it was handed in.")
    _check_state(path, said.get("state", {}))
    rules = tuple(_impossible(path, rule, said) for rule in said.get("impossible", ()))
    options = {k: v for k, v in register.items() if k not in ("system", "title", "key")}
    if "absent" in options:
        options["absent"] = tuple(options["absent"])
    return Mapping(
        system=register["system"], title=register["title"], key=tuple(register["key"]), state=said["state"], dates=said["dates"],
        texts=said.get("texts", {}), numbers=said.get("numbers", {}), impossible=rules, **options,
    )  # fmt: skip


def _check_state(path: Path, state: dict[str, Any]) -> None:
    ends = [*state.get("values", {}).values(), *([state["default"]] if "default" in state else [])]
    if not ends:
        raise MappingError(f"{path}: [state] needs values (their word to ours) or a default.")
    if wrong := sorted({end for end in ends if end not in STATES}):
        raise MappingError(f"{path}: [state] leads to {', '.join(wrong)}; possible are {', '.join(STATES)}.")


def _impossible(path: Path, rule: dict[str, Any], said: dict[str, Any]) -> Impossible:
    known = {*said.get("dates", {}), *said.get("texts", {}), *said.get("numbers", {})}
    named = [
        *rule.get("before", ()),
        *rule.get("both", ()),
        *[rule[k] for k in ("future", "missing") if k in rule],
    ]
    if "code" not in rule or "reason" not in rule or not named:
        raise MappingError(
            f"{path}: each [[impossible]] needs code, reason and one of before, both, future, missing."
        )
    if unknown := sorted(set(named) - known):
        raise MappingError(
            f"{path}: [[impossible]] {rule['code']} names {', '.join(unknown)}, which no section reads."
        )
    known_parts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in rule.items()}
    return Impossible(**known_parts)
