"""Sound of a zone: only where it is asked for, at its volume, and never while a clip is held.

ALSA writes what it is given into a file (its `file` plugin) instead of a device.
"""

import array
from pathlib import Path

import pytest

from tests.integration.video.zone import ClipMaker, Zone, ZoneMaker

OUTPUT = "played.raw"


@pytest.fixture
def loud_zone(make_zone: ZoneMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    device = tmp_path / "asound.conf"
    device.write_text(
        f"""
        pcm.!default {{ type file, slave.pcm null, file "{tmp_path / OUTPUT}", format raw }}
        ctl.!default {{ type hw, card 0 }}
        """
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", f"/usr/share/alsa/alsa.conf:{device}")
    return make_zone(audio_output="alsa")


@pytest.fixture
def tone(make_clip: ClipMaker) -> Path:
    return make_clip("tone.mp4", seconds=2.0, sound=True)


def heard(folder: Path) -> float:
    """The largest sample that was played, 0.0 to 1.0 (libVLC gives ALSA 32-bit floats)."""
    path = folder / OUTPUT
    samples = array.array("f")
    if path.exists():
        raw = path.read_bytes()
        samples.frombytes(raw[: len(raw) // 4 * 4])
    return max((abs(sample) for sample in samples), default=0.0)


def test_a_clip_that_asks_for_sound_is_heard(loud_zone: Zone, tone: Path, tmp_path: Path) -> None:
    loud_zone.play(tone, sound=True)
    loud_zone.wait(lambda: loud_zone.item.frames_painted > 20)
    loud_zone.slot.release()
    loud_zone.wait(lambda: not loud_zone.engine._closing)
    assert 0.05 < heard(tmp_path) <= 1.0


def test_a_clip_that_does_not_ask_is_silent(loud_zone: Zone, tone: Path, tmp_path: Path) -> None:
    loud_zone.play(tone)
    loud_zone.wait(lambda: loud_zone.item.frames_painted > 20)
    loud_zone.slot.release()
    loud_zone.wait(lambda: not loud_zone.engine._closing)
    assert not (tmp_path / OUTPUT).exists()


def test_volume_0_is_silence(loud_zone: Zone, tone: Path, tmp_path: Path) -> None:
    loud_zone.engine.volume = 0
    loud_zone.play(tone, sound=True)
    loud_zone.wait(lambda: loud_zone.item.frames_painted > 20)
    assert not (tmp_path / OUTPUT).exists()


def test_a_clip_that_is_held_is_silent(loud_zone: Zone, tone: Path, tmp_path: Path) -> None:
    loud_zone.show(tone, sound=True)
    loud_zone.qtbot.wait(500)
    loud_zone.slot.release()
    loud_zone.wait(lambda: not loud_zone.engine._closing)
    assert heard(tmp_path) == 0


def test_a_box_without_a_sound_device_plays_the_picture(make_zone: ZoneMaker, tone: Path) -> None:
    zone = make_zone(audio_output="alsa")
    zone.play(tone, sound=True)
    zone.wait(lambda: zone.item.frames_painted > 20)
    assert zone.failed == []
