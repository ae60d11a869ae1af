"""What web pages refuse beside the usual."""

from server.errors import Invalid

__all__ = ["PageNotTaken"]


class PageNotTaken(Invalid):
    """No picture of the page could be taken; the message says where and why."""

    code = "PAGE_NOT_TAKEN"
