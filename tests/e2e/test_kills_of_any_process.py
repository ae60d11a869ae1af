"""Server, agent and player die at random, again and again, while editors upload and publish.

Supervised as systemd would: what died is started again.  The wall is looked at all the time.  While
the player lives it shows whole items and nothing else, whoever else is dead; when it died it comes
back by itself.  What was acknowledged is there in the end: uploads with their bytes, releases, the
acts in the audit, and what the box reported; and the last publication is on the wall.
"""

import hashlib
import http.client
import os
import random
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from bench.content import PALETTE
from bench.demo.api import Api
from bench.demo.site import Site, free_port
from bench.framebuffer import Looker, VirtualDisplay
from command import Failed
from content_cache.disk import RealDisk
from content_cache.outbox import Outbox
from content_cache.segments import acknowledge, closed_segments
from tests.conftest import DEEP
from tests.e2e.witness import Records, Witness, plays_of, receipts_of
from tests.simulators.patience import until

pytestmark = pytest.mark.timeout(1800)

#: How long kills go on, and the span between two of them, in seconds.
KILLING_S = 600.0 if DEEP else 60.0
BETWEEN_S = (2.0, 6.0)
#: How long anything may take to come back, in seconds: a machine under load, not a goal.
PATIENCE_S = 90.0

FIRST, LAST = ("red", "yellow"), "blue"
ITEMS = 120 if DEEP else 12


