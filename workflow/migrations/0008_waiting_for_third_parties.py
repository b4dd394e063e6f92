"""A task may wait for a third party: a neighbour, a property manager, another utility."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0007_ladders"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="wait_cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not stated"),
                    ("staff", "our own hands"),
                    ("sign_off", "sign-off by others"),
                    ("grid_works", "grid supporting works"),
                    ("outage_plan", "outage plan"),
                    ("material", "material and meters"),
                    ("customer", "customer"),
                    ("government", "government"),
                    ("third_party", "a third party"),
                ],
                default="",
                max_length=12,
            ),
        ),
    ]
