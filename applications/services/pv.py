"""Distributed PV: what the grid can take in (消纳) is assessed, the project's filing (备案) recorded."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Filing, Hosting, PvParticulars
from applications.services.facts import base, recording, said, split
from staff.models import User
from workflow.transitions import Done


def assess_hosting(application: Application, *, by: User, **given: Any) -> Done:
    """消纳: how much of the plant fits, at which asset, as of when."""
    how, fields, confirmed = split(given)
    data = said(fields, "result", "open_kwp", "as_of_date") | confirmed
    with recording(application, "assess_hosting", by, how, data, **fields) as a:
        Hosting.objects.create(**base(a, application), **fields)
    return a.done


def record_filing(application: Application, *, by: User, **given: Any) -> Done:
    """备案: its number, who filed it, on which day. The number becomes the plant's own."""
    how, fields, _confirmed = split(given)
    data = said(fields, "filer", "filed_date")
    with recording(application, "record_filing", by, how, data, **fields) as a:
        Filing.objects.create(**base(a, application), **fields)
        PvParticulars.objects.filter(application=application).update(
            filing_no=fields["number"], filer=fields["filer"]
        )
    return a.done
