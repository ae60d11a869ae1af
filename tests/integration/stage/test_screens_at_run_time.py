"""Monitors are plugged, unplugged and given other modes under a running player (G06 to G10, G15).

The X server and the player are real, and no window manager helps.  What is looked at is the root
window: the letterboxed picture must stand on its monitor, to the pixel row.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from player.stage.window import BACKGROUND
from tests.integration.stage.conftest import RED
from tests.simulators.monitors import Monitors, NoXorgError
from tests.simulators.theatre import alike

pytestmark = pytest.mark.root

NIGHT = tuple(bytes.fromhex(BACKGROUND[1:]))
PICTURE_ASPECT = 320 / 180

#: Generous for a busy machine; the player itself needs about a second.
TIMEOUT_S = 20

#: systemd would restart a player that is silent for so long.
WATCHDOG_S = 6

#: An upright monitor, as `cvt` computes it.
UPRIGHT = "78.00 720 776 848 976 1280 1283 1293 1327"


@pytest.fixture
def monitors(tmp_path):
    folder = tmp_path / "xorg"
    folder.mkdir()
    try:
        server = Monitors(folder)
    except NoXorgError as error:
        pytest.skip(f"NO XORG: changes of monitors are not tested here: {error}")
    with server:
        yield server


@pytest.fixture
def play(monitors, tmp_path, solid):
    """Start a player on one red picture."""
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "red.png").write_bytes(solid("red.png", RED).read_bytes())
    private = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
    environment = {**os.environ, **private, "DISPLAY": monitors.name, "QT_QPA_PLATFORM": "xcb"}
    log = (tmp_path / "log").open("a+")
    started = []

    def start(*arguments, **more):
        command = [sys.executable, "-m", "player.stage", "--folder", str(folder), *arguments]
        started.append(subprocess.Popen(command, env={**environment, **more}, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        status = process.wait(20)
        log.seek(0)
        assert status == 0, log.read()
    log.close()


@pytest.fixture
def systemd(tmp_path):
    """The end of the line at which systemd waits for a sign of life."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(WATCHDOG_S)
        yield ear


def fills(monitors, x, y, width, height):
    """Is the red picture on the monitor at that place, as large as it fits, and night around it?"""
    shown = monitors.picture()
    if shown.width < x + width or shown.height < y + height:
        return False
    wide = min(width, height * PICTURE_ASPECT)
    high = min(height, width / PICTURE_ASPECT)
    left, top = (width - wide) / 2, (height - high) / 2
    for across in (0, left - 2, left + 2, width / 2, width - left - 3, width - left + 2, width - 1):
        for down in (0, top - 2, top + 2, height / 2, height - top - 3, height - top + 2):
            if not (0 <= across < width and 0 <= down < height):
                continue
            inside = left <= across < left + wide and top <= down < top + high
            pixel = shown.getpixel((x + int(across), y + int(down)))
            if not alike(pixel, RED if inside else NIGHT):
                return False
    return True


def wait_until_it_fills(monitors, process, area):
    until = time.monotonic() + TIMEOUT_S
    while not fills(monitors, *area):
        assert process.poll() is None, f"the player ended with status {process.returncode}"
        assert time.monotonic() < until, f"it does not fill {area} of {monitors.picture().size}"
        time.sleep(0.05)


def test_the_picture_fills_the_monitor_after_each_change_of_mode(monitors, play):
    process = play()
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    for mode, size in (("1920x1080", (1920, 1080)), ("800x600", (800, 600))):
        monitors.change(f"--output DUMMY0 --mode {mode}")
        wait_until_it_fills(monitors, process, (0, 0, *size))


def test_an_upright_monitor_is_filled(monitors, play):
    process = play()
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    monitors.change(f"--newmode upright {UPRIGHT}")
    monitors.change("--addmode DUMMY0 upright")
    monitors.change("--output DUMMY0 --mode upright")
    wait_until_it_fills(monitors, process, (0, 0, 720, 1280))


def test_it_outlives_the_only_monitor_and_fills_the_next_one(monitors, play):
    """Twice: the second time there is a screen that came while it ran."""
    process = play()
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    for mode, size in (("800x600", (800, 600)), ("1920x1080", (1920, 1080))):
        monitors.change("--output DUMMY0 --off")
        monitors.change(f"--output DUMMY0 --mode {mode}")
        wait_until_it_fills(monitors, process, (0, 0, *size))


def test_it_starts_without_any_monitor_and_waits_for_one(monitors, play):
    monitors.change("--output DUMMY0 --off")
    process = play()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(3)
    monitors.change("--output DUMMY0 --mode 1280x720")
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))


def test_systemd_hears_of_it_while_no_monitor_is_there(monitors, play, systemd):
    """A player that is restarted for ever because somebody switched the monitor off is no use."""
    watched = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)}
    process = play(**watched)
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    monitors.change("--output DUMMY0 --off")
    _swallow(systemd)
    signs = 0
    while signs < 3:
        signs += systemd.recv(200) == b"WATCHDOG=1"


def _swallow(systemd):
    """What was said before does not count."""
    systemd.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while systemd.recv(200):
            pass
    systemd.settimeout(WATCHDOG_S)


def test_a_second_monitor_that_becomes_the_first_does_not_take_the_show_away(monitors, play):
    process = play("--screen", "DUMMY0")
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    monitors.change("--addmode DUMMY1 800x600")
    monitors.change("--output DUMMY1 --mode 800x600 --left-of DUMMY0 --primary")
    wait_until_it_fills(monitors, process, (800, 0, 1280, 720))


def test_another_monitor_serves_while_the_chosen_one_is_away(monitors, play):
    monitors.change("--addmode DUMMY1 800x600")
    monitors.change("--output DUMMY1 --mode 800x600 --right-of DUMMY0")
    process = play("--screen", "DUMMY1")
    wait_until_it_fills(monitors, process, (1280, 0, 800, 600))
    monitors.change("--output DUMMY1 --off")
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    monitors.change("--output DUMMY1 --mode 800x600 --right-of DUMMY0")
    wait_until_it_fills(monitors, process, (1280, 0, 800, 600))


@pytest.mark.parametrize("scale", ["1.25", "2"])
def test_a_scaled_desktop_is_filled_to_the_edges(monitors, play, scale):
    process = play(QT_SCALE_FACTOR=scale)
    wait_until_it_fills(monitors, process, (0, 0, 1280, 720))
    monitors.change("--output DUMMY0 --mode 1920x1080")
    wait_until_it_fills(monitors, process, (0, 0, 1920, 1080))


def test_a_picture_that_does_not_fill_the_monitor_is_seen(monitors, play):
    """The negative control: a player in a small window does not follow the monitor."""
    process = play("--windowed")
    wait_until_it_fills(monitors, process, (40, 40, 960, 540))
    monitors.change("--output DUMMY0 --mode 1920x1080")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(2)
    assert fills(monitors, 40, 40, 960, 540)
    assert not fills(monitors, 0, 0, 1920, 1080)
