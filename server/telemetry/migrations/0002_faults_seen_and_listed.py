"""When a fault was seen last, and whether a heartbeat lists it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="screenfault",
            name="listed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="screenfault",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE telemetry_screenfault SET seen_at = opened_at",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="screenfault",
            name="seen_at",
            field=models.DateTimeField(),
        ),
    ]
