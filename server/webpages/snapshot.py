"""One picture of one web page: asked through our gate, drawn at the size of a wall.

Called by `taking` in the worker.  It knows no database.
"""

import base64
import binascii
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from server.alerts.addresses import Resolve, system_resolve
from server.datasets.fetching import Rules, allowed_at, checked_address
from server.webpages.browser import Broken, Browser, TookTooLong, program
from server.webpages.errors import PageNotTaken
from server.webpages.gate import Gate

__all__ = ["LOAD_S", "SIZES", "Picture", "View", "snapshot"]

log = logging.getLogger("server.webpages")

#: What a wall has in pixels.
SIZES = {"16:9": (1920, 1080), "9:16": (1080, 1920)}

#: How long a page may load, and how long starting the browser and drawing may take, in seconds.
LOAD_S, AROUND_S = 30.0, 30.0

#: A page that has loaded is given this long to draw itself, in seconds, whatever was asked for.
SETTLE_S = 0.5

#: How often a page may lead on to another after it has loaded.
MOVES_LIMIT = 4

#: The hosts of a page that are remembered.
HOSTS_LIMIT = 200


class View(Struct, frozen=True):
    """What to take: `wait_s` after it has loaded; `scale_percent` 200 draws all twice as large."""

    url: str
    shape: str = "16:9"
    wait_s: int = 0
    scale_percent: int = 100


class Picture(Struct, frozen=True):
    """A PNG, and the hosts that the page asked for in vain because they may not be asked."""

    png: bytes
    left_out: tuple[str, ...] = ()


def snapshot(
    view: View,
    rules: Rules,
    *,
    timezone: str = "UTC",
    resolve: Resolve = system_resolve,
    load_s: float = LOAD_S,
    find: Callable[[], str | None] = program,
) -> Picture:
    """Take it.  Raises `FetchRefused` for an address, `PageNotTaken` for what came of it."""
    parts = checked_address(view.url, rules)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    allowed_at(host, port, rules.networks, resolve)  # so that nobody waits for a browser to hear it
    executable = find()
    if executable is None:
        raise PageNotTaken(
            "There is no browser on the server: let an administrator install Chromium"
            " (apt install chromium)."
        )
    page = _Page(host)
    try:
        with (
            Gate(rules, resolve) as gate,
            Browser(
                executable, proxy=f"http://127.0.0.1:{gate.port}", timezone=timezone,
                hear=page.hear, whole_s=AROUND_S + load_s + view.wait_s,
            ) as browser,
        ):  # fmt: skip
            png = page.taken(browser, view, load_s, gate)
            left_out = tuple(sorted(page.hosts & set(gate.refused)))
    except (Broken, TookTooLong, binascii.Error) as error:
        log.warning("the browser broke off at %s: %s", page.host, str(error) or "it took too long")
        raise PageNotTaken(
            "The browser broke off at %(host)s: it is tried again at the next turn.",
            values={"host": page.host},
        ) from error
    return Picture(png, left_out)


