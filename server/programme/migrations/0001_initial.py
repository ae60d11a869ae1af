# Made by Django.

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("rest", "休息"), ("work", "上班")], max_length=4),
                ),
                ("name", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="Layout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("canvas_width", models.PositiveIntegerField(default=1920)),
                ("canvas_height", models.PositiveIntegerField(default=1080)),
                (
                    "background",
                    models.CharField(
                        default="#101820",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("\\A#[0-9a-fA-F]{6}\\Z")],
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Playlist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "order",
                    models.CharField(
                        choices=[("listed", "按顺序"), ("shuffled", "随机")],
                        default="listed",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlaylistItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("page", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "duration_ms",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(100),
                            django.core.validators.MaxValueValidator(86400000),
                        ],
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                    ),
                ),
                (
                    "fit",
                    models.CharField(
                        choices=[("contain", "完整显示"), ("cover", "铺满"), ("stretch", "拉伸")],
                        default="contain",
                        max_length=10,
                    ),
                ),
                (
                    "transition",
                    models.CharField(
                        choices=[("cut", "直接切换"), ("fade", "淡入"), ("slide", "滑入")],
                        default="fade",
                        max_length=10,
                    ),
                ),
                ("transition_ms", models.PositiveIntegerField(default=600)),
                ("valid_from", models.DateTimeField(blank=True, null=True)),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Takeover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("priority", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Zone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=64,
                        validators=[
                            django.core.validators.RegexValidator("\\A[A-Za-z0-9._-]{1,64}\\Z")
                        ],
                    ),
                ),
                ("x", models.PositiveIntegerField()),
                ("y", models.PositiveIntegerField()),
                (
                    "width",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                (
                    "height",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("z", models.IntegerField(default=0)),
            ],
            options={
                "ordering": ["z", "slug"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("enabled", models.BooleanField(default=True)),
                ("priority", models.IntegerField(default=10)),
                ("turn_ms", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "start",
                    models.CharField(
                        max_length=19,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\Z"
                            )
                        ],
                    ),
                ),
                (
                    "duration_s",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(604800),
                        ]
                    ),
                ),
                ("rrule", models.CharField(blank=True, max_length=500)),
                ("rdates", models.JSONField(blank=True, default=list)),
                ("exdates", models.JSONField(blank=True, default=list)),
                (
                    "days",
                    models.CharField(
                        choices=[("any", "每天"), ("work", "工作日"), ("rest", "休息日")],
                        default="any",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="accounts.department",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ["-priority", "name", "pk"],
            },
        ),
    ]
