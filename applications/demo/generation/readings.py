"""Reading what COPY wrote: which columns name rows, what is encrypted, how days and moments are written."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from django.apps import apps
from django.db import models
from django.utils import timezone

from staff.encryption import decrypt
from staff.fields import EncryptedTextField


@cache
def all_models() -> dict[str, type[models.Model]]:
    """Every model by its table."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@cache
def key_of(table: str) -> str | None:
    """The column of the primary key, if it is one column."""
    model = all_models().get(table)
    key = model._meta.pk if model else None
    return key.column if isinstance(key, models.Field) and hasattr(key, "column") and key.column else None


@cache
def roles_of(table: str) -> dict[str, str]:
    """Of each column that names a row, which table's; `hidden` of an encrypted one."""
    model = all_models()[table]
    found: dict[str, str] = {}
    for one in model._meta.concrete_fields:
        if isinstance(one, EncryptedTextField):
            found[str(one.column)] = "hidden"
        elif one.remote_field and isinstance(one, models.ForeignKey):
            found[str(one.column)] = one.related_model._meta.db_table
        elif one.primary_key:
            found[str(one.column)] = table
        elif one.column == "id" and "_historical" in table:
            found["id"] = table.replace("historical", "")
    return found


@cache
def hidden_of(table: str) -> dict[str, EncryptedTextField]:
    """The encrypted columns of a table."""
    return {
        str(one.column): one
        for one in all_models()[table]._meta.concrete_fields
        if isinstance(one, EncryptedTextField)
    }


def shown(table: str, column: str, value: str) -> str:
    """What an encrypted field says."""
    return decrypt(bytes.fromhex(value.removeprefix(r"\\x")), hidden_of(table)[column].context)


def unescaped(value: str) -> str:
    """A field without the escapes of COPY."""
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), value)


def moment_of(value: str) -> dt.datetime:
    """The moment, in UTC."""
    return dt.datetime.fromisoformat(value).astimezone(dt.UTC)


def shape_of(value: str) -> str:
    """How it is written: by the database, in a header, or by Python with its own offset."""
    if " " in value:
        return "pg"
    if value.endswith("Z"):
        return "header"
    return "local" if value.endswith("+08:00") else "utc"


def day_of(value: str) -> dt.date:
    """The day."""
    if "年" in value:
        return dt.date(*map(int, re.findall(r"\d+", value)[:3]))
    return dt.date.fromisoformat(value)


def minute_of(value: str) -> dt.datetime:
    """The minute that is written out."""
    hour, minute = map(int, value[-5:].split(":"))
    return timezone.make_aware(dt.datetime.combine(day_of(value), dt.time(hour, minute))).astimezone(dt.UTC)


def on_time(moment: dt.datetime) -> bool:
    """Whether it is a closing hour, or the second after one: nobody acts so punctually."""
    return moment.microsecond == 0 and moment.second in (0, 1)
