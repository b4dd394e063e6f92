"""A department's share of a fact has a longer name."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_what_stays")]

    operations = [
        migrations.AlterField(
            model_name="node",
            name="facts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), size=None
            ),
        ),
    ]
