"""Whether a fault was an event, which nobody will close."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0002_faults_seen_and_listed")]

    operations = [
        migrations.AddField(
            model_name="screenfault",
            name="momentary",
            field=models.BooleanField(default=False),
        ),
    ]
