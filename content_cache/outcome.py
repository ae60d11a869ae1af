"""How a sync pass ended, as a value: for the agent's decision, the log, and the report home.

Made by `sync`; read by the agent.  Nothing here acts.
"""

from dataclasses import dataclass
from enum import StrEnum

from content_cache.errors import CacheError
from content_cache.faults import Fault
from content_cache.fetch_errors import ServerRefused
from content_cache.known import Answered, Known
from manifest import errors as manifest_errors
from manifest.trust import Flag

__all__ = ["Ending", "SyncOutcome", "fault_of", "retry_after_of"]


class Ending(StrEnum):
    """What came of a pass.  In every case but the first the wall goes on with what it had."""

    #: A new generation is current.
    ACTIVATED = "activated"
    #: The newest generation is current already, and complete.
    UNCHANGED = "unchanged"
    #: The release waits for the download window; nothing of it is needed within the hour.
    DEFERRED = "deferred"
    #: No document could be had from the server.
    UNREACHED = "unreached"
    #: A document came and was refused; the faults say why.
    REFUSED = "refused"
    #: Blobs are missing still; the next pass goes on where this one stopped.
    INCOMPLETE = "incomplete"
    #: The disk failed, or has no room.
    STORAGE_FAILED = "storage failed"
    #: The pass was told to stop.
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """The end of a pass.

    `version` is that of the manifest that the pass was about, None if it never learned of one.
    `faults` are what stood in the way, the decisive one first, then one for each cause.
    `bytes_fetched` came over the network in this pass; `bytes_left` and `blobs_left` are still
    missing of `version`.  `retry_after_s` is the server's wish, None if it had none.  `known` is
    for the next pass (None: it looks at everything), `answered` is set if a challenge was, and
    `flags` are what the pass went on in spite of.
    """

    ending: Ending
    version: int | None = None
    faults: tuple[Fault, ...] = ()
    bytes_fetched: int = 0
    bytes_left: int = 0
    blobs_left: int = 0
    retry_after_s: float | None = None
    known: Known | None = None
    answered: Answered | None = None
    flags: frozenset[Flag] = frozenset()

    @property
    def is_good(self) -> bool:
        """Is there nothing to mend?  If there is, try again after a delay (`backoff`)."""
        return self.ending in (Ending.ACTIVATED, Ending.UNCHANGED, Ending.DEFERRED)

    def __str__(self) -> str:
        about = "" if self.version is None else f" (manifest {self.version})"
        left = f", {self.bytes_left:,} bytes left" if self.bytes_left else ""
        why = f": {self.faults[0].sentence}" if self.faults else ""
        return f"{self.ending}{about}{left}{why}"


#: The code of each refusal in reports; the severity is C where somebody may be at work.
_REFUSALS: dict[type[manifest_errors.ManifestError], tuple[str, str]] = {
    manifest_errors.ManifestFormatError: ("MALFORMED", "C"),
    manifest_errors.BadSignature: ("SIGNATURE", "C"),
    manifest_errors.Unapproved: ("UNAPPROVED", "C"),
    manifest_errors.WrongDocument: ("KEY_ROLE", "C"),
    manifest_errors.WrongAudience: ("WRONG_AUDIENCE", "C"),
    manifest_errors.TooLarge: ("TOO_LARGE", "C"),
    manifest_errors.RolledBack: ("ROLLBACK", "C"),
    manifest_errors.Equivocated: ("EQUIVOCATION", "C"),
    manifest_errors.FastForward: ("FAST_FORWARD", "C"),
    manifest_errors.DigestMismatch: ("HASH", "C"),
    manifest_errors.StaleFreshness: ("STALE", "W"),
    manifest_errors.Expired: ("EXPIRED", "E"),
    manifest_errors.RootChainBroken: ("ROOT_CHAIN", "E"),
}


def fault_of(error: CacheError | manifest_errors.ManifestError) -> Fault:
    """The fault that an error of a pass amounts to."""
    if isinstance(error, CacheError):
        return Fault.of(error)
    code, severity = _REFUSALS.get(type(error), ("REFUSED_DOCUMENT", "C"))
    return Fault(code, severity, str(error))


def retry_after_of(error: CacheError) -> float | None:
    """How long the server asked us to wait, in seconds, if it is the server that refused."""
    return error.retry_after_s if isinstance(error, ServerRefused) else None
