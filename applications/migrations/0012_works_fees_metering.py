"""Works of both sides, reasons for waiting, refunds, meters handed out, photographs; classes of transformers and fixed shares."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import staff.fields

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0011_boards"),
        ("workflow", "0008_waiting_for_third_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MeterIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurred_at", models.DateTimeField(help_text="claimed", null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("number", models.CharField(max_length=40, verbose_name="Issue slip")),
                (
                    "meters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), size=None, verbose_name="Meters"
                    ),
                ),
                (
                    "transformers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Transformers",
                    ),
                ),
                ("issued_date", models.DateField(verbose_name="Handed out on")),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurred_at", models.DateTimeField(help_text="claimed", null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Amount given back"),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("mistake", "Charged by mistake"),
                            ("abolished", "The charge was abolished"),
                            ("less_built", "Less was built or supplied"),
                            ("ended", "The case has ended"),
                        ],
                        max_length=12,
                        verbose_name="Reason",
                    ),
                ),
                (
                    "note",
                    staff.fields.EncryptedTextField(blank=True, default="", verbose_name="In your own words"),
                ),
                ("voucher_no", models.CharField(max_length=40, verbose_name="Number of the refund voucher")),
                ("refunded_date", models.DateField(verbose_name="Day of the refund")),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WaitReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurred_at", models.DateTimeField(help_text="claimed", null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "cause",
                    models.CharField(
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
                        verbose_name="What it waits for",
                    ),
                ),
                ("expected_date", models.DateField(blank=True, null=True, verbose_name="Expected on")),
                (
                    "words",
                    staff.fields.EncryptedTextField(blank=True, default="", verbose_name="More about it"),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorksFinish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurred_at", models.DateTimeField(help_text="claimed", null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_date", models.DateField(verbose_name="Finished on")),
                (
                    "paid_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("utility", "Utility"),
                            ("customer", "Customer"),
                            ("government", "Government"),
                            ("shared", "Shared"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Who did pay",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="Why no grid works are needed"
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorksItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurred_at", models.DateTimeField(help_text="claimed", null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("grid", "Grid: supporting works and external line"),
                            ("customer", "Customer: receiving works"),
                        ],
                        max_length=8,
                        verbose_name="Whose works",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("overhead", "Overhead line"),
                            ("cable", "Cable and duct"),
                            ("bay", "Bay in a substation"),
                            ("switchgear", "Ring main unit, switching station"),
                            ("transformer", "Transformer area"),
                            ("service", "Service line and meter box"),
                            ("receiving", "Receiving works"),
                            ("other", "Other works"),
                        ],
                        max_length=12,
                        verbose_name="Kind of works",
                    ),
                ),
                ("extent", models.CharField(max_length=160, verbose_name="What is built")),
                (
                    "source_number",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="For which source"),
                ),
                ("builder", models.CharField(blank=True, default="", max_length=120, verbose_name="Builder")),
                (
                    "payer",
                    models.CharField(
                        choices=[
                            ("utility", "Utility"),
                            ("customer", "Customer"),
                            ("government", "Government"),
                            ("shared", "Shared"),
                        ],
                        max_length=10,
                        verbose_name="Who has to pay",
                    ),
                ),
                ("boundary", models.CharField(max_length=200, verbose_name="Investment boundary")),
                (
                    "project_no",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="Project number"),
                ),
                ("start_date", models.DateField(blank=True, null=True, verbose_name="Planned start")),
                ("finish_date", models.DateField(blank=True, null=True, verbose_name="Planned finish")),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorksReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurred_at", models.DateTimeField(help_text="claimed", null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "news",
                    models.CharField(
                        choices=[
                            ("project", "Project number given"),
                            ("material_asked", "Material asked for"),
                            ("material_issued", "Material issued"),
                            ("permit_asked", "Permit asked for"),
                            ("permit_granted", "Permit granted"),
                            ("outage", "Outage planned"),
                            ("live", "Live-line work planned"),
                            ("slot_lost", "Outage or live-line work put off"),
                            ("started", "Works begun"),
                        ],
                        max_length=16,
                        verbose_name="What is new",
                    ),
                ),
                ("day", models.DateField(verbose_name="On which day")),
                ("reference", models.CharField(blank=True, default="", max_length=40, verbose_name="Number")),
                ("expected_date", models.DateField(blank=True, null=True, verbose_name="Expected on")),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="application",
            name="fees_due",
            field=models.BooleanField(help_text="the latest sheet has charges on it", null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="grid_works",
            field=models.BooleanField(help_text="works of the grid's own are needed", null=True),
        ),
        migrations.AddField(
            model_name="metering",
            name="photos",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="applications.document", verbose_name="Photographs"
            ),
        ),
        migrations.AddField(
            model_name="meteringpoint",
            name="share_kind",
            field=models.CharField(
                blank=True,
                choices=[("quantity", "Fixed quantity (kWh a month)"), ("ratio", "Fixed share (%)")],
                default="",
                max_length=8,
                verbose_name="Fixed quantity or share",
            ),
        ),
        migrations.AddField(
            model_name="meteringpoint",
            name="share_value",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="Quantity or share"
            ),
        ),
        migrations.AddField(
            model_name="meteringpoint",
            name="transformer_class",
            field=models.CharField(
                blank=True, default="", max_length=12, verbose_name="Accuracy class of the transformers"
            ),
        ),
        migrations.AlterField(
            model_name="issuedpaper",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acceptance", "Receipt of acceptance"),
                    ("request", "One-time notice of missing papers"),
                    ("scheme-reply", "Reply with the supply scheme"),
                    ("contract", "Supply contract"),
                    ("inspection", "Result of the inspection"),
                    ("rectification", "Rectification notice"),
                    ("queue", "Notice of waiting for capacity"),
                    ("extension", "Extension of the scheme's validity"),
                    ("fee-receipt", "Receipt for charges paid"),
                    ("refund", "Notice of a refund"),
                    ("exit", "Notice of how the case ended"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="feekind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_force", False), models.Q(("grade__in", ("U", "X")), _negated=True), _connector="OR"
                ),
                name="feekind_in_force_has_a_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="meteringpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("share_kind", ""), ("share_value", None)),
                    models.Q(models.Q(("share_kind", ""), _negated=True), ("share_value__gt", 0)),
                    _connector="OR",
                ),
                name="meteringpoint_share_whole",
            ),
        ),
        migrations.AddField(
            model_name="meterissue",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="meterissue",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="approved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Approved by",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="applications.payment"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="waitreason",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="waitreason",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="waitreason",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="waits", to="workflow.task"
            ),
        ),
        migrations.AddField(
            model_name="worksfinish",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="worksfinish",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="worksitem",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="worksitem",
            name="clause",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.clause",
                verbose_name="Basis",
            ),
        ),
        migrations.AddField(
            model_name="worksitem",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="worksfinish",
            name="item",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="finish",
                to="applications.worksitem",
            ),
        ),
        migrations.AddField(
            model_name="worksreport",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="worksreport",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="applications.worksitem",
            ),
        ),
        migrations.AddField(
            model_name="worksreport",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="meterissue",
            constraint=models.UniqueConstraint(fields=("application", "number"), name="meterissue_number"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="refund_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="worksitem",
            constraint=models.UniqueConstraint(fields=("application", "number"), name="worksitem_number"),
        ),
        migrations.AddConstraint(
            model_name="worksitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("start_date", None),
                    ("finish_date", None),
                    ("finish_date__gte", models.F("start_date")),
                    _connector="OR",
                ),
                name="worksitem_finish_after_start",
            ),
        ),
        migrations.RunSQL(
            (SQL / "works.sql").read_text(encoding="utf-8"),
            (SQL / "unworks.sql").read_text(encoding="utf-8"),
        ),
    ]
