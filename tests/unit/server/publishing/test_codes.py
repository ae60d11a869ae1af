"""The dry run says where a code would stand too small to be scanned."""

from django.utils import translation
from pytest_django.fixtures import Settings

from server.publishing.planning import plan
from tests.simulators.enterprise import Enterprise

SHORT, LONG = "https://a.cn/" + "x" * 9, "https://a.cn/" + "x" * 180


def warned(enterprise: Enterprise, zones: int, **data: str) -> list[str]:
    """What is said of a card in the first of some zones that stand side by side."""
    card = enterprise.card("Sign-in")
    card.content = {"template": "qr", "data": data, "blobs": {}}
    card.save()
    playlists = [enterprise.playlist(card)]
    playlists += [enterprise.playlist(enterprise.picture()) for _ in range(zones - 1)]
    screen = enterprise.screen(enterprise.layout(*playlists))
    with translation.override("en"):
        told = plan([screen], enterprise.now).screens[0].cautions
        return [str(each) for each in told if each.code == "CODE_SMALL"]


def test_a_code_that_cannot_be_scanned_is_told_with_what_it_needs_and_what_it_has(
    enterprise: Enterprise,
) -> None:
    assert warned(enterprise, 1, address=LONG) == []
    assert warned(enterprise, 4, address=SHORT) == []
    (told,) = warned(enterprise, 4, address=LONG)
    assert told.startswith("The code of “Sign-in” cannot be scanned in Layout ")
    assert ": it needs 46.9 % of the screen's height and has 36.1 %.  Words stand " in told
    assert warned(enterprise, 9, address="nowhere") == []  # it cannot be shown at all


def test_a_code_of_the_screen_is_measured_with_its_whole_link(
    enterprise: Enterprise, settings: Settings
) -> None:
    settings.PUBLIC_URLS = ()
    assert warned(enterprise, 6, opens="screen") == []  # there is no code that could be small
    settings.PUBLIC_URLS = ("https://signage.example.com",)
    assert warned(enterprise, 4, opens="screen") == []
    assert len(warned(enterprise, 6, opens="screen")) == 1
