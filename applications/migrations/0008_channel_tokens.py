"""Channel tokens: what other systems prove themselves with, each change sealed."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0007_parties"),
        ("workflow", "0005_contacts_to_their_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="Name")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("contacts", "Register contacts"),
                                ("applications", "Start applications, hand in papers"),
                                (
                                    "cases",
                                    "Read cases and act on them for customers whose phone the channel vouches for",
                                ),
                                ("node_times", "Read node times"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                        verbose_name="Scopes",
                    ),
                ),
                ("beginning", models.CharField(editable=False, max_length=8, verbose_name="Begins with")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="Issued"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Revoked"),
                ),
            ],
            options={
                "verbose_name": "Channel token",
                "verbose_name_plural": "Channel tokens",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalChannelToken",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("name", models.CharField(db_index=True, max_length=60, verbose_name="Name")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("contacts", "Register contacts"),
                                ("applications", "Start applications, hand in papers"),
                                (
                                    "cases",
                                    "Read cases and act on them for customers whose phone the channel vouches for",
                                ),
                                ("node_times", "Read node times"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                        verbose_name="Scopes",
                    ),
                ),
                ("beginning", models.CharField(editable=False, max_length=8, verbose_name="Begins with")),
                ("digest", models.CharField(db_index=True, editable=False, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="Issued"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Revoked"),
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
            ],
            options={
                "verbose_name": "historical Channel token",
                "verbose_name_plural": "historical Channel tokens",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="channeltoken",
            name="account",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="channel_token",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="channeltoken",
            name="channel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tokens",
                to="workflow.channel",
                verbose_name="Channel",
            ),
        ),
        migrations.AddField(
            model_name="channeltoken",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Issued by",
            ),
        ),
        migrations.AddField(
            model_name="historicalchanneltoken",
            name="account",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalchanneltoken",
            name="channel",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="workflow.channel",
                verbose_name="Channel",
            ),
        ),
        migrations.AddField(
            model_name="historicalchanneltoken",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Issued by",
            ),
        ),
        migrations.AddField(
            model_name="historicalchanneltoken",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            (SQL / "channel_tokens.sql").read_text(encoding="utf-8"),
            (SQL / "unchannel_tokens.sql").read_text(encoding="utf-8"),
        ),
    ]
