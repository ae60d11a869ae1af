"""A migration that succeeds."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel("Relic", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("AuditRow", "extra", models.CharField(max_length=9, default="x")),
    ]
