"""Everything that may be done to the library, in one place: what views and commands call.

Each takes keyword arguments, `actor` and `now`, and writes its audit row in its own transaction.
"""

from server.library.assets import (
    asset_delete,
    asset_restore,
    asset_retry,
    asset_undelete,
    asset_withdraw,
)
from server.library.authored import card_change, card_create, stream_create
from server.library.cutting import asset_poster, asset_trim
from server.library.details import asset_change, assets_expire, assets_move, pages_pick
from server.library.receiving import asset_from_file
from server.library.replacing import asset_replace
from server.library.scrub import blobs_wanting
from server.library.tagging import tag_rename, tags_change
from server.library.uploading import (
    upload_append,
    upload_begin,
    upload_cancel,
    upload_finish,
    upload_offset,
    upload_twins,
    uploads_unfinished,
)

__all__ = [
    "asset_change",
    "asset_delete",
    "asset_from_file",
    "asset_poster",
    "asset_replace",
    "asset_restore",
    "asset_retry",
    "asset_trim",
    "asset_undelete",
    "asset_withdraw",
    "assets_expire",
    "assets_move",
    "blobs_wanting",
    "card_change",
    "card_create",
    "pages_pick",
    "stream_create",
    "tag_rename",
    "tags_change",
    "upload_append",
    "upload_begin",
    "upload_cancel",
    "upload_finish",
    "upload_offset",
    "upload_twins",
    "uploads_unfinished",
]
