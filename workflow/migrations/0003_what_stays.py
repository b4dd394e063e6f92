"""Pauses, holders, tasks, clocks and accesses stay; an event's columns hold nothing its header does not seal."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_guards")]

    operations = [
        migrations.RunSQL(
            (SQL / "stay.sql").read_text(encoding="utf-8"), (SQL / "unstay.sql").read_text(encoding="utf-8")
        ),
    ]
