"""Contacts to their end: closings that can be objected to, hand-ons, papers asked for; what an agent may do."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import staff.fields

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0004_absence_withdrawn"),
        ("workflow", "0004_longer_fact_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="caseaccess",
            name="powers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12),
                blank=True,
                default=list,
                help_text="what an agent may do; empty = all the principal may",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="asked_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                help_text="papers asked for, by item code",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="outcome_clause",
            field=models.CharField(blank=True, default="", help_text="clause of a refusal", max_length=40),
        ),
        migrations.AddField(
            model_name="persondata",
            name="address_index",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
        ),
        migrations.CreateModel(
            name="ContactClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("advice", "Answered as advice"), ("given_up", "Given up by the customer")],
                        max_length=16,
                    ),
                ),
                (
                    "reason",
                    staff.fields.EncryptedTextField(help_text="what was answered, in the clerk's words"),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "told_number",
                    models.PositiveIntegerField(help_text="number of its event in the case's stream"),
                ),
                ("takes_effect_at", models.DateTimeField()),
                ("objected_at", models.DateTimeField(null=True)),
                ("objected_number", models.PositiveIntegerField(null=True)),
                ("effective_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closings",
                        to="workflow.contact",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["told_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("effective_at", None), ("objected_at", None)),
                        fields=["takes_effect_at"],
                        name="contactclosing_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("effective_at", None), ("objected_at", None)),
                        fields=("contact",),
                        name="contactclosing_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("objected_at__isnull", True), ("effective_at__isnull", True), _connector="OR"
                        ),
                        name="contactclosing_one_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.PositiveSmallIntegerField(help_text="1 for the first time")),
                ("reason", staff.fields.EncryptedTextField()),
                ("handed_at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="number of its event in the case's stream")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_ons",
                        to="workflow.contact",
                    ),
                ),
                (
                    "from_office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.office"
                    ),
                ),
                (
                    "to_office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.office"
                    ),
                ),
            ],
            options={
                "ordering": ["nth"],
                "constraints": [models.UniqueConstraint(fields=("contact", "nth"), name="handon_nth")],
            },
        ),
        migrations.RunSQL(
            (SQL / "closing.sql").read_text(encoding="utf-8"),
            (SQL / "unclosing.sql").read_text(encoding="utf-8"),
        ),
    ]
