"""Who waits for a picture: one is drawn at a time, in the order in which they were wished for.

For `publishing.preview`.  Knows nothing of pictures.  The queue has an end, nobody waits for ever,
and of the wishes of one line (a slider that somebody drags) only the newest is waited for: whoever
has gone on is let go at once, so that twenty people who scrub wait for twenty pictures, not for all
that they dragged past.
"""

import contextlib
import threading
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from server.errors import Busy
from server.publishing.errors import LeftBehind

__all__ = ["MOST_WAITING", "PATIENCE_S", "RETRY_AFTER_S", "Turns", "busy"]

#: How long a picture waits for those before it, and when it is worth asking again, in seconds.
PATIENCE_S = 20.0
RETRY_AFTER_S = 5

#: So many wait at once: what would come after them is refused at once, before it has waited.
MOST_WAITING = 40


class _Wish:
    """One who waits; wishes are told apart by who they are, not by what is in them."""

    def __init__(self, line: str | None) -> None:
        self.line = line
        self.is_left_behind = False


class Turns:
    """One turn at a time, for the threads of this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_Wish] = []
        self._is_taken = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextlib.contextmanager
    def turn(self, line: str | None = None) -> Iterator[None]:
        """Wait for a turn, and have it.

        A newer wish of the same `line` takes the place of one that waits; None stands for itself.
        Raises `LeftBehind` in whoever lost their place so, `Busy` if too many wait, or too long.
        """
        self._wait(_Wish(line))
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()

    def _wait(self, wish: _Wish) -> None:
        with self._changed:
            self._enter(wish)
            try:
                is_due = self._changed.wait_for(lambda: self._is_due(wish), PATIENCE_S)
            finally:
                if wish in self._waiting:
                    self._waiting.remove(wish)
            if wish.is_left_behind:
                raise LeftBehind(_("A later moment was asked for instead of this one."))
            if not is_due:
                raise busy()
            self._is_taken = True

    def _enter(self, wish: _Wish) -> None:
        for place, each in enumerate(self._waiting):
            if wish.line is not None and each.line == wish.line:
                each.is_left_behind = True
                self._waiting[place] = wish
                self._changed.notify_all()
                return
        if len(self._waiting) >= MOST_WAITING:
            raise busy()
        self._waiting.append(wish)

    def _is_due(self, wish: _Wish) -> bool:
        return wish.is_left_behind or (not self._is_taken and self._waiting[0] is wish)


def busy() -> Busy:
    """What is said to whoever waits in vain."""
    message = _("Others are waiting for their previews: try again.")
    return Busy(message, retry_after_s=RETRY_AFTER_S)
