"""Whom a box trusts: the root that is pinned when it is paired, and that nothing replaces later.

Pure but for fetching roots.  Three cases, in this order:

1. `trust.root_sha256` in the settings: a root with that fingerprint, and no other.
2. The box has pinned a root before: that one, whatever the server offers now.  A server that lies
   "your token is unknown" must not be able to hand over a root of its own.
3. Neither: the root that is offered, by the fingerprint that is shown on both sides.
"""

from collections.abc import Callable

from manifest.errors import ManifestError
from manifest.trust_state import TrustState, decode_state, fingerprint, pair, root_of
from player.agent.errors import RootRefused
from player.agent.interface import Paired
from player.agent.keyring import Credential

__all__ = ["credential_of", "grouped", "pinned_root", "trust_of"]

#: The first roots of an organisation, among which one that the settings name is looked for.
ROOTS_LOOKED_AT = 32


def credential_of(
    paired: Paired, wanted: str, pinned: bytes | None, fetch_root: Callable[[int], bytes | None]
) -> Credential:
    """What to keep of a pairing.  Raises `RootRefused`; then nothing of it may be kept.

    `wanted` is the fingerprint that the settings name ("" for none), `pinned` the envelope of the
    root that this box trusts already.  `fetch_root` gives root n, None where there is none.
    """
    root = _root(paired, wanted, pinned, fetch_root)
    try:
        pair(root, fingerprint(root), paired.site, paired.screen)
    except ManifestError as error:
        raise RootRefused(f"the root that the server offers is none: {error}") from error
    return Credential(
        paired.token,
        paired.organisation,
        paired.site,
        paired.screen,
        paired.name,
        root,
        fingerprint(root),
    )


def _root(
    paired: Paired, wanted: str, pinned: bytes | None, fetch_root: Callable[[int], bytes | None]
) -> bytes:
    offered = bytes(paired.root)
    try:
        if wanted:
            return _wanted(wanted, offered, pinned, fetch_root)
        if pinned is not None:
            return pinned
        if fingerprint(offered) == paired.root_sha256:
            return offered
    except ManifestError as error:
        raise RootRefused(f"the root that the server offers is none: {error}") from error
    raise RootRefused("the root that the server offers is not the one that it names")


def _wanted(
    wanted: str, offered: bytes, pinned: bytes | None, fetch_root: Callable[[int], bytes | None]
) -> bytes:
    """The root that the settings name; it may be an older one than that which is offered."""
    for known in (pinned, offered):
        if known is not None and fingerprint(known) == wanted:
            return known
    for version in range(1, ROOTS_LOOKED_AT + 1):
        root = fetch_root(version)
        if root is None:
            break
        if fingerprint(root) == wanted:
            return root
    raise RootRefused(
        f"the server offers the root {grouped(fingerprint(offered))}, and trust.root_sha256 is "
        f"{grouped(wanted)}: this box will not follow it; correct one of the two"
    )


def pinned_root(credential: Credential | None, remembered: bytes) -> bytes | None:
    """The newest root that this box trusts: of the trust that was remembered, else of the pairing.

    `remembered` is what `Generations.trust` gives.
    """
    try:
        state = decode_state(remembered)
        root_of(state)
    except ManifestError:
        return credential.root if credential else None
    return state.root


def trust_of(credential: Credential) -> TrustState:
    """The state in which the trust of this screen begins."""
    return pair(credential.root, credential.root_sha256, credential.site, credential.screen)


def grouped(sha256: str) -> str:
    """A fingerprint as a person compares it: 16 groups of four."""
    return " ".join(sha256[at : at + 4] for at in range(0, len(sha256), 4))
