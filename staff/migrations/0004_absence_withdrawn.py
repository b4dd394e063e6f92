"""An absence that has not begun can be withdrawn; one that has begun is cut short instead."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_competences"),
    ]

    operations = [
        migrations.AddField(
            model_name="absence",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Withdrawn at"),
        ),
        migrations.AddField(
            model_name="historicalabsence",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Withdrawn at"),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (withdrawn_at) ON staff_absence TO tongdian_app",
            "REVOKE UPDATE (withdrawn_at) ON staff_absence FROM tongdian_app",
        ),
    ]
