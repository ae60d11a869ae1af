"""Writes what a search looks through for the assets that were there before."""

from typing import Any

from django.db import migrations

from server.library.search import search_text

#: Rows that are in memory at a time.
CHUNK_ROWS = 500


def fill(apps: Any, _schema: Any) -> None:
    """Write `search` of every asset that has none."""
    assets = apps.get_model("library", "Asset")
    for asset in assets.objects.filter(search="").iterator(chunk_size=CHUNK_ROWS):
        text = search_text(asset.title, asset.original_name)
        assets.objects.filter(pk=asset.pk).update(search=text)


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0003_tags_search_bin_and_cuts"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
