"""The parts of the interface for scripts that are tried one after the other, each on a server.

Each part has a server of its own, so that one's changes leave the other be.  `test_parts.py` sees
to it that every path of the document belongs to exactly one; the integration test tries them all.
"""

__all__ = ["PARTS", "regex_of"]

#: The first words of the paths of each part.
PARTS: dict[str, tuple[str, ...]] = {
    "programme": ("playlists", "layouts", "entries", "takeovers"),
    "house": (
        *("screens", "groups", "sites", "departments", "enrolment-keys", "assets", "uploads"),
        *("states", "faults", "plays", "publish", "releases", "calendar", "tags", "people"),
        *("account", "reports", "audit"),
    ),
    "urgent and from elsewhere": (
        *("emergencies", "alerts", "heard", "plans", "cap", "notices", "datasets", "cards"),
        *("streams", "submissions", "openapi.json", "web-pages"),
    ),
}


def regex_of(part: str) -> str:
    """What `schemathesis --include-path-regex` takes for a part: whole first words."""
    return f"^/({'|'.join(PARTS[part])})(/|$)"
