"""A receipt's code is the beginning of its event's leaf hash: by this index the event is found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0009_ledger_queue")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("stream__startswith", "case:")),
                fields=["leaf_hash"],
                name="event_leaf_of_case",
            ),
        ),
    ]
