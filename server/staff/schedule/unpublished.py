"""Which entries are arranged otherwise than the newest publications have them: for the week.

An entry counts as published where the manifest that a screen was told last has it in the same
window, with the same layout and priority.  What a layout or a playlist holds is not compared here:
the page of publishing does that.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from manifest.model import Entry, Manifest
from server.publishing.glass import manifest_of, ready
from server.publishing.selectors import told
from server.staff.schedule.standing import Standing

__all__ = ["Draft", "drafts_of"]

#: Nowhere published yet; or published otherwise, or only on some of its screens.
Draft = Literal["new", "changed"]

#: So many different publications are looked at; entries of other screens get no mark.
MOST_MANIFESTS = 24


def drafts_of(standing: Standing) -> dict[str, Draft]:
    """The entries (their ids in manifests) that are not published as they stand.

    Two queries; manifests that were read before are kept.
    """
    newest = told([pk for wall in standing.walls for pk in wall.screens])
    contents = {each.content_sha256: each for each in newest.values()}
    looked_at = dict(list(contents.items())[:MOST_MANIFESTS])
    ready(looked_at.values())
    manifests = {sha256: manifest_of(each) for sha256, each in looked_at.items()}
    verdicts: dict[str, set[str]] = {}
    for wall in standing.walls:
        published = {
            newest[pk].content_sha256 if pk in newest else None for pk in wall.screens
        }  # fmt: skip
        for sha256 in published:
            if sha256 is None or sha256 in manifests:
                for entry, verdict in _verdicts(wall.manifest, manifests, sha256):
                    verdicts.setdefault(entry, set()).add(verdict)
    return {
        entry: "new" if found == {"new"} else "changed"
        for entry, found in verdicts.items()
        if found != {"same"}
    }


def _verdicts(
    arranged: Manifest, manifests: Mapping[str, Manifest], sha256: str | None
) -> Iterator[tuple[str, str]]:
    """What each entry of a wall is against one publication; None: nothing was published."""
    entries = () if sha256 is None else manifests[sha256].entries
    known = {each.id: each for each in entries}
    for each in arranged.entries:
        before = known.get(each.id)
        yield each.id, "new" if before is None else "same" if _alike(each, before) else "changed"


def _alike(one: Entry, other: Entry) -> bool:
    return (one.layout, one.priority, one.window) == (other.layout, other.priority, other.window)
