# Made by Django.

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.CharField(max_length=60)),
                ("actor_name", models.CharField(max_length=60)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("action", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=64)),
                ("subject_name", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("previous_sha256", models.CharField(max_length=64, unique=True)),
                ("sha256", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(
                        fields=["subject_kind", "subject_id"], name="audit_audit_subject_d2ed6a_idx"
                    ),
                    models.Index(fields=["actor", "at"], name="audit_audit_actor_a2ec2e_idx"),
                ],
            },
        ),
    ]
