"""By what a case is found: keyed fingerprints of names, pieces of names and places, initials, phones, numbers.

Names and addresses are stored encrypted, so the database can't search in them. Each text is cut into pieces, each piece becomes a keyed
hash of 64 bits, and a case has one sorted row of them under one GIN index: whatever is typed into the box is the same index scan.
From the hashes nobody reads a name back; that two cases share a piece shows, as it does with every blind index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from pypinyin import Style, pinyin

from staff.encryption import blind_index

PURPOSE = "find"
READINGS = 8
"""How many readings of one name are kept: 单 is Shan as a surname and dan elsewhere, and most names have one."""
LONGEST = 80
SHORTEST_END, LONGEST_END = 3, 8
"""A number is found by this many of its last characters, or whole."""
PHONE, TAIL = 11, 4

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LETTERS = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"(?=.*\d)[a-z0-9]+")


def bare(text: str) -> str:
    """A text as it is compared: width, case, spaces and punctuation make no difference."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()[:LONGEST]


def term(kind: str, text: str) -> int:
    """The fingerprint of one piece, as PostgreSQL's bigint."""
    return int.from_bytes(bytes.fromhex(blind_index(f"{kind}\0{text}", PURPOSE)[:16]), "big", signed=True)


def name_terms(name: str) -> set[int]:
    """A person's or organisation's name: whole, in pieces, by its first character, by initials, by pinyin."""
    plain = bare(name)
    if not plain:
        return set()
    found = {term("name=", plain), term("name^", plain[0])} | _pieces("name", plain, (2, 3))
    syllables = [[reading for reading in one if _LETTERS.fullmatch(reading)] or [plain[n : n + 1]]
                 for n, one in enumerate(_readings(plain))]  # fmt: skip
    for spoken in islice(product(*syllables), READINGS):
        initials = "".join(syllable[0] for syllable in spoken)
        found |= {term("py=", initials)} | _pieces("py", initials, (2, 3))
        found |= {term("full=", "".join(spoken[:end])) for end in range(1, min(len(spoken), 4) + 1)}
    return found


def place_terms(place: str) -> set[int]:
    """An address: whole and in pieces."""
    plain = bare(place)
    return ({term("place=", plain)} | _pieces("place", plain, (2, 3))) if plain else set()


def phone_terms(phone: str) -> set[int]:
    """A phone: whole and by its last four digits."""
    digits = bare(phone)
    return {term("phone=", digits), term("tail=", digits[-TAIL:])} if digits else set()


def whole_number_terms(number: str | None) -> set[int]:
    """A number many cases share: whole alone, since its end would bury the one case that ends so."""
    return {term("no=", plain)} if (plain := bare(number or "")) else set()


def number_terms(number: str | None) -> set[int]:
    """A case's, an account's or another system's number: whole and by its end."""
    plain = bare(number or "")
    ends = {plain[-n:] for n in range(SHORTEST_END, min(LONGEST_END, len(plain)) + 1)}
    return {term("no=", text) for text in {plain, *ends} if text}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: each alternative is a set of terms that all have to be there."""

    alternatives: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as terms: the whole as one word, or else every word; what makes a hit a good one comes with a weight."""

    ways: tuple[tuple[Word, ...], ...]
    weights: tuple[tuple[int, int], ...]


def asked(text: str) -> Asked:
    """Read what somebody typed into the box: a number, a name, initials, a phone's end, a place, or several of them with spaces between."""
    words = [word for word in map(bare, text.split()) if word]
    whole = "".join(words)
    ways: list[tuple[Word, ...]] = (
        [(Word(alternatives),)] if (alternatives := tuple(_alternatives(whole))) else []
    )
    if len(words) > 1:
        several = [Word(found) for word in words if (found := tuple(_alternatives(word)))]
        if several:
            ways.append(tuple(several))
    return Asked(tuple(ways), tuple(_weights(dict.fromkeys([whole, *words]))))


def _alternatives(word: str) -> Iterator[tuple[int, ...]]:
    if len(word) == 1 and _CHINESE.match(word):
        yield (term("name^", word),)
    if len(word) < 2:
        return
    yield _needed("place", word)
    if _LETTERS.fullmatch(word):
        yield _needed("py", word)
        yield (term("full=", word),)
    if _CHINESE.search(word) or _LETTERS.search(word):
        yield _needed("name", word)
    if _NUMBER.fullmatch(word) and len(word) >= SHORTEST_END:
        yield (term("no=", word),)
    if word.isdigit() and len(word) == TAIL:
        yield (term("tail=", word),)
    if word.isdigit() and len(word) == PHONE:
        yield (term("phone=", word),)


def _weights(words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Whole beats piece: a number before a name, a name before initials, initials before a place."""
    for word in words:
        yield from ((term("no=", word), 64), (term("phone=", word), 64), (term("name=", word), 32), (term("py=", word), 16),
                    (term("place=", word), 16), (term("full=", word), 8), (term("tail=", word), 4), (term("name^", word[:1]), 2))  # fmt: skip


def _needed(kind: str, word: str) -> tuple[int, ...]:
    """The longest pieces say most; a word of two characters has but one."""
    return tuple(sorted(_pieces(kind, word, (3 if len(word) > 2 else 2,))))


def _pieces(kind: str, text: str, lengths: Iterable[int]) -> set[int]:
    cut = {text[n : n + length] for length in lengths for n in range(len(text) - length + 1)}
    return {term(kind, piece) for piece in cut}


def _readings(text: str) -> list[list[str]]:
    """The readings of every character; what is no Chinese reads as itself."""
    read: list[list[str]] = pinyin(text, style=Style.NORMAL, heteronym=True, errors=list)  # type: ignore[arg-type]
    return read if len(read) == len(text) else [[character] for character in text]
