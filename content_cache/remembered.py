"""Where trust goes on from when a pass begins: what the disk remembers, or the pairing.

Called by `sync`; decides nothing about documents (`manifest.trust` does), only which of two states
is the one to begin with, and that its floor is not below what is on the disk.
"""

import hashlib

from msgspec.structs import replace

from content_cache.generations import Generation, Generations
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestError
from manifest.trust_state import KEPT_ACTIVATIONS, Mark, TrustState, decode_state, root_of

__all__ = ["payload_digest", "remembered_state"]


def remembered_state(generations: Generations, paired: TrustState) -> TrustState:
    """The state that was remembered; if it is lost, or another screen's, that of the pairing."""
    try:
        state = decode_state(generations.trust())
        root_of(state)
    except ManifestError:  # never written yet, or damaged
        state = paired
    if (state.site, state.screen) != (paired.site, paired.screen):
        state = paired
    return _with_floor(state, generations.current())


def payload_digest(generation: Generation) -> str:
    """The SHA-256 of the manifest itself, by which trust knows it."""
    payload = open_envelope(generation.envelope, DocumentType.MANIFEST).payload
    return hashlib.sha256(payload).hexdigest()


def _with_floor(state: TrustState, current: Generation | None) -> TrustState:
    """Never below the generation on the disk, should `state` be older than that.

    It is older if it does not know that generation's activation.  If it does, a lower floor is
    meant: a root of a new epoch has reset it.
    """
    if current is None or current.manifest.screen != state.screen:
        return state
    sha256, version = payload_digest(current), current.manifest.version
    if sha256 in state.activated or (state.manifest and state.manifest.version > version):
        return state
    known = (sha256, *state.activated)[:KEPT_ACTIVATIONS]
    return replace(state, manifest=Mark(version, sha256), activated=known)
