"""A submission knows when something new in it would be seen first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0002_deadlines_talk_and_absence")]

    operations = [
        migrations.AddField("submission", "first_at", models.DateTimeField(blank=True, null=True)),
    ]
