"""docker-compose.yml is what the compose specification allows, and matches what the launcher does."""

import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.repository.source import ROOT

STRINGS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
DURATION = {"type": "string", "pattern": r"^(\d+(us|ms|s|m|h))+$"}
ENVIRONMENT = {
    "anyOf": [
        {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}},
        STRINGS,
    ]
}
COMMAND = {"anyOf": [{"type": "null"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "anyOf": [{"required": ["image"]}, {"required": ["build"]}],
    "properties": {
        "image": {"type": "string", "minLength": 1},
        "build": {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "context": {"type": "string"},
                        "dockerfile": {"type": "string"},
                        "target": {"type": "string"},
                        "args": ENVIRONMENT,
                    },
                },
            ]
        },
        "command": COMMAND,
        "entrypoint": COMMAND,
        "environment": ENVIRONMENT,
        "env_file": {"anyOf": [{"type": "string"}, STRINGS]},
        "ports": {"type": "array", "items": {"type": ["string", "integer"]}},
        "expose": {"type": "array", "items": {"type": ["string", "integer"]}},
        "volumes": {"type": "array", "items": {"type": "string", "pattern": r"^[^:]+:[^:]+(:(ro|rw|z|Z))?$"}},
        "depends_on": {
            "anyOf": [
                STRINGS,
                {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["condition"],
                        "properties": {
                            "condition": {
                                "enum": [
                                    "service_started",
                                    "service_healthy",
                                    "service_completed_successfully",
                                ]
                            },
                            "required": {"type": "boolean"},
                            "restart": {"type": "boolean"},
                        },
                    },
                },
            ]
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "test": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
                "interval": DURATION,
                "timeout": DURATION,
                "start_period": DURATION,
                "retries": {"type": "integer"},
                "disable": {"type": "boolean"},
            },
        },
        "restart": {"type": "string", "pattern": r"^(no|always|unless-stopped|on-failure(:\d+)?)$"},
        "user": {"type": "string"},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "stop_grace_period": DURATION,
        "networks": {"anyOf": [STRINGS, {"type": "object"}]},
        "profiles": STRINGS,
    },
}
NAME = "^[a-zA-Z0-9._-]+$"
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "patternProperties": {NAME: SERVICE}, "additionalProperties": False},
        "volumes": {
            "type": "object",
            "patternProperties": {NAME: {"type": ["object", "null"]}},
            "additionalProperties": False,
        },
        "networks": {"type": "object"},
    },
}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_it_keeps_to_the_schema(compose):
    errors = Draft202012Validator(SCHEMA).iter_errors(compose)
    assert not [f"{'/'.join(map(str, error.path))}: {error.message}" for error in errors]


def test_what_it_mentions_exists(compose):
    services, volumes = compose["services"], compose.get("volumes", {})
    for service in services.values():
        assert set(service.get("depends_on", [])) <= services.keys()
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in volumes or (source.startswith("./") and (ROOT / source).exists())


def test_the_product_is_whole(compose):
    assert {"web", "worker", "beat", "sequencer", "postgres", "redis"} <= compose["services"].keys()


def test_postgres_is_the_launchers(compose):
    postgres = compose["services"]["postgres"]
    assert re.fullmatch(r"postgres:18(\.\d+)?(-\w+)?", postgres["image"])
    assert postgres["environment"]["POSTGRES_INITDB_ARGS"] == "--locale-provider=builtin --locale=C.UTF-8"
    assert any(mount.endswith(":/var/lib/postgresql") for mount in postgres["volumes"])
    assert any("roles.sql" in mount for mount in postgres["volumes"])


def test_no_secret_stands_in_it(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEYS|SEED|_URL$", name) and name != "TONGDIAN_BASE_URL":
                assert "${" in str(value), name


def test_the_logs_seed_is_the_sequencers_alone_and_its_memory_is_no_part_of_the_data(compose):
    holders = {
        name
        for name, service in compose["services"].items()
        if "TONGDIAN_LEDGER_SEED" in service.get("environment", {})
    }
    assert holders == {"sequencer"}
    state = compose["services"]["sequencer"]["environment"]["TONGDIAN_LEDGER_STATE"]
    kept = [mount.split(":") for mount in compose["services"]["sequencer"]["volumes"]]
    assert [source for source, place in kept if state.startswith(f"{place}/")] == ["ledger"]
