# Made by Django.

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("library", "0001_initial"),
        ("programme", "0001_initial"),
        ("screens", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="groups",
            field=models.ManyToManyField(
                blank=True, related_name="entries", to="screens.screengroup"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="screens",
            field=models.ManyToManyField(blank=True, related_name="entries", to="screens.screen"),
        ),
        migrations.AddField(
            model_name="layout",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="layouts",
                to="accounts.department",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="layout",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="programme.layout",
            ),
        ),
        migrations.AddField(
            model_name="playlist",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="playlists",
                to="accounts.department",
            ),
        ),
        migrations.AddField(
            model_name="playlistitem",
            name="asset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="library.asset",
            ),
        ),
        migrations.AddField(
            model_name="playlistitem",
            name="playlist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="programme.playlist",
            ),
        ),
        migrations.AddField(
            model_name="takeover",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="takeover",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="takeovers",
                to="accounts.department",
            ),
        ),
        migrations.AddField(
            model_name="takeover",
            name="groups",
            field=models.ManyToManyField(
                blank=True, related_name="takeovers", to="screens.screengroup"
            ),
        ),
        migrations.AddField(
            model_name="takeover",
            name="layout",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="takeovers",
                to="programme.layout",
            ),
        ),
        migrations.AddField(
            model_name="takeover",
            name="screens",
            field=models.ManyToManyField(blank=True, related_name="takeovers", to="screens.screen"),
        ),
        migrations.AddField(
            model_name="zone",
            name="layout",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="zones",
                to="programme.layout",
            ),
        ),
        migrations.AddField(
            model_name="zone",
            name="playlist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="zones",
                to="programme.playlist",
            ),
        ),
        migrations.AddConstraint(
            model_name="layout",
            constraint=models.UniqueConstraint(
                fields=("department", "name"), name="layout_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="layout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("canvas_height__range", (16, 16384)), ("canvas_width__range", (16, 16384))
                ),
                name="layout_canvas_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("duration_s__range", (1, 604800))),
                name="entry_duration_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="playlist",
            constraint=models.UniqueConstraint(
                fields=("department", "name"), name="playlist_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="playlistitem",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("playlist", "position"),
                name="item_position_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="playlistitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("duration_ms__isnull", True),
                    ("duration_ms__range", (100, 86400000)),
                    _connector="OR",
                ),
                name="item_duration_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="playlistitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__range", (1, 20))), name="item_weight_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="playlistitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="item_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="takeover",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                name="takeover_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.UniqueConstraint(fields=("layout", "slug"), name="zone_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.CheckConstraint(
                condition=models.Q(("height__gte", 1), ("width__gte", 1)), name="zone_has_a_size"
            ),
        ),
    ]
