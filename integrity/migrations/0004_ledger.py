"""The public log: tree, leaves, tiles, checkpoints, co-signatures, tokens of time; who may let them grow."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("integrity", "0003_interventions"),
        ("workflow", "0009_ledger_queue"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerCheckpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.BinaryField()),
                ("signed_at", models.DateTimeField()),
                (
                    "drained",
                    models.BooleanField(
                        help_text="whether nothing waited when it was signed: only then a later leaf was recorded later"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("data", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerLeaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stream", models.CharField(max_length=120)),
                ("number", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream", "number"), name="ledgerleaf_once")],
            },
        ),
        migrations.CreateModel(
            name="LedgerToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("authority", models.CharField(max_length=200)),
                (
                    "token",
                    models.BinaryField(
                        help_text="the whole response, DER, as `openssl ts -verify -in` takes it"
                    ),
                ),
                ("stamped_at", models.DateTimeField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="integrity.ledgercheckpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["stamped_at"],
            },
        ),
        migrations.CreateModel(
            name="LedgerTree",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("root", models.BinaryField(null=True)),
                (
                    "origin",
                    models.CharField(
                        default="", help_text="the log's name, fixed by its first checkpoint", max_length=200
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default="",
                        help_text="the log's public key, for whoever wants to verify",
                        max_length=300,
                    ),
                ),
                ("grown_at", models.DateTimeField(null=True)),
                (
                    "beat_at",
                    models.DateTimeField(help_text="when a sequencer last looked into the queue", null=True),
                ),
                (
                    "refusal",
                    models.CharField(
                        default="",
                        help_text="why the signer refuses to go on; empty while all is well",
                        max_length=400,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="ledgertree_single")
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerCosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("witness", models.CharField(max_length=200)),
                (
                    "line",
                    models.CharField(
                        help_text="the signature line as it stands under the note", max_length=400
                    ),
                ),
                (
                    "cosigned_at",
                    models.DateTimeField(help_text="by the witness's clock, inside what it signed"),
                ),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="integrity.ledgercheckpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["witness", "cosigned_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("checkpoint", "witness", "cosigned_at"), name="ledgercosignature_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            (SQL / "ledger.sql").read_text(encoding="utf-8"),
            (SQL / "unledger.sql").read_text(encoding="utf-8"),
        ),
    ]
