"""Departments that countersign schemes have competences of their own; a row that exists already is left as people made it."""

from django.db import migrations

from staff.seeds.competences import COMPETENCES

PREFIX = "countersign_"


def load(apps, schema_editor):
    competence = apps.get_model("staff", "Competence")
    for position, (code, name_zh, name_en, needed_at) in enumerate(COMPETENCES, start=1):
        if code.startswith(PREFIX):
            competence.objects.get_or_create(
                code=code,
                defaults={
                    "name_zh": name_zh,
                    "name_en": name_en,
                    "needed_at": needed_at,
                    "position": position,
                },
            )


def unload(apps, schema_editor):
    apps.get_model("staff", "Competence").objects.filter(code__startswith=PREFIX, certificates=None).delete()


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_absence_withdrawn")]

    operations = [migrations.RunPython(load, unload)]
