"""The seal, the guards, the watch over staff and history tables, the rules' stamp, the number sequence."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_spine")]

    operations = [
        migrations.RunSQL(read("seal.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(read("guards.sql"), read("unguard.sql")),
        migrations.RunSQL(read("watch.sql"), read("unwatch.sql")),
        migrations.RunSQL(read("stamp.sql"), read("unstamp.sql")),
        migrations.RunSQL(
            "CREATE SEQUENCE workflow_case_no_seq CYCLE MINVALUE 1 MAXVALUE 999999",
            "DROP SEQUENCE workflow_case_no_seq",
        ),
    ]
