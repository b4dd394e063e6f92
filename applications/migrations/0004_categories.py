"""Categories: what each adds, their facts, labels, three-zero rules, temporary terms."""

from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import staff.fields

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0003_legacy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ThreeZeroRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("code", models.CharField(max_length=40, unique=True)),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="digits a county's code begins with; empty = everywhere",
                        max_length=20,
                    ),
                ),
                (
                    "business_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
                (
                    "supply_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
                (
                    "customer_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                ("capacity_limit", models.DecimalField(decimal_places=1, max_digits=10)),
                ("unit", models.CharField(default="kW", max_length=4)),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("in_force", "in force"), ("superseded", "superseded"), ("draft", "draft")],
                        max_length=10,
                    ),
                ),
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
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="acceptance",
            name="three_zero_by_rule",
            field=models.BooleanField(null=True),
        ),
        migrations.AlterField(
            model_name="application",
            name="business_type",
            field=models.CharField(
                choices=[
                    ("new_supply", "New supply"),
                    ("temporary", "Temporary supply"),
                    ("capacity_increase", "Capacity increase"),
                    ("capacity_decrease", "Capacity decrease"),
                    ("rename", "Change of the account's name"),
                    ("transfer", "Transfer to another holder"),
                    ("meter_move", "Moving the meter"),
                    ("voltage_change", "Change of voltage"),
                ],
                default="new_supply",
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="application",
            name="supply_class",
            field=models.CharField(
                choices=[
                    ("residential", "Residential"),
                    ("lv_other", "Low voltage, non-residential"),
                    ("hv_single", "High voltage, single source"),
                    ("hv_dual", "High voltage, dual source"),
                    ("hv_multi", "High voltage, several sources"),
                    ("pv_natural", "Distributed PV, natural person"),
                    ("pv_other", "Distributed PV, organisation"),
                    ("charging_private", "Charging point, private"),
                    ("charging_station", "Charging station, public"),
                    ("charging_estate", "Charging points of an estate"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="contract",
            name="kind",
            field=models.CharField(
                choices=[
                    ("residential", "Residential supply contract"),
                    ("low", "Low-voltage supply contract"),
                    ("high", "High-voltage supply contract"),
                    ("temporary", "Temporary supply contract"),
                    ("pv", "Contract on purchase, supply and grid connection"),
                ],
                max_length=12,
                verbose_name="Kind of contract",
            ),
        ),
        migrations.AlterField(
            model_name="contracttemplate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("residential", "Residential supply contract"),
                    ("low", "Low-voltage supply contract"),
                    ("high", "High-voltage supply contract"),
                    ("temporary", "Temporary supply contract"),
                    ("pv", "Contract on purchase, supply and grid connection"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="historicalcontracttemplate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("residential", "Residential supply contract"),
                    ("low", "Low-voltage supply contract"),
                    ("high", "High-voltage supply contract"),
                    ("temporary", "Temporary supply contract"),
                    ("pv", "Contract on purchase, supply and grid connection"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="historicalparty",
            name="role",
            field=models.CharField(
                choices=[
                    ("applicant", "Applicant"),
                    ("owner", "Owner of the premises"),
                    ("agent", "Agent"),
                    ("contact", "Contact person"),
                    ("payer", "Payer"),
                    ("former", "Former holder"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="role",
            field=models.CharField(
                choices=[
                    ("applicant", "Applicant"),
                    ("owner", "Owner of the premises"),
                    ("agent", "Agent"),
                    ("contact", "Contact person"),
                    ("payer", "Payer"),
                    ("former", "Former holder"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="ChangeConsent",
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
                        verbose_name="Who agrees",
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
            name="ChangeParticulars",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_no", models.CharField(db_index=True, max_length=20, verbose_name="Account number")),
                (
                    "previous_capacity",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=10, null=True, verbose_name="Capacity today"
                    ),
                ),
                (
                    "previous_voltage",
                    models.CharField(blank=True, default="", max_length=8, verbose_name="Voltage today"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bought", "Premises bought or sold"),
                            ("inherited", "Inherited"),
                            ("given", "Given or allotted"),
                            ("renamed", "Same holder, new name"),
                            ("mistake", "Name was entered wrongly"),
                            ("other", "Another reason"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Reason of the change",
                    ),
                ),
                (
                    "wish",
                    staff.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Where the meter is to hang"
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChargingParticulars",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "piles",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="Number of piles",
                    ),
                ),
                (
                    "pile_kw",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="Power of a pile",
                    ),
                ),
                (
                    "current",
                    models.CharField(
                        choices=[("ac", "AC"), ("dc", "DC")], max_length=2, verbose_name="AC or DC"
                    ),
                ),
                (
                    "protection",
                    models.CharField(
                        blank=True, default="", max_length=8, verbose_name="Degree of protection"
                    ),
                ),
                (
                    "space",
                    models.CharField(
                        choices=[
                            ("own", "Own parking space"),
                            ("leased", "Leased for a year or longer"),
                            ("defence", "Civil-defence parking space"),
                            ("site", "Site of the station"),
                        ],
                        max_length=8,
                        verbose_name="Parking space",
                    ),
                ),
                (
                    "space_no",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="Number of the parking space"
                    ),
                ),
                (
                    "estate_consent",
                    models.CharField(
                        choices=[
                            ("given", "Given in writing"),
                            ("none", "There is no property manager"),
                            ("to_come", "Not there yet"),
                        ],
                        max_length=8,
                        verbose_name="Consent of the property manager",
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charging",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Filing",
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
                    "filer",
                    models.CharField(
                        choices=[
                            ("grid", "The supply company, in a batch"),
                            ("owner", "The owner of the project"),
                        ],
                        max_length=8,
                        verbose_name="Who files the project",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="Filing number")),
                ("filed_date", models.DateField(verbose_name="Filed on")),
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
            name="HistoricalStageLabel",
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
                ("business_type", models.CharField(blank=True, default="", max_length=24)),
                (
                    "supply_class",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="a class, or a family of classes such as pv_*",
                        max_length=24,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("CONTACT", "First contact"),
                            ("DRAFT", "Filling in"),
                            ("INTAKE", "Intake"),
                            ("SURVEY", "Survey"),
                            ("SCHEME", "Supply scheme"),
                            ("CONTRACT", "Contract"),
                            ("WORKS", "Works supervision"),
                            ("INSPECTION", "Inspection"),
                            ("CONNECTION", "Metering and connection"),
                            ("ARCHIVING", "Archiving"),
                            ("ARCHIVED", "Archived"),
                            ("ANSWERED", "Answered"),
                            ("JOINED", "Joined to another case"),
                            ("REFUSED", "Not accepted"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("TERMINATED", "Terminated"),
                            ("VOID", "Void"),
                            ("LEGACY_OPEN", "Open elsewhere"),
                        ],
                        max_length=16,
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
                "verbose_name": "historical stage label",
                "verbose_name_plural": "historical stage labels",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTemporaryTerm",
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
                ("code", models.CharField(choices=[("term", "term"), ("renewal", "renewal")], max_length=8)),
                ("region", models.CharField(blank=True, default="", max_length=20)),
                ("months", models.PositiveSmallIntegerField()),
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
                "verbose_name": "historical temporary term",
                "verbose_name_plural": "historical temporary terms",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalThreeZeroRule",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("name_zh", models.CharField(max_length=100, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("code", models.CharField(db_index=True, max_length=40)),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="digits a county's code begins with; empty = everywhere",
                        max_length=20,
                    ),
                ),
                (
                    "business_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
                (
                    "supply_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
                (
                    "customer_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                ("capacity_limit", models.DecimalField(decimal_places=1, max_digits=10)),
                ("unit", models.CharField(default="kW", max_length=4)),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("in_force", "in force"), ("superseded", "superseded"), ("draft", "draft")],
                        max_length=10,
                    ),
                ),
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
                "verbose_name": "historical three zero rule",
                "verbose_name_plural": "historical three zero rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Hosting",
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
                    "result",
                    models.CharField(
                        choices=[("fits", "Fits in full"), ("partly", "Fits in part")],
                        max_length=8,
                        verbose_name="What the grid can take in",
                    ),
                ),
                ("asset", models.CharField(max_length=60, verbose_name="Transformer area or line")),
                (
                    "open_kwp",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Open capacity",
                    ),
                ),
                ("as_of_date", models.DateField(verbose_name="As of")),
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
            name="PvParticulars",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "export",
                    models.CharField(
                        choices=[
                            ("surplus", "Own use first, the surplus to the grid"),
                            ("full", "All of it to the grid"),
                        ],
                        max_length=12,
                        verbose_name="Mode of operation",
                    ),
                ),
                (
                    "roof",
                    models.CharField(
                        choices=[
                            ("own", "Own roof"),
                            ("shared", "Roof shared with others"),
                            ("leased", "Leased or borrowed roof"),
                        ],
                        default="own",
                        max_length=12,
                        verbose_name="Roof",
                    ),
                ),
                (
                    "filer",
                    models.CharField(
                        choices=[
                            ("grid", "The supply company, in a batch"),
                            ("owner", "The owner of the project"),
                        ],
                        max_length=8,
                        verbose_name="Who files the project",
                    ),
                ),
                (
                    "filing_no",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="Filing number"),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pv",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageLabel",
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
                ("business_type", models.CharField(blank=True, default="", max_length=24)),
                (
                    "supply_class",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="a class, or a family of classes such as pv_*",
                        max_length=24,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("CONTACT", "First contact"),
                            ("DRAFT", "Filling in"),
                            ("INTAKE", "Intake"),
                            ("SURVEY", "Survey"),
                            ("SCHEME", "Supply scheme"),
                            ("CONTRACT", "Contract"),
                            ("WORKS", "Works supervision"),
                            ("INSPECTION", "Inspection"),
                            ("CONNECTION", "Metering and connection"),
                            ("ARCHIVING", "Archiving"),
                            ("ARCHIVED", "Archived"),
                            ("ANSWERED", "Answered"),
                            ("JOINED", "Joined to another case"),
                            ("REFUSED", "Not accepted"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("TERMINATED", "Terminated"),
                            ("VOID", "Void"),
                            ("LEGACY_OPEN", "Open elsewhere"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business_type", "supply_class", "stage"), name="stagelabel_category_stage"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TemporaryRenewal",
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
                ("before_date", models.DateField()),
                ("until_date", models.DateField(verbose_name="New end")),
                ("reason", staff.fields.EncryptedTextField(verbose_name="Why it is needed longer")),
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
            name="TemporaryTerm",
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
                ("code", models.CharField(choices=[("term", "term"), ("renewal", "renewal")], max_length=8)),
                ("region", models.CharField(blank=True, default="", max_length=20)),
                ("months", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "region"), name="temporaryterm_code_region")
                ],
            },
        ),
        migrations.AddField(
            model_name="acceptance",
            name="three_zero_rule",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.threezerorule",
            ),
        ),
        migrations.CreateModel(
            name="Handover",
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
                    "reading",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Reading at the handover",
                    ),
                ),
                ("read_date", models.DateField(verbose_name="Read on")),
                ("settled", models.BooleanField(verbose_name="Bill settled")),
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
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reading__gte", 0)), name="handover_reading")
                ],
            },
        ),
        migrations.CreateModel(
            name="Removal",
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
                    "last_reading",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Last reading",
                    ),
                ),
                ("asset_no", models.CharField(max_length=32, verbose_name="Asset number of the meter")),
                ("settled", models.BooleanField(verbose_name="Bill settled")),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_reading__gte", 0)), name="removal_reading"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TemporaryParticulars",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("site", "Building site"),
                            ("field", "Field work, irrigation, harvest"),
                            ("fair", "Fair, market, event"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                        verbose_name="What it is for",
                    ),
                ),
                ("from_date", models.DateField(verbose_name="Wanted from")),
                ("until_date", models.DateField(db_index=True, verbose_name="Ends on")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="temporary",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_date__gt", models.F("from_date"))),
                        name="temporary_ends_after_start",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "categories.sql").read_text(encoding="utf-8"),
            (SQL / "uncategories.sql").read_text(encoding="utf-8"),
        ),
    ]
