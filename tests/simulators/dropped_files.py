"""Drops real files and folders onto a page, as a file manager does: by the browser's own wire."""

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

__all__ = ["drop_files"]


def drop_files(page: Page, onto: str, paths: Iterable[Path]) -> None:
    """Carry `paths` over the page and let go of them in the middle of `onto`."""
    place = page.locator(onto)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None, f"there is no {onto} to drop onto"
    carried = {"items": [], "files": [str(each) for each in paths], "dragOperationsMask": 1}
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": carried}
    wire = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        wire.send("Input.dispatchDragEvent", {"type": kind, **at})
    wire.detach()
