"""The papers of a list in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from applications.checklists import Checklist, deferred_until
from publicity.selectors.sources import in_english, source_words


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of my list. `until` is the stage by which a paper that may follow has to be there."""

    name: str
    form: str
    issued_by: str
    mandatory: bool
    may_defer: bool
    until: str
    shared: bool
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where some of the papers are asked for, with the sign by which they refer to it."""

    sign: str
    words: str


SIGNS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"


def papers_of(found: Checklist) -> tuple[list[Paper], list[Source]]:
    """The list's items as a customer reads them, and their sources, each written once."""
    english = in_english()
    sources: dict[str, str] = {}
    papers = []
    for item in found.items:
        words = source_words(item.grade, item.source)
        sign = sources.setdefault(words, SIGNS[min(len(sources), len(SIGNS) - 1)])
        papers.append(
            Paper(
                name=item.name,
                form=item.form_en if english else item.form_zh,
                issued_by=item.issued_by_en if english else item.issued_by_zh,
                mandatory=item.mandatory,
                may_defer=item.may_defer,
                until=deferred_until(item),
                shared=item.obtainable_by_sharing,
                note=sign,
            )
        )
    return papers, [Source(sign, words) for words, sign in sources.items()]
