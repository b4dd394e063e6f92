"""Every kind of event has its sentence, and no sentence is left over."""

import pytest
from django.template.loader import get_template

from tests.repository.source import ROOT
from workflow import actions

SENTENCES = ROOT / "templates" / "events"


def test_every_event_kind_has_a_sentence():
    kinds = actions.all_event_kinds()
    if not kinds:
        pytest.skip("no actions are registered")
    assert not [kind for kind in sorted(kinds) if not (SENTENCES / f"{kind}.html").exists()]


def test_no_sentence_is_left_over():
    known = actions.all_event_kinds()
    written = {path.stem for path in SENTENCES.glob("*.html") if not path.stem.startswith("_")}
    assert written <= known


def test_sentences_are_templates():
    for path in sorted(SENTENCES.glob("*.html")):
        get_template(f"events/{path.name}")
