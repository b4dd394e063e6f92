"""Boards: what they read, kept by triggers; the log of supervision; monthly reports as issued."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import staff.fields
import workflow.models.case

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_desk"),
        ("staff", "0005_departments_competences"),
        ("workflow", "0007_ladders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardCase",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="on_board",
                        serialize=False,
                        to="workflow.case",
                    ),
                ),
                ("stage", models.CharField(max_length=16)),
                ("category", models.CharField(max_length=24)),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("outward_due_at", models.DateTimeField(null=True)),
                ("stands", models.BooleanField()),
                ("stands_since", models.DateTimeField(null=True)),
                ("cause", models.CharField(max_length=12)),
                ("competence", models.CharField(max_length=24)),
                ("waits_since", models.DateTimeField()),
                ("limit_id", models.BigIntegerField(null=True)),
                ("task_office_id", models.BigIntegerField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.office",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="workflow.task",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BoardTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measure", models.CharField(max_length=8)),
                ("key", models.CharField(max_length=40)),
                ("category", models.CharField(max_length=24)),
                ("from_date", models.DateField(null=True)),
                ("to_date", models.DateField()),
                ("n", models.IntegerField()),
                ("folded", models.BooleanField()),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.office",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MonthlyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="its first day")),
                ("as_of", models.DateTimeField()),
                ("body", models.TextField(help_text="canonical JSON")),
                ("digest", models.CharField(max_length=64)),
                (
                    "number",
                    models.PositiveIntegerField(help_text="number of its event in the office's stream"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.office"
                    ),
                ),
            ],
            options={
                "ordering": ["-month", "-as_of"],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "Looked into"), ("hurried", "Hurried")], max_length=8
                    ),
                ),
                (
                    "reason",
                    staff.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="What is to be done, and why"
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="number of its event in the case's stream")),
                ("answer_by", models.DateField(null=True, verbose_name="Answer by")),
                ("answer", staff.fields.EncryptedTextField(blank=True, default="", verbose_name="Answer")),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_number", models.PositiveIntegerField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisions",
                        to="workflow.case",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.office"
                    ),
                ),
            ],
            options={
                "ordering": ["-ordered_at"],
            },
        ),
        migrations.AddIndex(
            model_name="boardcase",
            index=models.Index(
                fields=["office", "stage"],
                include=(
                    "due_at",
                    "outward_due_at",
                    "stands",
                    "stands_since",
                    "cause",
                    "competence",
                    "waits_since",
                    "task_office_id",
                    "category",
                ),
                name="boardcase_figures",
            ),
        ),
        migrations.AddIndex(
            model_name="boardcase",
            index=models.Index(fields=["due_at"], include=("office", "category"), name="boardcase_next"),
        ),
        migrations.AddIndex(
            model_name="boardcase",
            index=models.Index(fields=["since"], include=("office", "category"), name="boardcase_oldest"),
        ),
        migrations.AddIndex(
            model_name="boardcase",
            index=models.Index(
                condition=models.Q(("outward_due_at__isnull", False)),
                fields=["outward_due_at"],
                include=("office", "category"),
                name="boardcase_outward",
            ),
        ),
        migrations.AddIndex(
            model_name="boardtally",
            index=models.Index(
                fields=["measure", "to_date"],
                include=("key", "office", "category", "from_date", "n"),
                name="boardtally_days",
            ),
        ),
        migrations.AddIndex(
            model_name="boardtally",
            index=models.Index(
                condition=models.Q(("folded", False)), fields=["id"], name="boardtally_unfolded"
            ),
        ),
        migrations.AddIndex(
            model_name="monthlyreport",
            index=models.Index(fields=["office", "-month"], name="monthlyreport_office"),
        ),
        migrations.AddIndex(
            model_name="supervision",
            index=models.Index(fields=["office", "-ordered_at"], name="supervision_office"),
        ),
        migrations.AddIndex(
            model_name="supervision",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("kind", "hurried")),
                fields=["case"],
                name="supervision_unanswered",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="supervision_case_number"),
        ),
        migrations.RunSQL(
            (SQL / "board.sql").read_text(encoding="utf-8"),
            (SQL / "unboard.sql").read_text(encoding="utf-8"),
        ),
    ]
