"""Why something was not published: the refusals that callers tell apart."""

from server.errors import ApplicationError, Conflict, Invalid, NotFound, Unavailable

__all__ = [
    "BlobMissing",
    "ClockBehind",
    "LeftBehind",
    "NoSigner",
    "NotApproved",
    "NotConfirmed",
    "NotCurrent",
    "NotDrawable",
    "NothingToShow",
    "NothingToUndo",
    "NoticeBinds",
    "PreviewFailed",
    "PreviewMissing",
    "ProgrammeInvalid",
    "RootRefused",
]


class NoSigner(ApplicationError):
    """The signing keys are missing, unreadable or others than the root names (S22)."""

    status = 503
    code = "NO_SIGNER"


class ClockBehind(ApplicationError):
    """The server's clock is before the last publication (W09)."""

    status = 503
    code = "SERVER_CLOCK"


class BlobMissing(ApplicationError):
    """A file that the manifest would name is not in the store, or damaged there (S18)."""

    status = 503
    code = "BLOB_MISSING"


class ProgrammeInvalid(Invalid):
    """The programme cannot be written as a manifest: too much of something, or a foreign value."""

    code = "PROGRAMME_INVALID"


class NotConfirmed(Conflict):
    """Screens would show nothing, or less than meant: publish again with `confirmed` (M18)."""

    code = "NOT_CONFIRMED"


class NotCurrent(Conflict):
    """What would be published is not what was looked at in the dry run (S06, S26)."""

    code = "NOT_CURRENT"


class LeftBehind(Conflict):
    """Whoever wished for this picture has wished for another since: nobody waits for it."""

    code = "LEFT_BEHIND"


class NoticeBinds(Conflict):
    """A public notice would end before its time, or have less of an hour than it is owed."""

    code = "NOTICE_BINDS"


class NothingToUndo(Conflict):
    """No earlier publication is there to go back to."""

    code = "NOTHING_TO_UNDO"


class NotApproved(Invalid):
    """The signatures that were brought are not approvals of a waiting publication (level 2)."""

    code = "NOT_APPROVED"


class NotDrawable(Invalid):
    """Something that is due at the instant of a preview cannot be drawn, as on the wall."""

    code = "NOT_DRAWABLE"


class NothingToShow(NotFound):
    """No manifest was published for this screen yet, so there is nothing to preview."""

    code = "NOTHING_PUBLISHED"


class PreviewFailed(Unavailable):
    """The stage that draws previews does not answer on this server."""

    code = "PREVIEW_FAILED"


class PreviewMissing(Unavailable):
    """What the stage needs is not installed on this server, so nothing can be drawn here."""

    code = "PREVIEW_MISSING"


class RootRefused(Invalid):
    """A root that the screens would refuse, so it is not installed."""

    code = "ROOT_REFUSED"
