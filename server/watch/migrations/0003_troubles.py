import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screens", "0004_tags"),
        ("watch", "0002_not_on_holidays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trouble",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                (
                    "source",
                    models.CharField(
                        choices=[("box", "Box"), ("picture", "Picture")], max_length=10
                    ),
                ),
                ("since", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="troubles",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("screen", "source", "code"), name="trouble_once"
                    )
                ],
            },
        ),
    ]
