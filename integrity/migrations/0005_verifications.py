"""Verifications auditors ask for: what each covers, how far it is, what it found."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import workflow.models.case


class Migration(migrations.Migration):
    dependencies = [
        ("integrity", "0004_ledger"),
        ("workflow", "0010_event_found_by_leaf"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("all", "The whole log"), ("case", "One case"), ("days", "A span of days")],
                        max_length=4,
                    ),
                ),
                ("since_date", models.DateField(null=True)),
                ("until_date", models.DateField(null=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("touched_at", models.DateTimeField(help_text="the worker's last sign of life", null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("doing", models.CharField(blank=True, default="", max_length=12)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
                ("summary", models.JSONField(default=dict)),
                (
                    "trouble",
                    models.CharField(
                        default="",
                        help_text="why it could not be carried out; empty otherwise",
                        max_length=200,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.case",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", False), ("scope", "case")),
                            models.Q(("case__isnull", True), models.Q(("scope", "case"), _negated=True)),
                            _connector="OR",
                        ),
                        name="verification_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope", "days"), _negated=True),
                            ("since_date__lte", models.F("until_date")),
                            _connector="OR",
                        ),
                        name="verification_days",
                    ),
                ],
            },
        ),
    ]
