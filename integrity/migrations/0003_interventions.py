"""Interventions, tip-offs, nil declarations: added, never changed; of a tip-off the answer is given once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import staff.fields
import workflow.models.case

FORWARD = """
REVOKE UPDATE, DELETE ON integrity_intervention, integrity_nildeclaration, integrity_tipoff FROM tongdian_app;
REVOKE SELECT ON integrity_intervention, integrity_tipoff FROM tongdian_readonly;
GRANT UPDATE (answer, answered_by_id, answered_at) ON integrity_tipoff TO tongdian_app;
CREATE TRIGGER integrity_intervention_keep BEFORE UPDATE OR DELETE ON integrity_intervention
    FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER integrity_nil_keep BEFORE UPDATE OR DELETE ON integrity_nildeclaration
    FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE FUNCTION integrity_tip_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL
       OR (NEW.id, NEW.code_index, NEW.words, NEW.about, NEW.handed_in_at)
          IS DISTINCT FROM (OLD.id, OLD.code_index, OLD.words, OLD.about, OLD.handed_in_at) THEN
        RAISE EXCEPTION 'A tip-off is answered, once, and never changed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER integrity_tip_keep BEFORE UPDATE OR DELETE ON integrity_tipoff FOR EACH ROW EXECUTE FUNCTION integrity_tip_keep();
"""

REVERSE = """
DROP TRIGGER integrity_tip_keep ON integrity_tipoff;
DROP FUNCTION integrity_tip_keep();
DROP TRIGGER integrity_nil_keep ON integrity_nildeclaration;
DROP TRIGGER integrity_intervention_keep ON integrity_intervention;
REVOKE UPDATE (answer, answered_by_id, answered_at) ON integrity_tipoff FROM tongdian_app;
GRANT SELECT ON integrity_intervention, integrity_tipoff TO tongdian_readonly;
GRANT UPDATE, DELETE ON integrity_intervention, integrity_nildeclaration, integrity_tipoff TO tongdian_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("integrity", "0002_guards"),
        ("staff", "0005_departments_competences"),
        ("workflow", "0005_contacts_to_their_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Intervention",
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
                        choices=[
                            ("asked", "Somebody asked about a case"),
                            ("hold", "I was told to hold it back"),
                            ("hurry", "I was told to hurry it"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "asker",
                    models.CharField(
                        choices=[
                            ("superior", "A superior of mine"),
                            ("colleague", "A colleague"),
                            ("official", "An official from outside"),
                            ("relative", "A relative of mine"),
                            ("friend", "A friend or acquaintance"),
                            ("firm", "A design, construction or supply firm"),
                            ("other", "Somebody else"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "wanted",
                    models.CharField(
                        choices=[
                            ("news", "Only how far it is"),
                            ("sooner", "To have it done before its turn"),
                            ("later", "To have it wait"),
                            ("pass", "To overlook something"),
                            ("refuse", "To make it difficult"),
                            ("firm", "To send the customer to a firm"),
                            ("record", "To record another time or fact"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                    ),
                ),
                ("who", staff.fields.EncryptedTextField(blank=True, default="")),
                ("words", staff.fields.EncryptedTextField(blank=True, default="")),
                (
                    "about",
                    staff.fields.EncryptedTextField(
                        blank=True, default="", help_text="number as typed, whether or not it exists"
                    ),
                ),
                ("happened_date", models.DateField(null=True)),
                ("registered_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.case",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.office"
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-registered_at"],
            },
        ),
        migrations.CreateModel(
            name="NilDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("declared_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-quarter"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "year", "quarter"), name="nildeclaration_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)),
                        name="nildeclaration_quarter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TipOff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=workflow.models.case.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code_index", models.CharField(max_length=64, unique=True)),
                ("words", staff.fields.EncryptedTextField()),
                ("about", staff.fields.EncryptedTextField(blank=True, default="")),
                ("handed_in_at", models.DateTimeField()),
                ("answer", staff.fields.EncryptedTextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-handed_in_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="tipoff_answered_by_whom_and_when",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, REVERSE),
    ]
