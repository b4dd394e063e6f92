"""Schemes as trees with options and objections; open capacity, its checks, queue, releases and priorities."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import staff.fields

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0005_papers_and_exits"),
        ("staff", "0004_absence_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SchemeRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
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
                ("in_force", models.BooleanField(default=True)),
                ("supply_class", models.CharField(max_length=24, unique=True)),
                ("min_sources", models.PositiveSmallIntegerField(default=1)),
                ("max_sources", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "capacity_check",
                    models.CharField(
                        choices=[
                            ("off", "not asked for"),
                            ("listed", "asked for once assets are listed here"),
                            ("always", "always asked for"),
                        ],
                        default="listed",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="countersignature",
            name="node_code",
            field=models.CharField(
                blank=True, default="", help_text="which department was asked", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="meteringpoint",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points",
                to="applications.schemesource",
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="pricing",
            field=models.CharField(
                blank=True,
                choices=[("single", "Single-part tariff"), ("two_part", "Two-part tariff")],
                default="",
                max_length=10,
                verbose_name="Tariff made up of",
            ),
        ),
        migrations.AddField(
            model_name="schemerevision",
            name="papers",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="applications.document",
                verbose_name="The customer's request",
            ),
        ),
        migrations.CreateModel(
            name="AccessDesignRequest",
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
                    "side",
                    models.CharField(
                        choices=[("customer", "Appointed by the customer"), ("utility", "Appointed by us")],
                        max_length=10,
                        verbose_name="Whose designer",
                    ),
                ),
                ("designer", models.CharField(max_length=120, verbose_name="Design firm")),
                (
                    "licence_no",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="Qualification certificate number"
                    ),
                ),
                ("asked_date", models.DateField(verbose_name="Asked for on")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AccessDesignReceipt",
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
                ("received_date", models.DateField(verbose_name="Received on")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "papers",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="applications.document", verbose_name="Design papers"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="applications.accessdesignrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CapacityAsset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transformer_area", "Transformer area"),
                            ("line", "Line"),
                            ("substation", "Substation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("unit", models.CharField(choices=[("kVA", "kVA"), ("kW", "kW")], max_length=4)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacity_assets",
                        to="staff.office",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "code"],
            },
        ),
        migrations.CreateModel(
            name="CapacityCheck",
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
                ("open_capacity", models.DecimalField(decimal_places=1, max_digits=12)),
                (
                    "promised",
                    models.DecimalField(
                        decimal_places=1,
                        default=0,
                        help_text="taken by schemes since the figure",
                        max_digits=12,
                    ),
                ),
                ("needed", models.DecimalField(decimal_places=1, max_digits=10, verbose_name="Needed")),
                ("as_of_date", models.DateField()),
                ("source", models.CharField(max_length=120)),
                ("sufficient", models.BooleanField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="applications.capacityasset",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="schemesource",
            name="capacity_check",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="applications.capacitycheck",
            ),
        ),
        migrations.CreateModel(
            name="CapacityFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("open_capacity", models.DecimalField(decimal_places=1, max_digits=12)),
                ("as_of_date", models.DateField()),
                ("source", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="applications.capacityasset",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
            },
        ),
        migrations.AddField(
            model_name="capacitycheck",
            name="figure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.capacityfigure",
            ),
        ),
        migrations.CreateModel(
            name="CapacityImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="capacityfigure",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="applications.capacityimport",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalCapacityAsset",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transformer_area", "Transformer area"),
                            ("line", "Line"),
                            ("substation", "Substation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("unit", models.CharField(choices=[("kVA", "kVA"), ("kW", "kW")], max_length=4)),
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
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.office",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical capacity asset",
                "verbose_name_plural": "historical capacity assets",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPriceParameter",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
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
                ("in_force", models.BooleanField(default=True)),
                ("voltage", models.CharField(max_length=8)),
                (
                    "pricing",
                    models.CharField(
                        choices=[("single", "Single-part tariff"), ("two_part", "Two-part tariff")],
                        max_length=10,
                    ),
                ),
                (
                    "energy_price",
                    models.DecimalField(decimal_places=4, help_text="yuan per kWh", max_digits=8),
                ),
                (
                    "capacity_price",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="yuan per kVA and month; 0 where there is none",
                        max_digits=8,
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
                "verbose_name": "historical price parameter",
                "verbose_name_plural": "historical price parameters",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSchemeRule",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
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
                ("in_force", models.BooleanField(default=True)),
                ("supply_class", models.CharField(db_index=True, max_length=24)),
                ("min_sources", models.PositiveSmallIntegerField(default=1)),
                ("max_sources", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "capacity_check",
                    models.CharField(
                        choices=[
                            ("off", "not asked for"),
                            ("listed", "asked for once assets are listed here"),
                            ("always", "always asked for"),
                        ],
                        default="listed",
                        max_length=8,
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
                "verbose_name": "historical scheme rule",
                "verbose_name_plural": "historical scheme rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ObjectionAnswer",
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
                ("new_version", models.BooleanField()),
                (
                    "text",
                    staff.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Answer to the objection"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="applications.objection",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers_to",
                        to="applications.scheme",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PriceParameter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
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
                ("in_force", models.BooleanField(default=True)),
                ("voltage", models.CharField(max_length=8)),
                (
                    "pricing",
                    models.CharField(
                        choices=[("single", "Single-part tariff"), ("two_part", "Two-part tariff")],
                        max_length=10,
                    ),
                ),
                (
                    "energy_price",
                    models.DecimalField(decimal_places=4, help_text="yuan per kWh", max_digits=8),
                ),
                (
                    "capacity_price",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="yuan per kVA and month; 0 where there is none",
                        max_digits=8,
                    ),
                ),
            ],
            options={
                "ordering": ["voltage", "pricing"],
                "constraints": [
                    models.UniqueConstraint(fields=("voltage", "pricing"), name="priceparameter_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Priority",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("major_project", "Major project"),
                            ("emergency", "People's livelihood, emergency"),
                            ("disaster", "Disaster relief"),
                            ("military", "Military and civil priority"),
                        ],
                        max_length=16,
                        verbose_name="Kind of priority",
                    ),
                ),
                ("basis", models.CharField(max_length=200, verbose_name="Document it rests on")),
                ("from_date", models.DateField(verbose_name="From")),
                ("to_date", models.DateField(verbose_name="Until")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "granted_at_office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.office"
                    ),
                ),
                (
                    "papers",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="applications.document", verbose_name="The document"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "priorities",
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QueueEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("needed", models.DecimalField(decimal_places=1, max_digits=10)),
                ("first_contact_at", models.DateTimeField()),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "left_how",
                    models.CharField(
                        blank=True,
                        choices=[("served", "served"), ("left", "left the queue")],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue_entries",
                        to="applications.application",
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue",
                        to="applications.capacityasset",
                    ),
                ),
                (
                    "check_row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.capacitycheck",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "queue entries",
                "ordering": ["first_contact_at", "queued_at"],
            },
        ),
        migrations.CreateModel(
            name="CapacityRelease",
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
                    models.DecimalField(decimal_places=1, max_digits=10, verbose_name="Capacity released"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="What released it")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="applications.capacityasset",
                    ),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.capacityfigure",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "priority",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="applications.priority",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="applications.queueentry",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReceivingPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("name", models.CharField(blank=True, default="", max_length=60)),
                ("capacity", models.DecimalField(decimal_places=1, max_digits=10)),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receivers",
                        to="applications.scheme",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.AddField(
            model_name="schemesource",
            name="receiver",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="applications.receivingpoint",
            ),
        ),
        migrations.CreateModel(
            name="SchemeOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("voltage", models.CharField(max_length=8)),
                ("capacity", models.DecimalField(decimal_places=1, max_digits=10)),
                (
                    "pricing",
                    models.CharField(
                        choices=[("single", "Single-part tariff"), ("two_part", "Two-part tariff")],
                        max_length=10,
                    ),
                ),
                ("yearly_kwh", models.DecimalField(decimal_places=0, max_digits=14)),
                ("energy_price", models.DecimalField(decimal_places=4, max_digits=8)),
                ("capacity_price", models.DecimalField(decimal_places=2, max_digits=8)),
                ("yearly_cost", models.DecimalField(decimal_places=2, max_digits=14)),
                ("source", models.CharField(max_length=300)),
                ("grade", models.CharField(max_length=1)),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="applications.scheme",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="SchemeChoice",
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
                    "method",
                    models.CharField(
                        choices=[
                            ("own_device", "On the customer's own device"),
                            ("paper", "On paper at the counter"),
                        ],
                        max_length=12,
                        verbose_name="How",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.party",
                        verbose_name="Who chooses",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="applications.scheme",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.schemeoption",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="agreement",
            name="option",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="applications.schemeoption",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityasset",
            constraint=models.UniqueConstraint(fields=("kind", "code"), name="capacityasset_code"),
        ),
        migrations.AddIndex(
            model_name="capacitycheck",
            index=models.Index(fields=["asset", "recorded_at"], name="capacitycheck_asset"),
        ),
        migrations.AddIndex(
            model_name="capacityfigure",
            index=models.Index(fields=["asset", "-recorded_at"], name="capacityfigure_newest"),
        ),
        migrations.AddConstraint(
            model_name="priority",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_date__gte", models.F("from_date"))), name="priority_from_before_to"
            ),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                condition=models.Q(("left_at", None)),
                fields=["asset", "first_contact_at"],
                name="queueentry_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="queueentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("application", "asset"),
                name="queueentry_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivingpoint",
            constraint=models.UniqueConstraint(fields=("scheme", "number"), name="receivingpoint_number"),
        ),
        migrations.AddConstraint(
            model_name="schemeoption",
            constraint=models.UniqueConstraint(fields=("scheme", "number"), name="schemeoption_number"),
        ),
        migrations.RunSQL(
            (SQL / "scheme_and_capacity.sql").read_text(encoding="utf-8"),
            (SQL / "unscheme_and_capacity.sql").read_text(encoding="utf-8"),
        ),
    ]
