"""Two boxes with one identity are seen; one box that starts again is not two (I09)."""

from server.players.boots import Boots


def test_a_box_that_starts_again_and_again_is_one_box():
    boots = Boots()
    for start in range(30):
        for _beat in range(3):
            assert boots.heard(1, f"boot-{start}", "10.0.0.1") is None


def test_a_name_that_comes_back_is_a_second_box():
    boots = Boots()
    assert boots.heard(1, "a", "10.0.0.1") is None
    assert boots.heard(1, "b", "10.0.0.2") is None
    assert boots.heard(1, "a", "10.0.0.1") == "10.0.0.2"
    assert boots.heard(1, "b", "10.0.0.2") == "10.0.0.1"


def test_screens_are_told_apart():
    boots = Boots()
    assert boots.heard(1, "a", "10.0.0.1") is None
    assert boots.heard(2, "b", "10.0.0.2") is None
    assert boots.heard(1, "a", "10.0.0.1") is None


def test_clones_that_speak_to_different_processes_are_seen_by_what_was_written():
    here = Boots()
    assert here.wrote(1, "a", None) is None
    assert here.wrote(1, "a", ("a", "10.0.0.1")) is None
    assert here.wrote(1, "a", ("b", "10.0.0.2")) == "10.0.0.2"


def test_a_box_that_moves_to_another_process_is_one_box():
    there = Boots()
    assert there.wrote(1, "a", ("a", "10.0.0.1")) is None
    restarted = Boots()
    assert restarted.wrote(1, "b", ("a", "10.0.0.1")) is None
    assert restarted.wrote(1, "b", ("b", "10.0.0.1")) is None
