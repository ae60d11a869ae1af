"""What a page tells its reader of a refusal, and what is no matter of a page: a missing right.

Every view that catches an `ApplicationError` takes its sentence here, so that who may not do a
thing is answered 403 everywhere, as in the interface for scripts.
"""

from server.errors import ApplicationError, RightMissing

__all__ = ["sentence_of"]


def sentence_of(error: ApplicationError) -> str:
    """Return the sentence in the reader's language; a missing right is raised again."""
    if isinstance(error, RightMissing):
        raise error
    return error.message.local()
