"""systemd is fed by frames that were presented, and by nothing else."""

import os
import socket

from player.stage.watchdog import BEAT_S, Notifier, Watchdog
from tests.simulators.moved_clock import MovedClock


class Desk:
    def __init__(self, environment=None):
        self.clock, self.sent, self.asked, self.exposed = MovedClock(), [], 0, True
        self.dog = Watchdog(
            self.clock, self.sent.append, self._ask, lambda: self.exposed, environment or {}
        )

    def _ask(self):
        self.asked += 1

    def run(self, seconds, frames_come=True):
        for _second in range(seconds):
            self.clock.advance(1)
            asked = self.asked
            self.dog.tick()
            if frames_come and self.asked > asked:
                self.dog.presented()

    @property
    def fed(self):
        return self.sent.count("WATCHDOG=1")


def test_the_first_frame_says_ready():
    desk = Desk()
    desk.run(5)
    assert desk.sent == []
    desk.dog.presented()
    assert desk.sent == ["READY=1", "WATCHDOG=1"]


def test_a_standing_picture_is_asked_for_a_frame_on_a_slow_beat():
    desk = Desk()
    desk.dog.presented()
    desk.run(60)
    assert desk.asked == desk.fed - 1 == round(60 / BEAT_S)


def test_a_stuck_scene_graph_is_not_fed():
    desk = Desk()
    desk.dog.presented()
    desk.run(120, frames_come=False)
    assert desk.fed == 1
    assert desk.asked > 3


def test_a_video_feeds_without_being_asked_and_not_at_every_frame():
    desk = Desk()
    for _frame in range(300):
        desk.clock.advance(1 / 30)
        desk.dog.tick()
        desk.dog.presented()
    assert desk.asked == 0
    assert 1 < desk.fed <= 6


def test_without_a_display_the_beat_counts_and_the_status_says_so():
    desk = Desk()
    desk.dog.presented()
    desk.exposed = False
    desk.run(60, frames_come=False)
    assert desk.asked == 0
    assert desk.fed > 3
    assert "STATUS=no display shows the window" in desk.sent


def test_systemd_says_how_often():
    desk = Desk({"WATCHDOG_USEC": "6000000"})
    desk.dog.presented()
    desk.run(60)
    assert desk.fed >= 20


def test_nonsense_from_the_environment_is_ignored():
    desk = Desk({"WATCHDOG_USEC": "soon"})
    desk.dog.presented()
    desk.run(30)
    assert desk.fed == 4


def test_the_notifier_speaks_to_a_real_socket(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        notifier.send("READY=1")
        assert systemd.recv(100) == b"READY=1"
        notifier.close()


def test_the_notifier_knows_abstract_sockets_and_survives_a_deaf_systemd():
    name = f"yingbi-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        notifier = Notifier({"NOTIFY_SOCKET": f"@{name}"})
        notifier.send("WATCHDOG=1")
        assert systemd.recv(100) == b"WATCHDOG=1"
    notifier.send("WATCHDOG=1")
    notifier.close()
    Notifier({}).send("READY=1")
