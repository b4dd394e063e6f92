"""An index for the limits newly missed: a board reads those of some days, not all there ever were."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0014_field_work"),
        ("workflow", "0007_ladders"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX board_missed ON workflow_deadlinerung (due_at DESC, id) WHERE rung = 'missed'",
            "DROP INDEX board_missed",
        ),
    ]
