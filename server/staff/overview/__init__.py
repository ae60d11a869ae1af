"""Page 1: the wall of screens, what is wrong, what waits for me, what goes on air today."""

from server.staff.overview.seen import Seen, standings_of

__all__ = ["Seen", "standings_of"]
