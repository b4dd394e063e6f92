"""Field work: appointments, tasks taken along, the order of a day."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import workflow.models.case

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0010_event_found_by_leaf"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("offered", models.JSONField(default=list)),
                ("offered_at", models.DateTimeField()),
                ("offered_number", models.PositiveIntegerField()),
                ("from_at", models.DateTimeField(null=True)),
                ("to_at", models.DateTimeField(null=True)),
                ("agreed_number", models.PositiveIntegerField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "standing"),
                            ("customer", "missed by the customer"),
                            ("utility", "missed by us"),
                            ("replaced", "replaced by new times"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_number", models.PositiveIntegerField(null=True)),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="workflow.task",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "")),
                        fields=["from_at"],
                        name="appointment_standing_from",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")), fields=("task",), name="appointment_one_standing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_at", None), ("to_at", None)),
                            ("from_at__lt", models.F("to_at")),
                            _connector="OR",
                        ),
                        name="appointment_from_before_to",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "tasks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="day_orders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="dayorder_user_day")],
            },
        ),
        migrations.CreateModel(
            name="TakenAlong",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "device",
                    models.CharField(
                        blank=True, default="", help_text="salted key, never the device's own", max_length=64
                    ),
                ),
                ("nonce_at", models.DateTimeField()),
                ("nonce_number", models.PositiveIntegerField(help_text="its event in the case's stream")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "taken along"),
                            ("done", "synchronised"),
                            ("handed_back", "handed back"),
                            ("other_hands", "given into other hands"),
                            ("again", "taken along anew"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_along",
                        to="workflow.task",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_along",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("task",), name="takenalong_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_because", "")),
                            models.Q(
                                ("closed_at__isnull", False), models.Q(("closed_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="takenalong_closed_because",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "field.sql").read_text(encoding="utf-8"),
            (SQL / "unfield.sql").read_text(encoding="utf-8"),
        ),
    ]
