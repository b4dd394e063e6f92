"""Message catalogues without gettext's programs, which a bare machine lacks: Babel reads and compiles them.

An app owns the strings of its Python files and of templates/<app>/; everything else (shared templates,
config) belongs to the top-level locale/. Msgids are English; zh_Hans translates every one of them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.env import BASE_DIR

LOCALE = "zh_Hans"
APPS = ("staff", "workflow", "applications", "publicity", "integrity")
SHARED = "shared"
OWNERS = (SHARED, *APPS)

_ONE = ("_", "gettext", "gettext_lazy", "gettext_noop")
_MANY = ("ngettext", "ngettext_lazy")
KEYWORDS = {
    **dict.fromkeys(_ONE),
    **dict.fromkeys(_MANY, (1, 2)),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

OPTIONS = {"encoding": "utf-8"}

HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Tongdian\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@dataclass(frozen=True)
class Source:
    """One file with strings, and how to read it."""

    path: Path
    is_template: bool

    def messages(self) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
        """Line, msgid (a pair for plurals) and context of each string."""
        text = self.path.read_text(encoding="utf-8")
        return strings_of_template(text) if self.is_template else strings_of_python(text)


def strings_of_template(text: str) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """A template's strings: Django turns it into Python calls in blotted text, whose indentation means nothing."""
    return strings_of_python("\n".join(line.lstrip() for line in templatize(text).split("\n")))


def strings_of_python(text: str) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """A Python file's strings."""
    for line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS, (), OPTIONS):
        yield line, message, context


def _python_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def _templates(folder: Path, *, below: bool) -> Iterator[Path]:
    found = sorted(folder.rglob("*") if below else folder.glob("*"))
    return (path for path in found if path.suffix in {".html", ".txt", ".svg"})


def sources(owner: str) -> Iterator[Source]:
    """The files whose strings `owner` translates."""
    templates = BASE_DIR / "templates"
    if owner != SHARED:
        yield from (Source(path, is_template=False) for path in _python_files(BASE_DIR / owner))
        yield from (Source(path, is_template=True) for path in _templates(templates / owner, below=True))
        return
    yield from (Source(path, is_template=False) for path in _python_files(BASE_DIR / "config"))
    yield from (Source(path, is_template=True) for path in _templates(templates, below=False))
    for folder in sorted(templates.glob("*/")):
        if folder.name not in APPS:
            yield from (Source(path, is_template=True) for path in _templates(folder, below=True))


def catalogue_path(owner: str) -> Path:
    """Where the catalogue of `owner` stands."""
    base = BASE_DIR if owner == SHARED else BASE_DIR / owner
    return base / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def extracted(owner: str) -> Catalog:
    """All strings of `owner` as they stand in its files, untranslated."""
    catalogue = Catalog(locale=LOCALE)
    for source in sources(owner):
        name = str(source.path.relative_to(BASE_DIR))
        for line, message, context in source.messages():
            catalogue.add(message, None, [(name, line)], context=context)
    return catalogue


def stored(owner: str) -> Catalog:
    """The catalogue of `owner` as it stands in its file; empty if there is none."""
    path = catalogue_path(owner)
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def update(owner: str) -> list[str]:
    """Merge the strings of `owner` into its catalogue; returns the msgids still without translation."""
    catalogue = stored(owner)
    catalogue.update(extracted(owner), no_fuzzy_matching=True)
    missing = [str(message.id) for message in catalogue if message.id and not message.string]
    path = catalogue_path(owner)
    if len(catalogue) or path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        body = BytesIO()
        write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
        path.write_text(HEADER + body.getvalue().decode(), encoding="utf-8")
    return missing


def untranslated() -> list[str]:
    """`owner: msgid` for every string in code or template that no catalogue translates."""
    known = {
        (message.context, message.id)
        for owner in OWNERS
        for message in stored(owner)
        if message.string and not message.fuzzy
    }
    return [
        f"{owner}: {message.id}"
        for owner in OWNERS
        for message in extracted(owner)
        if message.id and (message.context, message.id) not in known
    ]


def compile_stale() -> int:
    """Compile every catalogue newer than its .mo; returns how many. Safe to run side by side."""
    done = 0
    for owner in OWNERS:
        source = catalogue_path(owner)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        scratch = target.with_name(f".{target.name}.{os.getpid()}")
        with scratch.open("wb") as file:
            write_mo(file, stored(owner))
        scratch.replace(target)
        done += 1
    return done
