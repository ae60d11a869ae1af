"""Everything that may be done to the library, in one place: what views and commands call.

Each takes keyword arguments, `actor` and `now`, and writes its audit row in its own transaction.
"""

from server.library.assets import asset_delete, asset_restore, asset_retry, asset_withdraw
from server.library.authored import card_change, card_create, stream_create
from server.library.receiving import asset_from_file
from server.library.scrub import blobs_wanting
from server.library.uploading import (
    upload_append,
    upload_begin,
    upload_cancel,
    upload_finish,
    upload_offset,
)

__all__ = [
    "asset_delete",
    "asset_from_file",
    "asset_restore",
    "asset_retry",
    "asset_withdraw",
    "blobs_wanting",
    "card_change",
    "card_create",
    "stream_create",
    "upload_append",
    "upload_begin",
    "upload_cancel",
    "upload_finish",
    "upload_offset",
]
