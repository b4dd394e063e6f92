"""The import contract covers every module; `./tongdian check` runs it."""

from configparser import ConfigParser

import pytest

from tests.repository.source import APPS, PRODUCT, ROOT


@pytest.fixture(scope="module")
def contracts():
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def test_every_package_is_under_the_contract(contracts):
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert set(contracts["importlinter"]["root_packages"].split()) == packages == set(PRODUCT)


@pytest.mark.parametrize("app", APPS)
def test_every_app_has_an_exhaustive_contract_of_its_layers(contracts, app):
    section = contracts[f"importlinter:contract:{app}"]
    assert section["containers"].split() == [app]
    assert section["exhaustive"] == "true"
