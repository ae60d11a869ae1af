"""The signs there are: the symbols of icons.svg, by name (a test compares)."""

__all__ = ["SIGNS"]

SIGNS = (
    "overview", "library", "playlist", "layout", "calendar", "review", "publish", "screen",
    "report", "people", "audit", "emergency", "person", "leave", "menu", "close", "add", "search",
    "filter", "edit", "delete", "undo", "play", "pause", "drag", "up", "down", "back", "next",
    "more", "clock", "warning", "done", "about", "help", "refresh", "look", "open", "upload",
    "download", "tag", "print", "wall", "bell", "copy", "table",
)  # fmt: skip
