"""libVLC at our border: what happens when it is not there, or late."""

import ctypes

import pytest

from player.stage.media import vlc_callbacks
from player.stage.media.errors import DecoderMissing
from player.stage.media.libvlc import LibVlc


def test_a_libvlc_that_refuses_is_told_in_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DecoderMissing, match="install the package vlc-plugin-base"):
        LibVlc(["--no-such-argument"])
    capfd.readouterr()  # libVLC's own complaint


@pytest.mark.expects_log("a video's format was refused")
@pytest.mark.expects_log("there was no frame to decode into")
@pytest.mark.expects_log("a frame was not shown")
def test_a_callback_of_a_player_that_is_gone_gets_scratch_memory_and_no_error() -> None:
    planes = (ctypes.c_void_p * 5)()
    nobody = ctypes.c_void_p(999_999)
    assert not vlc_callbacks.LOCK(nobody, planes)
    assert all(planes)
    vlc_callbacks.DISPLAY(nobody, ctypes.c_void_p(1))
    numbers = [ctypes.c_uint(1) for _ in range(4)]
    chroma = (ctypes.c_char * 4)(*b"I420")
    refused = vlc_callbacks.FORMAT(
        ctypes.byref(nobody), ctypes.byref(chroma), *(ctypes.byref(number) for number in numbers)
    )
    assert refused == 0
