"""What can go wrong in the player, named after causes; every message is a sentence for a person."""

__all__ = ["NothingToShow", "PlayerError", "QmlLoadError", "SourceUnusable"]


class PlayerError(Exception):
    """Base of all errors of the player."""


class SourceUnusable(PlayerError):  # noqa: N818  (names the cause)
    """The folder, manifest or cache that was named on the command line cannot be read at all."""


class QmlLoadError(PlayerError):
    """A QML file of the installation does not load: a broken installation or our bug."""


class NothingToShow(PlayerError):  # noqa: N818  (names the cause)
    """`grab` found nothing on screen at that instant, or an item that cannot be drawn."""
