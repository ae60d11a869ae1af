"""Whom a box trusts, and that nothing the server says later changes it."""

import msgspec
import pytest

from manifest.trust_state import decode_state, encode_state, fingerprint, pair
from player.agent.errors import RootRefused
from player.agent.interface import Paired
from player.agent.pin import credential_of, grouped, pinned_root, trust_of
from tests.simulators.publisher import Publisher


def answer(publisher: Publisher, root: bytes | None = None, said: str = "") -> Paired:
    offered = root or publisher.roots[-1]
    return Paired(
        publisher.org,
        publisher.site,
        publisher.screen,
        "Lobby",
        msgspec.Raw(offered),
        said or fingerprint(offered),
        "token-0123456789abcdef",
    )


def nowhere(_version: int) -> None:
    raise AssertionError("no root had to be fetched")


def test_the_first_root_is_pinned_by_the_fingerprint_that_both_sides_show() -> None:
    publisher = Publisher()
    credential = credential_of(answer(publisher), "", None, nowhere)
    assert credential.root == publisher.roots[-1]
    assert credential.root_sha256 == fingerprint(publisher.roots[-1])
    assert trust_of(credential).screen == publisher.screen


def test_a_root_that_is_not_what_the_server_says_is_refused() -> None:
    with pytest.raises(RootRefused, match="not the one that it names"):
        credential_of(answer(Publisher(), said="0" * 64), "", None, nowhere)


def test_the_root_of_the_settings_counts() -> None:
    publisher = Publisher()
    wanted = fingerprint(publisher.roots[0])
    assert credential_of(answer(publisher), wanted, None, nowhere).root_sha256 == wanted


def test_a_root_with_another_fingerprint_than_that_of_the_settings_is_refused() -> None:
    evil, wanted = Publisher(org="evil"), fingerprint(Publisher().roots[0])
    with pytest.raises(RootRefused) as refused:
        credential_of(answer(evil), wanted, None, lambda n: evil.roots[0] if n == 1 else None)
    assert grouped(wanted) in str(refused.value)
    assert grouped(fingerprint(evil.roots[0])) in str(refused.value)


def test_an_older_root_that_the_settings_name_is_found_on_the_server() -> None:
    publisher = Publisher()
    first = publisher.roots[0]
    publisher.rotate("publisher")
    roots = publisher.roots

    def fetch(version: int) -> bytes | None:
        return roots[version - 1] if version <= len(roots) else None

    assert credential_of(answer(publisher), fingerprint(first), None, fetch).root == first


def test_a_pinned_root_stays_whatever_the_server_offers_when_it_pairs_anew() -> None:
    """A server that says "token unknown" must not be able to bring a root of its own."""
    ours, evil = Publisher(), Publisher(org="evil")
    credential = credential_of(answer(evil), "", ours.roots[0], nowhere)
    assert credential.root == ours.roots[0]


def test_the_newest_root_that_was_followed_is_the_one_that_is_pinned() -> None:
    publisher = Publisher()
    credential = credential_of(answer(publisher), "", None, nowhere)
    newer = publisher.rotate("publisher")
    state = pair(newer, fingerprint(newer), publisher.site, publisher.screen)
    assert pinned_root(credential, encode_state(state)) == newer
    assert pinned_root(credential, b"") == credential.root
    assert pinned_root(credential, b"damaged") == credential.root
    assert pinned_root(None, b"") is None
    assert decode_state(encode_state(state)) == state


@pytest.mark.parametrize("root", [b"{}", b"[]", b'{"payloadType": 1}'])
def test_what_is_no_root_is_refused(root: bytes) -> None:
    with pytest.raises(RootRefused):
        credential_of(answer(Publisher(), root, said="0" * 64), "", None, nowhere)


def test_a_screen_with_an_impossible_name_is_refused() -> None:
    publisher = Publisher()
    publisher.screen = "../../etc"
    with pytest.raises(RootRefused):
        credential_of(answer(publisher), "", None, nowhere)


def test_a_fingerprint_is_shown_in_groups() -> None:
    assert grouped("0123456789ab") == "0123 4567 89ab"
