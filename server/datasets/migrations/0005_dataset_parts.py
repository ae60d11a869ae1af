"""Data sets collect rows from others; why newer rows could not be had is kept in both languages."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datasets", "0004_fetched_pictures")]

    operations = [
        migrations.RemoveField("dataset", "fetch_trouble"),
        migrations.RenameField("dataset", "fetch_failing_since", "failing_since"),
        migrations.AddField("dataset", "trouble", models.JSONField(blank=True, default=dict)),
        migrations.AddField("dataset", "in_turn", models.BooleanField(default=True)),
        migrations.AlterField(
            "datasetversion",
            "origin",
            models.CharField(
                choices=[
                    ("grid", "表格编辑"),
                    ("file", "导入文件"),
                    ("url", "定时获取"),
                    ("rest", "接口"),
                    ("restored", "恢复"),
                    ("collected", "汇总"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="DatasetPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("called", models.CharField(blank=True, max_length=60)),
                ("columns", models.JSONField()),
                ("at_most", models.PositiveSmallIntegerField()),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wholes",
                        to="datasets.dataset",
                    ),
                ),
                (
                    "whole",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="datasets.dataset",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("whole", "part"), name="dataset_part_once"),
                    models.CheckConstraint(
                        condition=~models.Q(whole=models.F("part")), name="dataset_not_of_itself"
                    ),
                ],
            },
        ),
    ]
