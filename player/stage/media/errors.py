"""What can go wrong with pictures, videos and streams; each message is one sentence for people."""

__all__ = ["DecoderMissing", "MediaError", "MediaUnplayable"]


class MediaError(Exception):
    """Base of all errors of the media package."""


class DecoderMissing(MediaError):  # noqa: N818  (names the cause)
    """libVLC or its plugins are not installed, or refused its settings: no video can play."""


class MediaUnplayable(MediaError):  # noqa: N818  (names the cause)
    """A file or stream cannot be shown; the message says why and what to do."""
