"""What can go wrong when a box is paired, named after causes; the messages are for people."""

from player.errors import PlayerError

__all__ = ["NoPicture", "PairingGone", "PairingRefused", "RootRefused", "UnexpectedAnswer"]


class PairingGone(PlayerError):  # noqa: N818  (names the cause)
    """The code expired, or was used: a new one is asked for."""


class PairingRefused(PlayerError):  # noqa: N818  (names the cause)
    """The server will not pair this box: its enrolment key is used up, or it has too many boxes."""


class RootRefused(PlayerError):  # noqa: N818  (names the cause)
    """The server offers a root that is not the one this box was told, or has, to trust."""


class UnexpectedAnswer(PlayerError):  # noqa: N818  (names the cause)
    """The server answered something else than the interface for players says: look at versions."""


class NoPicture(PlayerError):  # noqa: N818  (names the cause)
    """There is no picture of the glass to be had: no stage runs, or no display shows its window."""
