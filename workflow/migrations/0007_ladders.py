"""Ladders by kind, what the staff is told, extensions, bounded pauses, declared overload."""

import datetime as dt
from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_departments_competences"),
        ("workflow", "0006_found_by_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="extra_days",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="of the one extension the customer agreed to"
            ),
        ),
        migrations.AddField(
            model_name="historicalprofile",
            name="digest_at",
            field=models.TimeField(
                default=dt.time(7, 30), help_text="when superiors get their one digest a day"
            ),
        ),
        migrations.AddField(
            model_name="historicalprofile",
            name="quiet_from_at",
            field=models.TimeField(default=dt.time(20, 0), help_text="from then on nobody is disturbed"),
        ),
        migrations.AddField(
            model_name="historicalprofile",
            name="quiet_until_at",
            field=models.TimeField(default=dt.time(7, 30)),
        ),
        migrations.AddField(
            model_name="pause",
            name="until_at",
            field=models.DateTimeField(
                help_text="the longest its reason allows; then the clock runs on by itself", null=True
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="digest_at",
            field=models.TimeField(
                default=dt.time(7, 30), help_text="when superiors get their one digest a day"
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="quiet_from_at",
            field=models.TimeField(default=dt.time(20, 0), help_text="from then on nobody is disturbed"),
        ),
        migrations.AddField(
            model_name="profile",
            name="quiet_until_at",
            field=models.TimeField(default=dt.time(7, 30)),
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day_date", models.DateField()),
                ("daily", models.BooleanField(default=False)),
                (
                    "lines",
                    models.JSONField(
                        default=list, help_text="case, limit, rung and due time of each; no personal data"
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("original_due_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "offered",
                    models.JSONField(
                        default=list, help_text="slots offered inside the limit, where it is an appointment"
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("asked_number", models.PositiveIntegerField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_number", models.PositiveIntegerField(null=True)),
                ("agreed", models.BooleanField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deadline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension",
                        to="workflow.deadline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalLadderStep",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("legal", "legal"), ("promise", "promise"), ("internal", "internal")],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                (
                    "days",
                    models.SmallIntegerField(help_text="working days after the due time; negative = before"),
                ),
                ("level", models.PositiveSmallIntegerField(default=0)),
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
                "verbose_name": "historical ladder step",
                "verbose_name_plural": "historical ladder steps",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="LadderStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("legal", "legal"), ("promise", "promise"), ("internal", "internal")],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                (
                    "days",
                    models.SmallIntegerField(help_text="working days after the due time; negative = before"),
                ),
                ("level", models.PositiveSmallIntegerField(default=0)),
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
                "ordering": ["kind", "days"],
                "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="ladderstep_once")],
            },
        ),
        migrations.CreateModel(
            name="Overload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True, default="", help_text="of which stage; empty = of all", max_length=16
                    ),
                ),
                (
                    "queue",
                    models.PositiveIntegerField(help_text="open tasks of the office when it was declared"),
                ),
                (
                    "hands",
                    models.PositiveIntegerField(help_text="people with a valid certificate who are there"),
                ),
                ("forecast", models.PositiveIntegerField(help_text="limits that run out while it lasts")),
                ("reason", models.CharField(max_length=300)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="its event in the office's stream")),
                ("answer_due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not answered yet"),
                            ("lends", "sends help"),
                            ("elsewhere", "takes work to another station"),
                            ("cannot", "cannot help"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("answer_words", models.CharField(blank=True, default="", max_length=300)),
                (
                    "chased_at",
                    models.DateTimeField(
                        help_text="when the unanswered request went one level up", null=True
                    ),
                ),
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
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overloads",
                        to="staff.office",
                    ),
                ),
            ],
            options={
                "ordering": ["-from_at"],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream", models.CharField(max_length=120)),
                ("number", models.PositiveIntegerField()),
                ("level", models.PositiveSmallIntegerField(default=0)),
                (
                    "line",
                    models.JSONField(default=dict, help_text="what the digest says of it; no personal data"),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="what it is about ran out or began then; the oldest comes first"
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="workflow.digest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("daily", True)), fields=("user", "day_date"), name="digest_one_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="overload",
            index=models.Index(fields=["office", "from_at", "to_at"], name="overload_office_time"),
        ),
        migrations.AddIndex(
            model_name="told",
            index=models.Index(condition=models.Q(("digest", None)), fields=["user"], name="told_waiting"),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.UniqueConstraint(fields=("stream", "number", "user"), name="told_once"),
        ),
        migrations.RunSQL(
            (SQL / "ladders.sql").read_text(encoding="utf-8"),
            (SQL / "unladders.sql").read_text(encoding="utf-8"),
        ),
    ]
