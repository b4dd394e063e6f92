"""Projects: many cases applied for at once, their units, papers and sheets."""

from pathlib import Path

import django.core.files.storage.filesystem
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import applications.models.project
import staff.fields
import workflow.models.case

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0012_works_fees_metering"),
        ("staff", "0005_departments_competences"),
        ("workflow", "0009_ledger_queue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("estate", "Residential estate: one meter a home"),
                            ("village_pv", "Village: a solar plant on each roof"),
                            ("charging", "Car park: charging points of an estate"),
                        ],
                        max_length=12,
                        verbose_name="What for",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name of the project")),
                ("organisation", models.CharField(max_length=80)),
                ("credit_code", models.CharField(blank=True, default="", max_length=18)),
                ("contact_name", staff.fields.EncryptedTextField()),
                ("phone", staff.fields.EncryptedTextField()),
                ("phone_index", models.CharField(db_index=True, max_length=64)),
                ("address", staff.fields.EncryptedTextField()),
                (
                    "earlier_date",
                    models.DateField(
                        help_text="the customer's answer: power was first asked for on that day", null=True
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflow.channel"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="staff.office",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="ProjectPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item_code", models.CharField(max_length=40)),
                (
                    "file",
                    models.FileField(
                        storage=django.core.files.storage.filesystem.FileSystemStorage,
                        upload_to=applications.models.project.paper_path,
                    ),
                ),
                ("original_name", staff.fields.EncryptedTextField(blank=True, default="")),
                ("media_type", models.CharField(max_length=60)),
                ("size", models.PositiveIntegerField()),
                ("pages", models.PositiveSmallIntegerField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("sm3", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="applications.project",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["received_at"],
            },
        ),
        migrations.CreateModel(
            name="ProjectSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="applications.project",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at"],
            },
        ),
        migrations.CreateModel(
            name="ProjectUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=40)),
                ("place", models.PositiveIntegerField(help_text="order in the sheet")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit",
                        to="applications.application",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="SheetRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="row as the spreadsheet counts it")),
                ("label", models.CharField(max_length=40)),
                (
                    "cells_text",
                    staff.fields.EncryptedTextField(
                        blank=True, default="", help_text="emptied once the row is done"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "waiting"), ("done", "done"), ("refused", "refused")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("sentence", models.CharField(blank=True, default="", max_length=400)),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="applications.projectsheet",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["office", "-opened_at"], name="project_office"),
        ),
        migrations.AddConstraint(
            model_name="projectpaper",
            constraint=models.UniqueConstraint(
                fields=("project", "item_code", "sha256"), name="projectpaper_once"
            ),
        ),
        migrations.AddIndex(
            model_name="projectsheet",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", False), ("finished_at", None)),
                fields=["confirmed_at"],
                name="projectsheet_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectsheet",
            constraint=models.UniqueConstraint(fields=("project", "act", "sha256"), name="projectsheet_once"),
        ),
        migrations.AddConstraint(
            model_name="projectunit",
            constraint=models.UniqueConstraint(fields=("project", "label"), name="projectunit_label"),
        ),
        migrations.AddIndex(
            model_name="sheetrow",
            index=models.Index(fields=["sheet", "outcome", "number"], name="sheetrow_outcome"),
        ),
        migrations.AddConstraint(
            model_name="sheetrow",
            constraint=models.UniqueConstraint(fields=("sheet", "number"), name="sheetrow_number"),
        ),
        migrations.RunSQL((SQL / "projects.sql").read_text(), (SQL / "unprojects.sql").read_text()),
    ]
