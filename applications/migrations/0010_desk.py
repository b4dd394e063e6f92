"""The clerk's desk: saved views; cases that are there already become findable."""

from collections import defaultdict

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from workflow.terms import name_terms, number_terms, phone_terms, place_terms

BATCH = 500


def make_findable(apps, _editor):
    """What the services write from now on, for the cases of before."""
    case, terms = apps.get_model("workflow", "Case"), apps.get_model("workflow", "CaseTerms")
    ids = list(case.objects.filter(found_by=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = _terms(apps, batch)
        terms.objects.bulk_create([terms(case_id=pk, terms=sorted(found[pk])) for pk in batch])


def _terms(apps, batch):
    found = defaultdict(set)
    for case in apps.get_model("workflow", "Case").objects.filter(pk__in=batch):
        found[case.pk] |= number_terms(case.contact_no) | number_terms(case.application_no)
    for contact in (
        apps.get_model("workflow", "Contact").objects.filter(case__in=batch).select_related("person")
    ):
        person = contact.person
        found[contact.case_id] |= (
            name_terms(person.name) | phone_terms(person.phone) | place_terms(contact.place)
        )
    parties = apps.get_model("applications", "Party").objects.filter(application__case__in=batch)
    for party in parties.select_related("person", "application"):
        found[party.application.case_id] |= name_terms(party.person.name) | phone_terms(party.person.phone)
    premises = apps.get_model("applications", "Premises").objects.filter(application__case__in=batch)
    for place in premises.select_related("application"):
        found[place.application.case_id] |= place_terms(place.address)
    changes = apps.get_model("applications", "ChangeParticulars").objects.filter(application__case__in=batch)
    for pk, account in changes.values_list("application__case", "account_no"):
        found[pk] |= number_terms(account)
    refs = apps.get_model("workflow", "ExternalRef").objects.filter(case__in=batch)
    for pk, value in refs.values_list("case", "value"):
        found[pk] |= number_terms(value)
    for record in apps.get_model("applications", "LegacyRecord").objects.filter(case__in=batch):
        found[record.case_id] |= name_terms(record.title)
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0009_exit_rules_by_act"),
        ("workflow", "0006_found_by_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=30)),
                ("filters", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name"), name="savedview_user_name")
                ],
            },
        ),
        migrations.RunPython(make_findable, migrations.RunPython.noop, elidable=True),
    ]  # fmt: skip
