"""From a name to a socket: the order of addresses, and what is left open."""

import socket
import threading
from collections.abc import Iterator

import pytest

from content_cache.dial import Address, Resolver, _interleaved, connect_first, system_resolve
from content_cache.fetch_errors import NameNotResolved, ServerUnreachable, TooSlow
from content_cache.leash import Leash, NetworkLimits
from tests.simulators.descriptors import descriptors
from tests.simulators.hostile_server import black_hole

V4, V6 = socket.AF_INET, socket.AF_INET6


def patience(seconds: float = 5.0) -> Leash:
    return Leash("server", NetworkLimits(connect_s=seconds), threading.Event())


def make(family: socket.AddressFamily) -> socket.socket:
    return socket.socket(family)


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]


@pytest.fixture
def refusing() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def test_families_take_turns_beginning_with_the_preferred_one() -> None:
    addresses: list[Address] = [(V6, 1), (V6, 2), (V6, 3), (V4, 4), (V4, 5)]
    assert [name for _family, name in _interleaved(addresses)] == [1, 4, 2, 5, 3]


def test_a_refusal_goes_on_to_the_next_at_once(listener: int, refusing: int) -> None:
    before = descriptors()
    addresses: list[Address] = [(V4, ("127.0.0.1", refusing)), (V4, ("127.0.0.1", listener))]
    with connect_first(addresses, "server", patience(), make) as winner:
        assert winner.getpeername()[1] == listener
    assert descriptors() == before


def test_silence_goes_on_to_the_next_and_leaves_nothing_open(listener: int) -> None:
    with black_hole() as hole:
        before = descriptors()
        addresses: list[Address] = [(V4, ("127.0.0.1", hole)), (V4, ("127.0.0.1", listener))]
        with connect_first(addresses, "server", patience(), make) as winner:
            assert winner.getpeername()[1] == listener
        assert descriptors() == before


def test_when_all_refuse_the_reason_is_told(refusing: int) -> None:
    before = descriptors()
    with pytest.raises(ServerUnreachable, match="Connection refused"):
        connect_first([(V4, ("127.0.0.1", refusing))] * 3, "server", patience(), make)
    assert descriptors() == before


def test_when_all_keep_silent_patience_ends() -> None:
    with black_hole() as hole:
        before = descriptors()
        with pytest.raises(TooSlow):
            connect_first([(V4, ("127.0.0.1", hole))] * 2, "server", patience(0.5), make)
        assert descriptors() == before


def test_a_family_that_this_kernel_does_not_have_is_passed_over(listener: int) -> None:
    def only_v4(family: socket.AddressFamily) -> socket.socket:
        if family == V6:
            raise OSError(97, "Address family not supported by protocol")
        return socket.socket(family)

    addresses: list[Address] = [(V6, ("::1", listener)), (V4, ("127.0.0.1", listener))]
    connect_first(addresses, "server", patience(), only_v4).close()


def test_the_system_finds_this_very_machine() -> None:
    assert (V4, ("127.0.0.1", 80)) in system_resolve("127.0.0.1", 80)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "..", "x..y"])
def test_what_is_no_name_is_not_resolved(host: str) -> None:
    with pytest.raises(NameNotResolved):
        Resolver().addresses(host, 80, patience())


def test_a_name_without_addresses_is_not_resolved() -> None:
    with pytest.raises(NameNotResolved, match="it has no address"):
        Resolver(lambda _host, _port: []).addresses("signage.example", 80, patience())
