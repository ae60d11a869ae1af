"""Music makes room for what speaks, and takes it back."""

from player.stage.media.mixer import Mixer


def test_music_is_turned_down_while_a_video_speaks():
    mixer, heard = Mixer(), []
    mixer.play("music", 60, 20, heard.append)
    mixer.speak("video")
    mixer.fall_silent("video")
    assert heard == [60, 20, 60]


def test_music_stays_down_until_the_last_speaker_is_silent():
    mixer, heard = Mixer(), []
    mixer.speak("lobby")
    mixer.speak("side")
    mixer.play("music", 60, 0, heard.append)
    mixer.fall_silent("lobby")
    assert heard[-1] == 0
    mixer.fall_silent("side")
    assert heard[-1] == 60


def test_who_never_spoke_falls_silent_without_a_word():
    mixer, heard = Mixer(), []
    mixer.play("music", 60, 20, heard.append)
    mixer.fall_silent("video")
    assert heard == [60]


def test_music_that_has_stopped_hears_no_more():
    mixer, heard = Mixer(), []
    mixer.play("music", 60, 20, heard.append)
    mixer.stop("music")
    mixer.stop("music")
    mixer.speak("video")
    assert heard == [60]
