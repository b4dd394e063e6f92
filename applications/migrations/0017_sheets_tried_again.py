"""A file sent again after rows of it were refused is a further sheet; while it is under way it is the same one."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0016_other_systems"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="projectsheet",
            name="projectsheet_once",
        ),
        migrations.AddConstraint(
            model_name="projectsheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("project", "act", "sha256"),
                name="projectsheet_once_under_way",
            ),
        ),
    ]
