"""State equals stage, facts are never changed, history tables are watched."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_applications"), ("workflow", "0002_guards")]

    operations = [migrations.RunSQL(read("guards.sql"), read("unguard.sql"))]
