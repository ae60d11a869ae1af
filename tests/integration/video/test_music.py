"""Music behind a layout, through real libVLC: round and round, and quiet while a video speaks.

ALSA writes what it is given into files (its `file` plugin) instead of a device: one a player.
"""

import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.stage.media.music import MusicPlayback, MusicSlot
from player.stage.media.port import MediaRequest
from tests.integration.video.zone import ClipMaker, Zone, ZoneMaker, run_ffmpeg

LOUD, QUIET = 80, 10


class Music:
    """A slot of music beside the zone, and what it answered."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.slot: MusicSlot = zone.engine.music()
        self.ready: list[int] = []
        self.failed: list[str] = []
        self.slot.signals.ready.connect(self.ready.append)
        self.slot.signals.failed.connect(lambda _ticket, reason: self.failed.append(reason))

    @property
    def playback(self) -> MusicPlayback:
        assert self.slot._playback is not None
        return self.slot._playback

    def play(self, track: Path, *, offset_ms: int = 0) -> None:
        self.slot.prepare(
            1,
            MediaRequest(
                "music", track, 1, 1, "contain", offset_ms, 600_000,
                sound=True, volume=LOUD, ducked=QUIET,
            ),
        )  # fmt: skip
        self.zone.wait(lambda: self.ready == [1])
        self.slot.start(1)


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What reached the sound device: 32-bit floats."""
    played, device = tmp_path / "played.raw", tmp_path / "asound.conf"
    device.write_text(
        f"""
        pcm.!default {{ type file, slave.pcm null, file "{played}", format raw }}
        ctl.!default {{ type hw, card 0 }}
        """
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", f"/usr/share/alsa/alsa.conf:{device}")
    return played


@pytest.fixture
def unplugged(make_zone: ZoneMaker) -> Iterator[Music]:
    music = Music(make_zone(audio_output="alsa"))
    yield music
    music.slot.release()


@pytest.fixture
def music(played: Path, unplugged: Music) -> Music:
    """With a sound device (`played` goes first: it names the device)."""
    assert not played.exists()
    return unplugged


@pytest.fixture(scope="session")
def tune(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tunes") / "tune.m4a"
    run_ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=2:sample_rate=48000", path)
    return path


def samples(path: Path) -> "array.array[float]":
    found = array.array("f")
    if path.exists():
        raw = path.read_bytes()
        found.frombytes(raw[: len(raw) // 4 * 4])
    return found


def loudness(path: Path) -> float:
    """The largest of the newest samples, about a fifth of a second of two channels."""
    return max((abs(each) for each in samples(path)[-20_000:]), default=0.0)


def test_music_is_heard_and_fades_in(music: Music, tune: Path, played: Path) -> None:
    music.play(tune)
    music.zone.wait(lambda: loudness(played) > 0.02)
    assert max(abs(each) for each in samples(played)[:2_000]) < 0.01
    assert music.failed == []


def test_music_makes_room_for_a_video_and_takes_it_back(
    music: Music, tune: Path, played: Path, make_clip: ClipMaker
) -> None:
    music.play(tune)
    music.zone.wait(lambda: music.playback.volume == LOUD)
    music.zone.play(make_clip("tone.mp4", seconds=2.0, sound=True), sound=True)
    music.zone.wait(lambda: music.playback.volume == QUIET)
    music.zone.slot.release()
    music.zone.wait(lambda: music.playback.volume == LOUD)


def test_a_silent_video_leaves_the_music_alone(
    music: Music, tune: Path, make_clip: ClipMaker
) -> None:
    music.play(tune)
    music.zone.play(make_clip("tone.mp4", seconds=2.0, sound=True))
    music.zone.wait(lambda: music.playback.volume == LOUD)


def test_music_begins_again_at_its_end(music: Music, tune: Path, played: Path) -> None:
    music.play(tune, offset_ms=1_000)
    music.zone.wait(lambda: music.playback.passes == 2)
    music.zone.wait(lambda: loudness(played) > 0.02)
    assert music.failed == []


def test_music_fades_out_when_it_is_let_go(music: Music, tune: Path, played: Path) -> None:
    music.play(tune)
    music.zone.wait(lambda: loudness(played) > 0.02)
    music.slot.release()
    music.zone.wait(lambda: not music.zone.engine._closing)
    assert max(abs(each) for each in samples(played)[-200:]) < 0.005


@pytest.mark.parametrize("content", [b"", b"not a sound at all", b"\0\1\2\3" * 999])
def test_what_is_no_sound_fails_with_a_reason(music: Music, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.mp3"
    bad.write_bytes(content)
    music.play(bad)
    music.zone.wait(lambda: bool(music.failed))
    assert "bad.mp3" in music.failed[0]


def test_a_video_is_played_without_its_picture(
    music: Music, make_clip: ClipMaker, played: Path
) -> None:
    music.play(make_clip("tone.mp4", seconds=2.0, sound=True))
    music.zone.wait(lambda: loudness(played) > 0.02)
    assert music.failed == []


def test_a_box_without_a_sound_device_stays_calm(unplugged: Music, tune: Path) -> None:
    unplugged.play(tune)
    unplugged.zone.wait(lambda: unplugged.playback.passes == 2)
    assert unplugged.failed == []


def test_a_screen_that_is_turned_off_plays_nothing(music: Music, tune: Path, played: Path) -> None:
    music.zone.engine.volume = 0
    music.play(tune)
    music.zone.qtbot.wait(300)
    assert music.slot._playback is None
    assert not played.exists()
