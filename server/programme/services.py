"""The front door for writing the programme: playlists, layouts, entries, takeovers, the calendar.

Services are called with keywords, take `actor` (None is the server itself) and `now`, check rights
and values, write in one transaction together with the audit, and raise `ApplicationError`s.
Nothing here reaches a screen: `publishing.services` does that.
"""

from server.programme.calendar_days import (
    calendar_clear,
    calendar_import,
    calendar_set,
    calendar_year,
)
from server.programme.entries import (
    entry_change,
    entry_create,
    entry_delete,
    screen_fallback,
    takeover_create,
)
from server.programme.layouts import layout_change, layout_create, layout_delete
from server.programme.playlist_saving import playlist_save
from server.programme.playlists import (
    playlist_append,
    playlist_change,
    playlist_create,
    playlist_delete,
)

__all__ = [
    "calendar_clear",
    "calendar_import",
    "calendar_set",
    "calendar_year",
    "entry_change",
    "entry_create",
    "entry_delete",
    "layout_change",
    "layout_create",
    "layout_delete",
    "playlist_append",
    "playlist_change",
    "playlist_create",
    "playlist_delete",
    "playlist_save",
    "screen_fallback",
    "takeover_create",
]
