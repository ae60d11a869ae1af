"""File names sort as people count."""

import random

from player.stage.natural import natural_key


def test_numbers_sort_by_value_in_any_script():
    names = ["第10页.png", "第2页.png", "第1页.png", "第２０页.png", "第3页.png"]
    expected = ["第1页.png", "第2页.png", "第3页.png", "第10页.png", "第２０页.png"]
    assert sorted(names, key=natural_key) == expected


def test_letters_sort_without_case_and_the_order_is_total():
    names = ["b.png", "A.png", "a.png", "B.png", "a1", "a01", "a001", "", "9" * 40, "½", "²"]
    once = sorted(names, key=natural_key)
    for _again in range(20):
        random.shuffle(names)
        assert sorted(names, key=natural_key) == once


def test_hostile_names_have_a_place():
    names = ["\udcff\udcfe.png", "a\nb.png", "\u202egnp.exe", "😀" * 60, "3" * 255, "٣.png"]
    assert len(sorted(names, key=natural_key)) == len(names)
