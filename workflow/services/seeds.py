"""Loading the rules a database starts with (workflow/seeds): once per version, never over an edited row.

A row is known by its key and version. A key that is there is left as it is, whoever changed it; an upgrade that
brings a new version of a limit, year or route adds it beside the old one.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from staff.models import Office
from workflow.events import append, name_actor
from workflow.models import (
    CalendarYear,
    Channel,
    Clause,
    LadderStep,
    Limit,
    Node,
    PauseReason,
    Profile,
    Route,
    RouteVersion,
    SeparationRule,
)
from workflow.services.calendars import Arrangement, packaged_days, packaged_years, publish_year
from workflow.services.route_seeds import route_seeds
from workflow.services.routes import CHOSEN

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FIELD_ALLOWANCE_MINUTES = 24 * 60
_ONE_LOADER = 7_403_002

#: How a seed's short words are called in the models.
LIMIT_WORDS = {"start": "start_kinds", "stop": "stop_kinds", "pauses": "pause_reasons", "when": "conditions"}
NODE_WORDS = {
    "stage": "opens_with",
    "parallel": "parallel_group",
    "promise": "promise_count",
    "when": "conditions",
}


def load() -> Counter[str]:
    """Load whatever is not there yet; answers with how many rows of each kind were added."""
    added: Counter[str] = Counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER])
        name_actor("system")
        _load_plain(added)
        _load_calendar(added)
        _load_limits(added)
        for seed in route_seeds():
            _load_route(seed, added)
    return added


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _load_plain(added: Counter[str]) -> None:
    """Rows that have no versions: known by their code."""
    office = Office.objects.filter(is_catch_all=True).order_by("code").first()
    _add(Profile, _profiles(), "code", added)
    _add(Clause, _read(SEEDS / "clauses.toml")["clause"], "code", added)
    _add(PauseReason, _read(SEEDS / "pauses.toml")["reason"], "code", added)
    _load_ladders(added)
    channels = enumerate(_read(SEEDS / "channels.toml")["channel"], 1)
    _add(Channel, [{"order": n, "catch_all_office": office, **row} for n, row in channels], "code", added)
    if office:
        for channel in Channel.objects.filter(catch_all_office=None):
            channel.catch_all_office = office
            channel.save()
    for row in _separations():
        _row, is_new = SeparationRule.objects.get_or_create(
            fact=row.pop("fact"),
            other_fact=row.pop("other_fact"),
            conditions=row.pop("conditions"),
            defaults=row,
        )
        added["separationrule"] += is_new


def _load_ladders(added: Counter[str]) -> None:
    known = set(LadderStep.objects.values_list("kind", "code"))
    seed = _read(SEEDS / "ladders.toml")
    for row in seed["step"]:
        for kind, days in row.pop("kinds").items():
            if (kind, row["code"]) not in known:
                LadderStep.objects.create(kind=kind, days=days, **seed["defaults"], **row)
                added["ladderstep"] += 1


def _profiles() -> list[dict[str, Any]]:
    """The seeds' profiles; a bureau that has chosen its own keeps it."""
    rows: list[dict[str, Any]] = _read(SEEDS / "profiles.toml")["profile"]
    chosen = Profile.objects.filter(is_ours=True).exists()
    return [{**row, "is_ours": row["is_ours"] and not chosen} for row in rows]


def _separations() -> Iterator[dict[str, Any]]:
    matrix = _read(SEEDS / "separation.toml")
    for fact, other_fact in matrix.pop("pairs"):
        yield {"fact": fact, "other_fact": other_fact, **matrix}


def _add(model: Any, rows: list[dict[str, Any]], key: str, added: Counter[str]) -> None:
    known = set(model.objects.values_list(key, flat=True))
    for row in rows:
        if row[key] not in known:
            model(**row).save(force_insert=True)
            added[model.__name__.lower()] += 1


