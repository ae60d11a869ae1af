# Made by Django.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("library", "0001_initial"),
        ("screens", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "screen",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="heartbeat",
                        serialize=False,
                        to="screens.screen",
                    ),
                ),
                ("received_at", models.DateTimeField(db_index=True)),
                ("boot", models.CharField(max_length=36)),
                ("address", models.GenericIPAddressField()),
                ("generation_version", models.PositiveBigIntegerField(blank=True, null=True)),
                ("body", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="LogTail",
            fields=[
                (
                    "screen",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="log_tail",
                        serialize=False,
                        to="screens.screen",
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="HeartbeatSample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("body", models.JSONField()),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="samples",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("screen", "hour"), name="sample_once_an_hour")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlayRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("zone", models.CharField(max_length=64)),
                ("item", models.CharField(max_length=64)),
                ("asset", models.CharField(max_length=64)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("manifest_version", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plays",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["start"], name="telemetry_p_start_6b9996_idx"),
                    models.Index(fields=["asset", "start"], name="telemetry_p_asset_23224e_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("screen", "zone", "start"), name="play_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveBigIntegerField()),
                ("activated_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("screen", "version"), name="receipt_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSegment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("received_at", models.DateTimeField(db_index=True)),
                ("reports", models.PositiveIntegerField()),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="segments",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("screen", "name"), name="segment_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreenFault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("severity", models.CharField(default="W", max_length=1)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(max_length=1000)),
                ("opened_at", models.DateTimeField(db_index=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("count", models.PositiveIntegerField(default=1)),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("screen", "code", "subject"),
                        name="fault_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["I", "W", "E", "C"])),
                        name="fault_severity_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screenshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="library.blob",
                    ),
                ),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screenshots",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "ordering": ["-taken_at"],
                "indexes": [
                    models.Index(
                        fields=["screen", "-taken_at"], name="telemetry_s_screen__626f3b_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wanted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("screenshot", "截图"), ("log", "日志")], max_length=20
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wanted",
                        to="screens.screen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("screen", "kind"), name="wanted_once")
                ],
            },
        ),
    ]
