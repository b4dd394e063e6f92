"""Parties with powers, papers and verified phones; consents, unclear titles; how an agreement was signed; who keyed an application in."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import staff.fields

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0006_scheme_and_capacity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="device",
            field=models.CharField(
                blank=True, default="", help_text="salted pseudonym of the device", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.document",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="provider_ref",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="application",
            name="behalf",
            field=models.CharField(
                choices=[("self", "self"), ("agent", "agent"), ("staff", "staff")],
                default="self",
                help_text="who keyed it in: the customer, an agent, or staff in the customer's name",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="device",
            field=models.CharField(
                blank=True, default="", help_text="salted pseudonym of the device", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="terminal_class",
            field=models.CharField(
                default="customer", help_text="staff, kiosk or customer device", max_length=12
            ),
        ),
        migrations.AddField(
            model_name="historicalparty",
            name="authorisation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="the paper itself",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="applications.document",
            ),
        ),
        migrations.AddField(
            model_name="historicalparty",
            name="ended_at",
            field=models.DateTimeField(blank=True, help_text="taken back before its time", null=True),
        ),
        migrations.AddField(
            model_name="historicalparty",
            name="phone_verified_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="the clerk, or the person",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalparty",
            name="powers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("papers", "Apply, hand in papers"),
                        ("scheme", "Decide on the supply scheme"),
                        ("sign", "Sign the contract"),
                        ("works", "Report works and completion"),
                        ("withdraw", "Withdraw"),
                    ],
                    max_length=12,
                ),
                blank=True,
                default=list,
                help_text="what an agent may do; empty = the paper sets no bounds",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="authorisation",
            field=models.ForeignKey(
                blank=True,
                help_text="the paper itself",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.document",
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="ended_at",
            field=models.DateTimeField(blank=True, help_text="taken back before its time", null=True),
        ),
        migrations.AddField(
            model_name="party",
            name="phone_verified_by",
            field=models.ForeignKey(
                blank=True,
                help_text="the clerk, or the person",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="powers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("papers", "Apply, hand in papers"),
                        ("scheme", "Decide on the supply scheme"),
                        ("sign", "Sign the contract"),
                        ("works", "Report works and completion"),
                        ("withdraw", "Withdraw"),
                    ],
                    max_length=12,
                ),
                blank=True,
                default=list,
                help_text="what an agent may do; empty = the paper sets no bounds",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="method",
            field=models.CharField(
                choices=[
                    ("own_device", "On the customer's own device"),
                    ("paper", "On paper at the counter"),
                    ("code", "Code to the signer's own phone"),
                    ("pad", "Signature pad"),
                    ("e_seal", "Electronic seal"),
                ],
                max_length=12,
                verbose_name="How",
            ),
        ),
        migrations.AlterField(
            model_name="changeconsent",
            name="method",
            field=models.CharField(
                choices=[
                    ("own_device", "On the customer's own device"),
                    ("paper", "On paper at the counter"),
                    ("code", "Code to the signer's own phone"),
                    ("pad", "Signature pad"),
                    ("e_seal", "Electronic seal"),
                ],
                max_length=12,
                verbose_name="How",
            ),
        ),
        migrations.AlterField(
            model_name="historicalparty",
            name="phone_verified_how",
            field=models.CharField(
                blank=True,
                choices=[("code", "Code sent to the phone"), ("counter", "At the counter, with ID")],
                default="",
                help_text="code, counter or empty",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="historicalparty",
            name="role",
            field=models.CharField(
                choices=[
                    ("applicant", "Applicant"),
                    ("owner", "Owner of the premises"),
                    ("user", "User of the power"),
                    ("agent", "Agent"),
                    ("contact", "Contact person"),
                    ("payer", "Payer"),
                    ("former", "Former holder"),
                    ("property", "Property manager"),
                    ("co_owner", "Co-owners"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="objection",
            name="method",
            field=models.CharField(
                choices=[
                    ("own_device", "On the customer's own device"),
                    ("paper", "On paper at the counter"),
                    ("code", "Code to the signer's own phone"),
                    ("pad", "Signature pad"),
                    ("e_seal", "Electronic seal"),
                ],
                max_length=12,
                verbose_name="How",
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="phone_verified_how",
            field=models.CharField(
                blank=True,
                choices=[("code", "Code sent to the phone"), ("counter", "At the counter, with ID")],
                default="",
                help_text="code, counter or empty",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="role",
            field=models.CharField(
                choices=[
                    ("applicant", "Applicant"),
                    ("owner", "Owner of the premises"),
                    ("user", "User of the power"),
                    ("agent", "Agent"),
                    ("contact", "Contact person"),
                    ("payer", "Payer"),
                    ("former", "Former holder"),
                    ("property", "Property manager"),
                    ("co_owner", "Co-owners"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="schemechoice",
            name="method",
            field=models.CharField(
                choices=[
                    ("own_device", "On the customer's own device"),
                    ("paper", "On paper at the counter"),
                    ("code", "Code to the signer's own phone"),
                    ("pad", "Signature pad"),
                    ("e_seal", "Electronic seal"),
                ],
                max_length=12,
                verbose_name="How",
            ),
        ),
        migrations.AlterField(
            model_name="schemeextension",
            name="method",
            field=models.CharField(
                choices=[
                    ("own_device", "On the customer's own device"),
                    ("paper", "On paper at the counter"),
                    ("code", "Code to the signer's own phone"),
                    ("pad", "Signature pad"),
                    ("e_seal", "Electronic seal"),
                ],
                max_length=12,
                verbose_name="How the customer agreed",
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="method",
            field=models.CharField(
                choices=[
                    ("e_seal", "Electronic seal"),
                    ("pad", "Signature pad"),
                    ("paper", "Paper, photographed"),
                    ("code", "Code to the signer's own phone"),
                ],
                max_length=10,
                verbose_name="How it is signed",
            ),
        ),
        migrations.CreateModel(
            name="Consent",
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
                            ("owner", "Owner of the premises"),
                            ("property", "Property manager"),
                            ("co_owner", "Co-owners"),
                        ],
                        max_length=10,
                        verbose_name="As what",
                    ),
                ),
                ("given_date", models.DateField(verbose_name="Signed on")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="applications.application",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="applications.document",
                        verbose_name="The paper",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
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
            name="HistoricalTitleQuestion",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "decider",
                    models.CharField(
                        choices=[
                            ("parties", "The people concerned, in writing"),
                            ("village", "Village or neighbourhood committee"),
                            ("registry", "Land and housing registry"),
                            ("notary", "Notary (inheritance)"),
                            ("court", "Court"),
                        ],
                        max_length=10,
                        verbose_name="Who decides",
                    ),
                ),
                ("until_date", models.DateField(verbose_name="Until when")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("applicant", "The applicant's"),
                            ("other", "Somebody else's, who agrees"),
                            ("refused", "Somebody else's, who does not agree"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="What was decided",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
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
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical title question",
                "verbose_name_plural": "historical title questions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="TitleQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decider",
                    models.CharField(
                        choices=[
                            ("parties", "The people concerned, in writing"),
                            ("village", "Village or neighbourhood committee"),
                            ("registry", "Land and housing registry"),
                            ("notary", "Notary (inheritance)"),
                            ("court", "Court"),
                        ],
                        max_length=10,
                        verbose_name="Who decides",
                    ),
                ),
                ("until_date", models.DateField(verbose_name="Until when")),
                (
                    "note",
                    staff.fields.EncryptedTextField(blank=True, default="", verbose_name="What is not clear"),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("applicant", "The applicant's"),
                            ("other", "Somebody else's, who agrees"),
                            ("refused", "Somebody else's, who does not agree"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="What was decided",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="title_questions",
                        to="applications.application",
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
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("application",),
                        name="titlequestion_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("result", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="titlequestion_settled_by_whom_and_when",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "parties.sql").read_text(encoding="utf-8"),
            (SQL / "unparties.sql").read_text(encoding="utf-8"),
        ),
    ]
