"""When what a message asks for was done, so that nobody hears of it any more."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("alerts", "0001_outbox")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="message",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
