from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("watch", "0001_watch"),
    ]

    operations = [
        migrations.AddField(
            model_name="operatinghours",
            name="not_on_holidays",
            field=models.BooleanField(default=False),
        ),
    ]
