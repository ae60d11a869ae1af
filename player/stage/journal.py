"""What is kept of what happens: the breadcrumb at once, proof of play and faults by the clerk."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from player.clock import Clock
from player.stage.breadcrumb import Breadcrumb
from player.stage.clerk import Clerk
from player.stage.options import Append
from player.stage.programme import Programme
from player.stage.scene import Take, identity

if TYPE_CHECKING:
    from player.ledger import FaultLedger

__all__ = ["StageJournal"]

PLAYED = "played"
RECEIPT = "receipt"

#: How bad each of the stage's faults is (docs/player.md); whatever is not named: W.
_SEVERITIES = {"CRASHED": "E", "QUARANTINE": "E", "CLOCK_STEP": "I"}

#: What happens at an instant, and is over with it.
_MOMENTS = frozenset({"CLOCK_STEP", "WORN_OUT"})


class StageJournal:
    """`director.Journal` and `zone_listener.Touched`, on the outbox.

    `append` or `cache` None: nobody asks for reports.  The ledger of faults is in the cache at
    `cache`, for the agent to read; it is opened when the first fault is told or is over.
    """

    def __init__(
        self,
        breadcrumb: Breadcrumb,
        clerk: Clerk,
        append: Append | None,
        clock: Clock,
        cache: Path | None,
    ) -> None:
        self._clock = clock
        self._breadcrumb = breadcrumb
        self._clerk = clerk
        self._append = append
        self._cache = cache
        self._ledger: FaultLedger | None = None
        self._since: dict[str, tuple[Take, datetime]] = {}
        self._programme: Programme | None = None
        self._sweeps = False

    # -- what is touched -------------------------------------------------------------------------

    def preparing(self, take: Take) -> None:
        """See `Touched`."""
        subject = self._programme.subject_of(take) if self._programme else take.item.id
        self._breadcrumb.preparing(take, subject)

    def rested(self, take: Take) -> None:
        """See `Touched`."""
        self._breadcrumb.rested(take, self._clock.monotonic())

    def entering(self, take: Take) -> None:
        """See `Touched`."""
        self._breadcrumb.entering(take)

    def released(self, take: Take) -> None:
        """See `Touched`."""
        self._breadcrumb.released(take)

    def presented(self) -> None:
        """A frame of everything that is shown stood on the glass."""
        for take, _at in self._since.values():
            self._breadcrumb.presented(take)

    def tick(self) -> None:
        """About once a second."""
        self._breadcrumb.pass_to(self._clock.monotonic())
        if self._sweeps and self._programme is not None:
            self._sweeps = False
            self._forget_all_but(self._programme)

    # -- what is played --------------------------------------------------------------------------

    def shown(self, take: Take, at: datetime) -> None:
        """See `Journal`."""
        self._since[take.zone] = (take, at)

    def ended(self, take: Take, at: datetime) -> None:
        """See `Journal`."""
        began = self._since.pop(take.zone, None)
        if began is None or at <= began[1]:
            return
        programme, since = self._programme, began[1]
        self._report(
            PLAYED,
            lambda: {
                "item": take.item.id,
                "asset": take.item.asset,
                "sha256": identity(take.asset),
                "zone": take.zone,
                "from": _written(since),
                "until": _written(at),
                "version": programme.manifest.version if programme else None,
            },
        )

    def taken_up(self, programme: Programme, at: datetime) -> None:
        """From `at` on this is the programme: on the glass, not only on the disk."""
        self._programme = programme
        if programme.sha256:
            told = {"version": programme.manifest.version, "sha256": programme.sha256}
            self._report(
                RECEIPT,
                lambda: told | {"activated_at": _written(at), "shown_at": _written(at)},
            )
        self._sweeps = True

    def close(self, at: datetime) -> None:
        """The show ends: what is on screen was played until now."""
        for take, _began in list(self._since.values()):
            self.ended(take, at)

    # -- what is wrong ---------------------------------------------------------------------------

    def fault(self, code: str, subject: str, reason: str) -> None:
        """See `Journal`."""
        now = self._clock.now()

        def told(ledger: "FaultLedger") -> None:
            from content_cache.faults import Fault

            ledger.begin(subject, Fault(code, _SEVERITIES.get(code, "W"), reason), now)
            if code in _MOMENTS:
                ledger.well(subject, now)

        self._note(told)

    def well(self, subject: str, still: Collection[str] = ()) -> None:
        """See `Journal`."""
        now = self._clock.now()
        self._note(lambda ledger: ledger.well(subject, now, still))

    def _forget_all_but(self, programme: Programme) -> None:
        """Nothing is wrong any more with what is not in the programme."""
        now = self._clock.now()

        def told(ledger: "FaultLedger") -> None:
            if ledger.open:
                ledger.keep_only(_subjects(programme), now)

        self._note(told)

    # -- how -------------------------------------------------------------------------------------

    def _report(self, kind: str, record: Callable[[], dict[str, Any]]) -> None:
        if self._append is not None:
            append = self._append
            self._clerk.do(lambda: append(kind, record()))

    def _note(self, tell: Callable[["FaultLedger"], None]) -> None:
        if self._append is not None and self._cache is not None:
            append, root = self._append, self._cache
            self._clerk.do(lambda: tell(self._opened(append, root)))

    def _opened(self, append: Append, root: Path) -> "FaultLedger":
        """On the clerk's thread: what it stands on is of no use to the first picture."""
        from content_cache.disk import RealDisk
        from player.ledger import STAGE_FAULTS, FaultLedger

        if self._ledger is None:
            self._ledger = FaultLedger(root / STAGE_FAULTS, RealDisk(), append)
        return self._ledger


def _subjects(programme: Programme) -> frozenset[str]:
    """What faults call the items of `programme`."""
    manifest = programme.manifest
    return frozenset(
        programme.subject(item.id, manifest.assets[item.asset].title)
        for playlist in manifest.playlists.values()
        for item in playlist.items
    )


def _written(at: datetime) -> str:
    from scheduler.report import written  # on the clerk's thread: no reason to start later

    return written(at)