def picture(folder: Path, colour: str, number: int = 0) -> Path:
    path = folder / f"{colour}-{number}.png"
    image = Image.new("RGB", (1920, 1080), PALETTE[colour])
    image.putpixel((960, 540), (number % 256, number // 256, 1))  # other bytes each time
    image.save(path)
    return path


class Editor(threading.Thread):
    """Uploads and publishes without end, and writes down what the server acknowledged."""

    def __init__(self, api: Api, folder: Path, playlist: int) -> None:
        super().__init__(name="editor")
        self._api, self._folder, self._playlist = api, folder, playlist
        self._over = threading.Event()
        self.assets: dict[int, str] = {}  # with the digest of what was sent
        self.releases: list[int] = []

    def run(self) -> None:
        number = 0
        while not self._over.wait(0.5):
            number += 1
            try:
                sent = self._picture(number)
                asset = self._api.upload(sent, f"n{number}")
                self.assets[asset] = hashlib.sha256(sent.read_bytes()).hexdigest()
                self._publish(number)
            except (Failed, OSError, http.client.HTTPException, ValueError):
                continue  # nobody said that it was done

    def _picture(self, number: int) -> Path:
        return picture(self._folder, FIRST[number % 2], number)

    def _publish(self, number: int) -> None:
        where = f"playlists/{self._playlist}/"
        known = self._api.call("GET", where)
        for item in known["items"]:
            item["duration_ms"] = 900 + number % 50
        self._api.call("PATCH", where, {"version": known["version"], "items": known["items"]})
        made = self._api.call("POST", "publish/", {"reason": f"n{number}", "confirmed": True})
        if made["release"]:
            self.releases.append(made["release"]["id"])

    def close(self) -> None:
        self._over.set()
        self.join(PATIENCE_S)
        assert not self.is_alive(), "an upload or a publication hangs"


class Supervisor:
    """Starts the three processes of a site, and starts again what was killed."""

    def __init__(self, site: Site, display: VirtualDisplay, seed: int) -> None:
        self._site, self._random = site, random.Random(seed)
        self._player = {"DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb"}
        self.killed = dict.fromkeys(("server", "agent", "player"), 0)

    def start_player(self) -> None:
        self._site.start_player(self._player)

    def wait_for_server(self) -> None:
        self._site.wait_for_server()

    def pause_s(self) -> float:
        return self._random.uniform(*BETWEEN_S)

    def kill_one(self) -> str:
        name = self._random.choice(sorted(self.killed))
        self.killed[name] += 1
        self._site.kill(name)
        if name == "server":
            self._site.launch_server()
        elif name == "agent":
            self._site.start_agent()
        else:
            self.start_player()
        return name


class Wall:
    """The glass, looked at."""

    def __init__(self, display: VirtualDisplay) -> None:
        self._looker = Looker(display.screen, ("red", "yellow", "blue"))
        self.looks = 0
        self.seen: set[str] = set()
        self.blank: list[str] = []

    def label(self) -> str:
        return self._looker.look()[0]

    def wait_for(self, *colours: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.label() not in colours:
            assert time.monotonic() < end, f"the wall shows {self.label()}, not one of {colours}"
            time.sleep(0.05)

    def watch(self, seconds: float) -> None:
        """Every look must be at a whole item; a torn one (half copied by X) is looked at again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            label = self.label()
            if label == "mixed":
                time.sleep(0.02)
                label = self.label()
            self.looks += 1
            self.seen.add(label)
            if label not in PALETTE:
                self.blank.append(label)
            time.sleep(0.02)


def arranged(api: Api, folder: Path) -> int:
    """A screen with pictures, one after the other; their playlist."""
    files = [picture(folder, FIRST[n % 2], 1000 + n) for n in range(ITEMS)]
    sent = [api.upload(file, file.stem) for file in files]
    assets = [api.prepared(each) for each in sent]
    # Many of them: whoever is about to be shown when the player dies twice is left out.
    items = [{"asset": each, "duration_ms": 900, "transition": "cut"} for each in assets]
    playlist = int(api.call("POST", "playlists/", {"name": "first", "items": items})["id"])
    show(api, playlist, "first")
    return playlist


def show(api: Api, playlist: int, name: str) -> None:
    zone = {"slug": "all", "x": 0, "y": 0, "width": 1920, "height": 1080, "playlist": playlist}
    layout = api.call("POST", "layouts/", {"name": name, "zones": [zone]})["id"]
    screen = api.call("GET", "screens/")["screens"][0]
    body = {"version": screen["version"], "layout": layout}
    api.call("PUT", f"screens/{screen['id']}/fallback/", body)
    api.call("POST", "publish/", {"reason": name, "confirmed": True})


def paired(site: Site) -> Api:
    api = Api(site.login.port, site.login.token)
    place = api.call("POST", "sites/", {"slug": "hq", "name": "HQ"})["id"]
    body = {"slug": "lobby", "name": "Lobby", "site": place}
    screen = api.call("POST", "screens/", body)["id"]
    code = until(lambda: site.box().get("pairing_code"), "the box shows no code")
    api.call("POST", f"screens/{screen}/claim/", {"code": code})
    return api


def prepared(api: Api, asset: int) -> int:
    """Wait until it is; one whose workers were killed three times is tried again by its editor."""
    try:
        return api.prepared(asset)
    except Failed:
        api.call("POST", f"assets/{asset}/retry/")
        return api.prepared(asset)


def nothing_is_lost(editor: Editor, witness: Witness, site: Site) -> str:
    """Compare what was acknowledged with what is there; what was compared."""
    records, reports = Records(site.folder / "server"), witness.acknowledged()
    originals, releases = records.originals(), records.releases()
    assert {asset: originals.get(asset) for asset in editor.assets} == editor.assets
    assert {each: releases.get(each) for each in editor.releases} == dict.fromkeys(
        editor.releases, 1
    )
    assert records.audited("asset.upload") >= set(editor.assets)
    assert records.audited("publishing.publish") >= set(editor.releases)
    plays, receipts = plays_of(reports), receipts_of(reports)
    assert plays - records.plays() == set(), "plays that the box may not tell again"
    assert receipts - records.receipts() == set(), "receipts that the box may not tell again"
    wrong = [each for each in site.check_server() if each["severity"] == "error"]
    assert wrong == []
    assert editor.assets, "nothing was uploaded, so nothing was tried"
    assert plays, "nothing that was played was acknowledged, so nothing was tried"
    return (
        f"{len(editor.assets)} uploads, {len(editor.releases)} releases, "
        f"{len(plays)} plays, {len(receipts)} receipts"
    )


def test_the_wall_is_never_blank_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    seed = int(os.environ.get("YINGBI_SEED", time.monotonic_ns() % 100_000))
    site = Site(tmp_path / "site")
    witness: Witness | None = None
    with VirtualDisplay() as display:
        try:
            site.prepare(free_port())
            site.start_server()
            site.start_agent()
            api = paired(site)
            playlist = arranged(api, tmp_path)
            until(lambda: site.box().get("cache", {}).get("current"), "nothing came to the box")
            witness = Witness(site.folder / "box", tmp_path / "witness")
            witness.start()
            supervisor, wall = Supervisor(site, display, seed), Wall(display)
            supervisor.start_player()
            wall.wait_for(*FIRST)
            editor = Editor(api, tmp_path, playlist)
            editor.start()
            try:
                killing(supervisor, wall)
            finally:
                editor.close()
            told = f"seed {seed}, kills {supervisor.killed}, looks {wall.looks}"
            print(told)
            assert not wall.blank, f"{told}: the wall showed {set(wall.blank)}"
            assert set(FIRST) <= wall.seen, told
            for asset in editor.assets:
                prepared(api, asset)
            last = api.prepared(api.upload(picture(tmp_path, LAST), LAST))
            items = [{"asset": last, "transition": "cut"}]
            show(api, api.call("POST", "playlists/", {"name": "end", "items": items})["id"], "end")
            wall.wait_for(LAST)
            for name in ("player", "agent"):
                site.end(name)
            witness.close()
            print(nothing_is_lost(editor, witness, site))
        finally:
            if witness is not None:
                witness.close()
            site.close()


def killing(supervisor: Supervisor, wall: Wall) -> None:
    """Kill one after the other; the wall is looked at while the player lives."""
    end = time.monotonic() + KILLING_S
    while time.monotonic() < end:
        wall.watch(supervisor.pause_s())
        if supervisor.kill_one() == "player":
            wall.wait_for("root")  # the window of the dead player goes a moment later
            wall.wait_for(*FIRST)
    supervisor.wait_for_server()


def test_a_wall_without_its_player_is_seen_to_be_blank(tmp_path: Path) -> None:
    """The negative control: the looking sees what must not be."""
    with VirtualDisplay() as display:
        wall = Wall(display)
        wall.watch(0.2)
    assert set(wall.blank) == {"root"}


def test_a_report_that_is_acknowledged_and_lost_is_seen(tmp_path: Path) -> None:
    """The negative control: a box deletes a segment that reached nobody."""
    box = tmp_path / "box"
    outbox = Outbox(box, RealDisk(), "player")
    witness = Witness(box, tmp_path / "witness")
    witness.start()
    outbox.append("played", {"zone": "all", "item": "i1", "from": "2026-11-22T04:00:00.250Z"})
    kept = tmp_path / "witness" / "outbox"
    until(lambda: list(kept.iterdir()), "the witness saw nothing")
    outbox.close()
    assert witness.acknowledged() == []
    for segment in closed_segments(box, RealDisk()):
        acknowledge(segment, RealDisk())
    witness.close()
    assert plays_of(witness.acknowledged()) == {("all", "i1", 1_795_320_000_250)}
