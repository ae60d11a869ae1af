"""What is kept of what happens: the breadcrumb at once, proof of play and faults by the clerk."""

from datetime import datetime
from typing import Any

from player.clock import Clock
from player.stage.breadcrumb import Breadcrumb
from player.stage.clerk import Clerk
from player.stage.options import Append
from player.stage.programme import Programme
from player.stage.scene import Take, identity

__all__ = ["StageJournal"]

PLAYED = "played"
FAULT = "fault"
RECEIPT = "receipt"


class StageJournal:
    """`director.Journal`, on the outbox (`append` None: nobody asks for reports)."""

    def __init__(
        self, breadcrumb: Breadcrumb, clerk: Clerk, append: Append | None, clock: Clock
    ) -> None:
        self._clock = clock
        self._breadcrumb = breadcrumb
        self._clerk = clerk
        self._append = append
        self._since: dict[str, tuple[Take, datetime]] = {}
        self._version: int | None = None

    def preparing(self, take: Take) -> None:
        """See `Journal`."""
        self._breadcrumb.preparing(take)

    def shown(self, take: Take, at: datetime) -> None:
        """See `Journal`."""
        self._since[take.zone] = (take, at)

    def released(self, take: Take) -> None:
        """See `Journal`."""
        self._breadcrumb.released(take)

    def presented(self) -> None:
        """A frame of everything that is shown stood on the glass."""
        for take, _at in self._since.values():
            self._breadcrumb.presented(take)

    def ended(self, take: Take, at: datetime) -> None:
        """See `Journal`."""
        began = self._since.pop(take.zone, None)
        if began is None or at <= began[1]:
            return
        self._report(
            PLAYED,
            {
                "item": take.item.id,
                "asset": take.item.asset,
                "sha256": identity(take.asset),
                "zone": take.zone,
                "from": _text(began[1]),
                "until": _text(at),
                "version": self._version,
            },
        )

    def taken_up(self, programme: Programme, at: datetime) -> None:
        """From `at` on this is the programme: on the glass, not only on the disk."""
        self._version = programme.manifest.version
        if programme.sha256:
            told = {"version": self._version, "sha256": programme.sha256}
            self._report(RECEIPT, told | {"activated_at": _text(at), "shown_at": _text(at)})

    def fault(self, code: str, subject: str, reason: str) -> None:
        """See `Journal`."""
        at = _text(self._clock.now())
        told = {"state": "opened", "code": code, "subject": subject, "reason": reason, "at": at}
        self._report(FAULT, told)

    def close(self, at: datetime) -> None:
        """The show ends: what is on screen was played until now."""
        for take, _began in list(self._since.values()):
            self.ended(take, at)

    def _report(self, kind: str, record: dict[str, Any]) -> None:
        if self._append is not None:
            append = self._append
            self._clerk.do(lambda: append(kind, record))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
