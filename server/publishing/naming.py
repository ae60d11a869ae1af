"""People's words for the ids in manifests: `l7` is "Lobby, morning".

For the dry run and for reviews.  Reads only.
"""

from collections.abc import Iterable, Iterator

from manifest.model import Manifest
from server.programme.models import Entry, Layout, Playlist, Takeover
from server.publishing.facts import Facts

__all__ = ["names_in"]


def names_in(facts: Facts, before: Iterable[Manifest]) -> dict[str, str]:
    """People's words for the ids in manifests, as far as the things are still there."""
    found = {f"l{pk}": each.name for pk, each in facts.layouts.items()}
    found |= {f"p{pk}": each.name for pk, each in facts.playlists.items()}
    found |= {f"e{each.pk}": each.name for each in facts.entries}
    found |= {f"t{each.pk}": each.name for each in facts.takeovers}
    gone = {id_.rpartition(".")[2] for each in before for id_ in _ids(each)} - found.keys()
    for letter, model in (("l", Layout), ("p", Playlist), ("e", Entry), ("t", Takeover)):
        pks = [int(id_[1:]) for id_ in gone if id_.startswith(letter)]
        named = model._default_manager.filter(pk__in=pks)  # noqa: SLF001  (Django's own name)
        found |= {f"{letter}{pk}": name for pk, name in named.values_list("pk", "name")}
    return found


def _ids(manifest: Manifest) -> Iterator[str]:
    yield from manifest.layouts
    yield from manifest.playlists
    yield from (each.id for each in manifest.entries)
    yield from (each.id for each in manifest.takeovers)
