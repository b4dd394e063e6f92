"""Forms with rows: one of each at first, more by a button that posts the form back. Works without JavaScript; htmx only spares the reload.

The first row's fields have their plain names (`line`), those of further rows a number (`line__2`): what needs one row looks like any form.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from applications.forms.act import ActForm

MORE, LESS = "more", "less"


@dataclass(frozen=True)
class Group:
    """A kind of row: its fields, what a row and the button are called, how many there may be.

    `asked_of_one`: fields asked even where there is one row alone; the others come with the second. `offered`: whether there may be more.
    """

    name: str
    title: Any
    add: Any
    fields: Mapping[str, forms.Field]
    most: int = 8
    asked_of_one: frozenset[str] = frozenset()
    offered: bool = True


@dataclass
class Section:
    """A part of the form as it is shown."""

    title: str
    fields: list[forms.BoundField]
    number: int = 0
    remove: str = ""
    add: str = ""
    add_label: str = ""
    hint: str = ""


def at_row(name: str, number: int) -> str:
    """The name of a field in a row."""
    return name if number == 1 else f"{name}__{number}"


def place(said: Any, otherwise: int = 1) -> int:
    """A row's number as a browser, or anybody, sent it."""
    return int(said) if re.fullmatch(r"[0-9]{1,2}", str(said)) else otherwise


class RowsForm(ActForm):
    """An act's form of which some parts repeat. `rows(group, data)` gives them as a list."""

    counts: dict[str, int]
    row_groups: dict[str, Group]

    def groups(self) -> list[Group]:
        """The kinds of rows, in order."""
        return []

    def plan(self) -> list[tuple[str, list[str]]]:
        """Sections between the rows: a title with field names, or `*source` for the rows of a group."""
        return []

    def add_rows(self) -> None:
        """Make the fields of every row there is. Called by `prepare`."""
        self.counts = {group.name: self._count(group) for group in self.groups()}
        self.row_groups = {
            group.name: group for group in self.groups()
        }  # asked again: rows offer each other as choices
        for group in self.row_groups.values():
            count = self.counts[group.name]
            self.fields[f"{group.name}_rows"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=count, min_value=1, max_value=group.most
            )
            self.initial[f"{group.name}_rows"] = count
            for number in range(1, count + 1):
                for name, row_field in group.fields.items():
                    if count > 1 or name in group.asked_of_one:
                        self.fields[at_row(name, number)] = copy.deepcopy(row_field)

    def _count(self, group: Group) -> int:
        said = self.data.get(self.add_prefix(f"{group.name}_rows")) if self.is_bound else None
        said = said if said is not None else self.initial.get(f"{group.name}_rows")
        named = [1]
        for name in self.data if self.is_bound else self.initial:
            found = re.fullmatch(r"(\w+?)__([0-9]{1,2})", name)
            if found and found[1] in group.fields:
                named.append(int(found[2]))
        return min(max(place(said), *named), group.most)

    def rows(self, group: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of a group, as far as they are well shaped."""
        names = self.row_groups[group].fields
        return [
            {name: data.get(at_row(name, number)) for name in names if at_row(name, number) in self.fields}
            for number in range(1, self.counts[group] + 1)
        ]

    def without_rows(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is left of the data once the rows are taken out."""
        groups = self.row_groups.values()
        flat = {at_row(n, i) for g in groups for n in g.fields for i in range(1, self.counts[g.name] + 1)}
        flat |= {f"{g.name}_rows" for g in groups}
        return {name: value for name, value in data.items() if name not in flat}

    # --- a row more, a row less ----------------------------------------------------------------------------------

    def again(self) -> RowsForm | None:
        """The form with a row more or less and everything typed kept, where that is what was pressed; nothing is checked yet."""
        if not self.is_bound or not (self.data.get(MORE) or self.data.get(LESS)):
            return None
        typed = self._typed()
        if name := self.data.get(MORE):
            typed = self._one_more(str(name), typed)
        else:
            name, _colon, number = str(self.data.get(LESS)).partition(":")
            typed = self._one_less(name, place(number, otherwise=0), typed)
        version = typed.get("version") or None
        return type(self)(application=self.application, user=self.user, initial=typed | {"version": version})

    def _typed(self) -> dict[str, Any]:
        return {
            name: row_field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, row_field in self.fields.items()
        }

    def _one_more(self, name: str, typed: dict[str, Any]) -> dict[str, Any]:
        group = self.row_groups.get(name)
        if group is None:
            return typed
        count = min(self.counts[name] + 1, group.most)
        return typed | self.fresh_row(name, count) | {f"{name}_rows": count}

    def fresh_row(self, group: str, number: int) -> dict[str, Any]:
        """What a new row starts with."""
        return {}

    def _one_less(self, name: str, gone: int, typed: dict[str, Any]) -> dict[str, Any]:
        group = self.row_groups.get(name)
        if group is None or not 1 <= gone <= self.counts[name] or self.counts[name] == 1:
            return typed
        last = self.counts[name]
        for row_name in group.fields:
            for number in range(gone, last):
                typed[at_row(row_name, number)] = typed.get(at_row(row_name, number + 1))
            typed.pop(at_row(row_name, last), None)
        return self.without_row(name, gone, typed) | {f"{name}_rows": last - 1}

    def without_row(self, group: str, gone: int, typed: dict[str, Any]) -> dict[str, Any]:
        """What else changes when a row goes: others may have named it by its number."""
        return typed

    # --- as it is shown ------------------------------------------------------------------------------------------

    @property
    def sections(self) -> list[Section]:
        """The form in parts, rows numbered, each group with its button."""
        shown: list[Section] = []
        placed: set[str] = set()
        for title, names in self.plan():
            if title.startswith("*"):
                shown += self._row_sections(title[1:])
                continue
            bound = [self[name] for name in names if name in self.fields]
            if bound:
                shown.append(Section(title, bound))
            placed |= set(names)
        placed |= {field.name for section in shown for field in section.fields}
        rest = [bound for bound in self.visible_fields() if bound.name not in placed]
        if rest:
            shown.append(Section("", rest))
        return shown

    def _row_sections(self, name: str) -> list[Section]:
        group, count = self.row_groups[name], self.counts[name]
        found = []
        for number in range(1, count + 1):
            names = [at_row(n, number) for n in group.fields if at_row(n, number) in self.fields]
            title = f"{group.title} {number}" if count > 1 else str(group.title)
            removal = f"{name}:{number}" if count > 1 else ""
            found.append(Section(title, [self[n] for n in names], number=number, remove=removal))
        if group.offered and count < group.most:
            found[-1].add, found[-1].add_label = name, str(group.add)
        return [section for section in found if section.fields or section.add]
