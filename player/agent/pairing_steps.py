"""The steps of a pairing as part of a round: what comes of each is told, and how long to wait."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from content_cache.backoff import retry_delay_s
from content_cache.errors import StorageError
from content_cache.faults import Fault
from content_cache.fetch_errors import Cancelled, FetchError
from content_cache.link_state import LinkState
from player.agent.pairing import Pairing
from player.agent.situation import Board
from player.clock import Clock
from player.errors import PlayerError

__all__ = ["PairingSteps", "Tell"]

log = logging.getLogger("agent.pairing")

#: A box that the server will not pair asks again after this.
REFUSED_S = 300.0


@dataclass(frozen=True)
class Tell:
    """Whom a round tells: `faults(subject, faults, now)`, `activated(now)`, and `pairing()` when
    a step of the pairing was made, long before a first download has ended.
    """

    faults: Callable[[str, list[Fault], datetime], None]
    activated: Callable[[datetime], None]
    pairing: Callable[[], None]


class PairingSteps:
    """Takes the steps of one pairing.  One thread: the poll's."""

    def __init__(
        self,
        pairing: Pairing,
        link: LinkState,
        *,
        clock: Clock,
        board: Board,
        tell: Tell,
        chance: Callable[[], float],
    ) -> None:
        self._pairing, self._link = pairing, link
        self._clock, self._board, self._tell, self._chance = clock, board, tell, chance
        self._failures = 0

    def step(self) -> float:
        """Take a step; return the seconds until the next.  Never raises for the outside world."""
        now = self._clock.now()
        try:
            wait_s = self._pairing.step()
        except Cancelled:
            return 0.0
        except FetchError as error:
            self._failures += 1
            self._link.failed(now, error.code, str(error))
            self._board.note(link="down", link_reason=str(error))
            return retry_delay_s(self._failures, self._chance())
        except StorageError as error:
            self._tell.faults("pairing", [Fault.of(error)], now)
            return REFUSED_S
        except PlayerError as error:
            log.error("%s", error)
            self._tell.faults("pairing", [Fault("PAIRING", "E", str(error))], now)
            return REFUSED_S
        self._link.worked(now)
        self._failures = 0
        self._tell.faults("pairing", [], now)
        return wait_s

    def note(self) -> None:
        """Say how far it is, on the board and on the slate."""
        kept = self._pairing.kept
        who = kept.credential
        self._board.note(
            screen=f"{who.site}/{who.screen}" if who else "",
            name=who.name if who else "",
            code=kept.claim.code if kept.claim else "",
            token_refused=kept.refused,
        )
        self._tell.pairing()