class _Page:
    """What is heard of one page while it loads."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.hosts: set[str] = set()
        self._browser: Browser | None = None
        self._session = self._frame = self._request = self._error = ""
        self._navigation = 0
        self._status = 200
        self._is_loaded = self._is_crashed = False

    def taken(self, browser: Browser, view: View, load_s: float, gate: Gate) -> bytes:
        """Load it, wait, and return the PNG.  Raises `PageNotTaken`, and what `browser` raises."""
        self._open(browser, view)
        self._navigation = browser.send("Page.navigate", {"url": view.url}, self._session)
        for _turn in range(MOVES_LIMIT):
            self._load(browser, load_s, gate)
            browser.listen(self._is_over, SETTLE_S + view.wait_s)
            if self._is_loaded:  # else it leads on, by a script or after a while
                break
        self._check(gate)
        shot = browser.call("Page.captureScreenshot", {"format": "png"}, self._session)
        self._check(gate)  # it may have gone elsewhere meanwhile
        return base64.b64decode(shot.get("data", ""), validate=True)

    def hear(self, message: dict[str, Any]) -> None:
        """Take what the browser says."""
        method, told = message.get("method"), message.get("params", {})
        if self._navigation and message.get("id") == self._navigation:
            self._error = str(message.get("result", {}).get("errorText", ""))
        elif not self._session or message.get("sessionId") != self._session:
            return
        elif method == "Page.loadEventFired":
            self._is_loaded = True
        elif method == "Page.javascriptDialogOpening" and self._browser:
            self._browser.send("Page.handleJavaScriptDialog", {"accept": False}, self._session)
        elif method == "Inspector.targetCrashed":
            self._is_crashed = True
        elif method == "Network.requestWillBeSent" and told.get("type") != "Document":
            if len(self.hosts) < HOSTS_LIMIT:
                self.hosts.add(_host(told))
        elif method and told.get("type") == "Document":
            self._hear_of_document(method, told)

    def _hear_of_document(self, method: str, told: dict[str, Any]) -> None:
        """Follow what the page itself is asked for; its frames are documents too, and not it."""
        if method == "Network.requestWillBeSent" and told.get("frameId") == self._frame:
            self.host = _host(told) or self.host
            self._request, self._is_loaded = str(told.get("requestId")), False
            self._status, self._error = 200, ""
        elif told.get("requestId") != self._request:
            return
        elif method == "Network.responseReceived":
            self._status = int(told.get("response", {}).get("status", 0))
        elif method == "Network.loadingFailed":
            self._error = str(told.get("errorText", "")) or "net::ERR_FAILED"

    def _is_over(self) -> bool:
        return bool(self._error) or self._is_crashed

    def _open(self, browser: Browser, view: View) -> None:
        self._browser = browser
        browser.call("Browser.setDownloadBehavior", {"behavior": "deny"})
        self._frame = str(browser.call("Target.createTarget", {"url": "about:blank"})["targetId"])
        tied = {"targetId": self._frame, "flatten": True}
        self._session = str(browser.call("Target.attachToTarget", tied)["sessionId"])
        for domain in ("Page", "Network", "Inspector"):
            browser.call(f"{domain}.enable", session=self._session)
        (width, height), scale = SIZES[view.shape], view.scale_percent / 100
        metrics = {
            "width": round(width / scale), "height": round(height / scale),
            "deviceScaleFactor": scale, "mobile": False,
        }  # fmt: skip
        browser.call("Emulation.setDeviceMetricsOverride", metrics, self._session)
        still = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
        browser.call("Emulation.setEmulatedMedia", still, self._session)
        self._is_loaded = False  # about:blank had loaded, too

    def _load(self, browser: Browser, load_s: float, gate: Gate) -> None:
        if not browser.listen(lambda: self._is_loaded or self._is_over(), load_s):
            raise PageNotTaken(
                "%(host)s has not loaded within %(seconds)d seconds.",
                values={"host": self.host, "seconds": round(load_s)},
            )
        self._check(gate)

    def _check(self, gate: Gate) -> None:
        """Raise unless what is shown is the page that was asked for, or one that it leads to."""
        if self._is_crashed:
            raise Broken("the page crashed")
        if not self._error and self._status < 400:
            return
        if (refused := gate.refused.get(self.host.lower())) is not None:
            raise refused
        if self._status >= 400:
            raise PageNotTaken(
                "%(host)s answered %(status)d, not with a page.",
                values={"host": self.host, "status": self._status},
            )
        raise PageNotTaken(
            "%(host)s shows no page: %(why)s.",
            values={"host": self.host, "why": self._error.removeprefix("net::")},
        )


def _host(told: dict[str, Any]) -> str:
    """The host of a request that is told of; "" where it has none."""
    try:
        return urlsplit(str(told.get("request", {}).get("url", ""))).hostname or ""
    except ValueError:
        return ""
