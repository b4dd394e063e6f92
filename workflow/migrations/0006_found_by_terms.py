"""By what a case is found: keyed terms, one row a case, under one index."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_contacts_to_their_end")]

    operations = [
        migrations.CreateModel(
            name="CaseTerms",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True,
                        related_name="found_by", serialize=False, to="workflow.case",
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["terms"], name="caseterms_terms")
                ],
            },
        ),
    ]  # fmt: skip
