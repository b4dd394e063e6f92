"""The queue to the public log, filled by the event trigger; what was sealed before waits in it in order."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("workflow", "0008_waiting_for_third_parties")]

    operations = [
        migrations.CreateModel(
            name="LedgerQueue",
            fields=[
                ("qid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stream", models.CharField(max_length=120)),
                ("number", models.PositiveIntegerField()),
                ("leaf_hash", models.BinaryField()),
                (
                    "queued_at",
                    models.DateTimeField(
                        help_text="the server's own clock, also where a demo shifts its time"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            (SQL / "queue.sql").read_text(encoding="utf-8"), (SQL / "unqueue.sql").read_text(encoding="utf-8")
        ),
    ]
