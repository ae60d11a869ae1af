"""A manifest that was accepted, and the moment when it becomes the floor for all later ones.

Between the two lies the download of its files, which may take days: so a `Candidate` is a value
that outlives the pass that accepted it, and `activated` checks it against the state of its moment.
"""

from msgspec import Struct
from msgspec.structs import replace

from manifest.errors import RolledBack
from manifest.model import Manifest
from manifest.trust_state import KEPT_ACTIVATIONS, Mark, TrustState, root_of

__all__ = ["Candidate", "Recalled", "activated"]


class Candidate(Struct, frozen=True):
    """A manifest that may be shown as soon as all its files are on the disk.

    `sha256` is that of its raw bytes; `expired` asks to be reported, not to be acted upon.
    """

    manifest: Manifest
    sha256: str
    epoch: int
    expired: bool
    bundle: Mark | None = None


class Recalled(Struct, frozen=True):
    """A manifest that was activated once and is on the disk unchanged."""

    manifest: Manifest
    sha256: str
    expired: bool


def activated(state: TrustState, candidate: Candidate) -> TrustState:
    """The state to persist when every file of the candidate is on the disk: the floor rises.

    Raises `RolledBack` if meanwhile a newer manifest was activated or a root of a new epoch came.
    """
    epoch = root_of(state).epoch
    if candidate.epoch != epoch:
        raise RolledBack(
            f"manifest {candidate.manifest.version} was accepted in epoch {candidate.epoch}, "
            f"and this is epoch {epoch}"
        )
    version, floor = candidate.manifest.version, state.manifest
    if floor is not None and version < floor.version:
        raise RolledBack(f"manifest {floor.version} was activated before this one, {version}")
    others = tuple(each for each in state.activated if each != candidate.sha256)
    return replace(
        state,
        manifest=Mark(version, candidate.sha256),
        bundle=_later(candidate.bundle, state.bundle),
        activated=(candidate.sha256, *others)[:KEPT_ACTIVATIONS],
    )


def _later(one: Mark | None, other: Mark | None) -> Mark | None:
    return max((each for each in (one, other) if each), key=lambda each: each.version, default=None)
