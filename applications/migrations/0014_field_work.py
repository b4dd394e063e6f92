"""Field work: what to look at on site, what came from a device too late."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import staff.fields
import workflow.models.case

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0013_projects"),
        ("workflow", "0011_field_work"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalVisitItem",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("fact", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=40)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "supply_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        blank=True,
                        default=list,
                        help_text="empty = all",
                        size=None,
                    ),
                ),
                ("in_force", models.BooleanField(default=True)),
                ("source", models.CharField(max_length=300)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("A", "official page"),
                            ("B", "copy of an official document, to be checked"),
                            ("C", "secondary page, to be checked"),
                            ("D", "system record, not a rule"),
                            ("U", "unverified"),
                            ("X", "own rule of this bureau"),
                        ],
                        max_length=1,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical visit item",
                "verbose_name_plural": "historical visit items",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="VisitItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("fact", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=40)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "supply_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        blank=True,
                        default=list,
                        help_text="empty = all",
                        size=None,
                    ),
                ),
                ("in_force", models.BooleanField(default=True)),
                ("source", models.CharField(max_length=300)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("A", "official page"),
                            ("B", "copy of an official document, to be checked"),
                            ("C", "secondary page, to be checked"),
                            ("D", "system record, not a rule"),
                            ("U", "unverified"),
                            ("X", "own rule of this bureau"),
                        ],
                        max_length=1,
                    ),
                ),
            ],
            options={
                "ordering": ["fact", "order"],
                "constraints": [models.UniqueConstraint(fields=("fact", "code"), name="visititem_fact_code")],
            },
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=40)),
                ("body", staff.fields.EncryptedTextField()),
                ("reason", models.CharField(help_text="code of why it was not recorded", max_length=12)),
                ("captured_at", models.DateTimeField(null=True)),
                ("kept_at", models.DateTimeField(help_text="when it came, by the database's clock")),
                ("kept_number", models.PositiveIntegerField(help_text="its event in the case's stream")),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_number", models.PositiveIntegerField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="captures",
                        to="applications.application",
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("photos", models.ManyToManyField(related_name="+", to="applications.document")),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="captures",
                        to="workflow.takenalong",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["application"],
                        name="capture_unsettled",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("taken", "act", "key"), name="capture_once")],
            },
        ),
        migrations.RunSQL(
            (SQL / "field.sql").read_text(encoding="utf-8"),
            (SQL / "unfield.sql").read_text(encoding="utf-8"),
        ),
    ]
