"""Whatever a person may read stands in Chinese too."""

import pytest

from config import catalogues


def test_every_string_is_translated():
    assert not catalogues.untranslated()


def test_one_string_has_one_translation():
    """Django puts all catalogues into one; where two differ, one of them is never seen. A context tells them apart."""
    found = {}
    for owner in catalogues.OWNERS:
        for message in catalogues.stored(owner):
            if message.id and message.string:
                found.setdefault((message.context, message.id), {})[owner] = message.string
    assert not {key: texts for key, texts in found.items() if len(set(map(str, texts.values()))) > 1}


#: Msgids whose Chinese may use more than the English does; the code passes it.
RICHER = {"%(day)s"}


@pytest.mark.parametrize("owner", catalogues.OWNERS)
def test_placeholders_survive_translation(owner):
    catalogue = catalogues.stored(owner)
    wrong = {
        str(message.id): [str(error) for error in message.check(catalogue)]
        for message in catalogue
        if message.id and message.string and message.python_format and message.id not in RICHER
    }
    assert not {msgid: errors for msgid, errors in wrong.items() if errors}


def test_extraction_sees_templates_and_code():
    text = '{% load i18n %}{% translate "Plain" %}{% blocktranslate %}With {{ name }}{% endblocktranslate %}'
    assert {"Plain", "With %(name)s"} <= _extracted(text)


def _extracted(text):
    return {message for _line, message, _context in catalogues.strings_of_template(text)}