def _load_calendar(added: Counter[str]) -> None:
    """Years of the package as published ones, then the provisional ones of the seeds.

    A year somebody has published by hand stays; a provisional one gives way to the package's.
    """
    published = set(CalendarYear.objects.filter(official=True).values_list("year", flat=True))
    known = set(CalendarYear.objects.values_list("year", flat=True))
    for arrangement in _arrangements():
        if arrangement.year not in (published if arrangement.official else known):
            publish_year(by=None, arrangement=arrangement)
            added["calendaryear"] += 1
            known.add(arrangement.year)


def _arrangements() -> Iterator[Arrangement]:
    words = _read(SEEDS / "calendar.toml")
    confirmed = {row["year"]: row for row in words["confirmed"]}
    for year in packaged_years():
        stated = confirmed.get(year, {"source": words["published_source"], "grade": words["published_grade"]})
        off, on = packaged_days(year)
        yield Arrangement(year, off, on, official=True, source=stated["source"], grade=stated["grade"])
    for row in words["provisional"]:
        yield Arrangement(**row, official=False)


def _load_limits(added: Counter[str]) -> None:
    known = {_limit_key(row): row.version for row in Limit.objects.order_by("version")}
    for path in sorted((SEEDS / "limits").glob("*.toml")):
        for row in _limits(_read(path)):
            if known.get(_limit_key(row), 0) < row.version:
                row.save(force_insert=True)
                added["limit"] += 1


def _limits(seed: dict[str, Any]) -> Iterator[Limit]:
    """Rows of a file. `always` are conditions that every row of a group has besides its own."""
    defaults = seed["defaults"]
    for group in seed.get("limit", []):
        always = {**defaults.get("always", {}), **group.pop("always", {})}
        for row in group.pop("rows"):
            when = {**always, **row.pop("when", {})}
            yield _limit({**defaults, **group, **row, "when": when})
    for group in seed.get("node", []):
        for row in group.pop("nodes"):
            yield _limit({**defaults, **group, **row, "code": f"node_{row['node']}", "scope": "node"})


def _limit(words: dict[str, Any]) -> Limit:
    clause = words.pop("clause", None)
    words.pop("always", None)
    words["when"] = _conditions(words.get("when", {}))
    return Limit(**{LIMIT_WORDS.get(word, word): value for word, value in words.items()}, clause_id=clause)


def _conditions(when: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Conditions as stored; "unknown" stands for a field nobody has answered yet, for which TOML has no word."""
    return {
        name: [None if value == "unknown" else value for value in values] for name, values in when.items()
    }


def _limit_key(limit: Limit) -> tuple[str, ...]:
    conditions = sorted((name, tuple(values)) for name, values in limit.conditions.items())
    return (limit.code, limit.regime, limit.utility, limit.region, repr(conditions))


def _load_route(seed: dict[str, Any], added: Counter[str]) -> None:
    route, _is_new = Route.objects.get_or_create(code=seed["route"].pop("code"), defaults=seed["route"])
    words = seed["version"]
    if route.versions.filter(number=words["number"]).exists():
        return
    chosen = words.pop("for_new_cases", False) and not route.versions.filter(for_new_cases=True).exists()
    version = RouteVersion.objects.create(route=route, status="published", for_new_cases=chosen, **words)
    for place, row in enumerate(seed["node"], 1):
        _add_node(version, place * 10, row)
    if chosen:
        reason = "The route this release starts with."
        append(
            f"route:{route.pk}",
            CHOSEN,
            data={"version": version.pk, "number": version.number, "reason": reason},
        )
    added["routeversion"] += 1


def _add_node(version: RouteVersion, order: int, words: dict[str, Any]) -> None:
    clauses = words.pop("clauses", [])
    if words.pop("field", False):
        words["claim_allowance_minutes"] = FIELD_ALLOWANCE_MINUTES
    words.setdefault("needed_for", words["stage"])
    words["when"] = _conditions(words.get("when", {}))
    node = Node.objects.create(
        version=version, order=order, **{NODE_WORDS.get(word, word): value for word, value in words.items()}
    )
    node.clauses.set(clauses)
