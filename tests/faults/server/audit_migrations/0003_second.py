"""A migration that fails after it has changed a table."""

from typing import ClassVar

from django.db import migrations, models


def _fail(_apps: object, _editor: object) -> None:
    raise RuntimeError("the disk of the migration is full")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0002_first")]
    operations: ClassVar = [
        migrations.AddField("AuditRow", "more", models.CharField(max_length=9, default="x")),
        migrations.RunPython(_fail),
    ]
