"""Nothing is asked but listed hosts at addresses that may be reached; the last good rows stay."""

import contextlib
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from server.accounts.models import Role
from server.alerts.models import Message
from server.datasets import services, sources
from server.datasets.columns import Column, Kind
from server.datasets.fetching import FetchRefused, Rules, fetch
from server.datasets.importing import FILE_BYTES_LIMIT
from server.datasets.places import JsonPlace, JsonPlaces, places_set

HOST = "data.example"
INSIDE = Rules(hosts=(HOST,), networks=("127.0.0.0/8",))


class Source:
    """Another system: a real HTTP server whose paths answer in different ways."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.body = "名称,数量\n甲,1\n".encode()
        self.gate = threading.Event()
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                source.asked.append(f"{self.headers['Host']}{self.path}")
                source.answer(self)

            def log_message(self, *_words: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="source")
        self._thread.start()

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        kind, _, rest = to.path.strip("/").partition("/")
        if kind == "to":
            to.send_response(302)
            to.send_header("Location", rest.replace("|", ":"))
            to.end_headers()
            return
        to.send_response(int(rest) if kind == "status" else 200)
        if kind == "packed":
            to.send_header("Content-Encoding", "gzip")
        if kind == "cut":
            to.send_header("Content-Length", "1000")
        to.end_headers()
        with contextlib.suppress(OSError):
            if kind == "endless":
                while True:
                    to.wfile.write(b"x" * 65_536)
            if kind == "slow":
                while not self.gate.wait(0.05):
                    to.wfile.write(b"x")
            to.wfile.write(self.body)

    def url(self, path: str = "/table.csv") -> str:
        return f"http://{HOST}:{self.port}{path}"

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@pytest.fixture
def source():
    made = Source()
    yield made
    made.close()


def here(_host, _port):
    return ["127.0.0.1"]


def refused(url, rules=INSIDE, resolve=here, **more):
    with pytest.raises(FetchRefused) as caught:
        fetch(url, rules, resolve=resolve, **more)
    return str(caught.value.message)


def test_a_listed_host_is_asked_by_its_name_at_the_address_that_was_checked(source):
    assert fetch(source.url(), INSIDE, resolve=here) == source.body
    assert source.asked == [f"{HOST}:{source.port}/table.csv"]


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example/", "http://data.example.evil.example/", "http://xdata.example/",
        "http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd",
        "gopher://data.example/", "http://user:pass@data.example/", "http://data.example:0/",
        "http://data.example@evil.example/", "http://data.example /", "//data.example/",
    ],
)  # fmt: skip
def test_what_is_not_listed_is_not_even_looked_up(url):
    def never(_host, _port):
        raise AssertionError("a name was looked up")

    refused(url, resolve=never)


def test_a_dot_lists_all_below_and_nothing_beside(source):
    rules = Rules(hosts=(".example",), networks=INSIDE.networks)
    assert fetch(source.url(), rules, resolve=here)
    refused("http://example/", rules)
    refused("http://notexample/", rules)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1",
     "64:ff9b::a00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_private_addresses_are_refused_though_the_name_is_listed(address):
    outside = Rules(hosts=(HOST,))
    assert "inside our own network" in refused(
        "http://data.example/", outside, lambda *_: [address]
    )
    both = refused("http://data.example/", outside, lambda *_: ["93.184.216.34", address])
    assert "inside our own network" in both


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(source):
    answers = iter([["127.0.0.1"]])
    assert fetch(source.url(), INSIDE, resolve=lambda *_: next(answers)) == source.body
    assert next(answers, None) is None, "it was looked up once"


def test_a_redirect_is_an_address_like_the_first(source):
    assert fetch(source.url("/to//table.csv"), INSIDE, resolve=here) == source.body
    assert "not on the list" in refused(source.url("/to/http|//other.example/"))
    assert "no address" in refused(source.url("/to/file|///etc/passwd"))
    answers = iter([["127.0.0.1"], ["10.0.0.9"]])
    told = refused(source.url("/to//table.csv"), resolve=lambda *_: next(answers))
    assert "inside our own network" in told
    loop = source.url("/to//to//to//to//to//table.csv")
    assert "one address to the next" in refused(loop)


def test_size_and_time_have_an_end(source):
    assert f"more than {FILE_BYTES_LIMIT // 1_000_000} MB" in refused(source.url("/endless"))
    assert "too long" in refused(source.url("/slow"), whole_s=0.5)


@pytest.mark.parametrize(
    ("path", "why"),
    [("/status/500", "answered 500"), ("/packed", "packed"), ("/cut", "gave no answer|broke off")],
)
def test_other_answers_are_told(source, path, why):
    import re

    assert re.search(why, refused(source.url(path)))


# --- data sets --------------------------------------------------------------------------------


@pytest.fixture
def fetched(enterprise, source, settings):
    told = msgspec.structs.replace(
        settings.CONFIGURATION.fetch, hosts=INSIDE.hosts, networks=INSIDE.networks
    )
    settings.CONFIGURATION = msgspec.structs.replace(settings.CONFIGURATION, fetch=told)
    editor = enterprise.staff("fetcher", Role.EDITOR)
    made = services.dataset_create(
        name="库存", columns=(Column("a", "名称"), Column("n", "数量", Kind.WHOLE)),
        department=enterprise.department, actor=editor, now=enterprise.now,
    )  # fmt: skip
    return sources.source_set(
        dataset=made, url=source.url(), every_min=30, actor=editor, now=enterprise.now
    )


def now_fetched(dataset, now):
    dataset.refresh_from_db()
    return sources.fetch_now(dataset=dataset, now=now, resolve=here)


def test_rows_are_fetched_and_the_same_rows_are_no_news(fetched, enterprise):
    assert now_fetched(fetched, enterprise.now) == "new"
    assert fetched.versions.get().rows == [{"a": "甲", "n": 1}]
    assert now_fetched(fetched, enterprise.later()) == "same"
    assert (fetched.versions.get().origin, fetched.versions.get().by) == ("url", None)


def test_what_cannot_be_used_leaves_the_last_good_rows_and_is_told_once(
    fetched, enterprise, source
):
    now_fetched(fetched, enterprise.now)
    source.body = "名称,数量\n甲,很多\n".encode()
    for _turn in range(3):
        assert now_fetched(fetched, enterprise.later()) == "failed"
    fetched.refresh_from_db()
    assert (
        "B2 is no whole number" in fetched.trouble["en"]
        or "B2 is no number" in fetched.trouble["en"]
    )
    assert fetched.versions.get().rows == [{"a": "甲", "n": 1}]
    assert Message.objects.filter(kind="data-trouble").count() == 1
    source.body = "名称,数量\n乙,2\n".encode()
    assert now_fetched(fetched, enterprise.later()) == "new"
    fetched.refresh_from_db()
    assert fetched.trouble == {}
    source.body = b""
    assert now_fetched(fetched, enterprise.later()) == "failed"
    assert Message.objects.filter(kind="data-trouble").count() == 2, "a new failure is told anew"


def test_json_is_read_at_its_places_and_a_place_that_is_gone_leaves_the_last_good_rows(
    fetched, enterprise, source
):
    places_set(
        dataset=fetched, actor=enterprise.administrator, now=enterprise.now,
        places=JsonPlaces("/data/list", {"a": JsonPlace("/name"), "n": JsonPlace("#/data/sum")}),
    )  # fmt: skip
    source.body = '{"data": {"sum": 3, "list": [{"name": "甲"}, {"name": "乙"}]}}'.encode()
    assert now_fetched(fetched, enterprise.now) == "new"
    good = [{"a": "甲", "n": 3}, {"a": "乙", "n": 3}]
    assert fetched.versions.get().rows == good
    for body, told in (
        ('{"data": {"sum": 3}}', "There are no rows at /data/list in the JSON."),
        ('{"data": {"list": [{"name": "甲"}]}}', "There is nothing at #/data/sum in the JSON"),
        ('{"data": {"sum": "?", "list": [{"name": "甲"}]}}', "数量 #/data/sum is no number"),
    ):
        source.body = body.encode()
        assert now_fetched(fetched, enterprise.later()) == "failed"
        fetched.refresh_from_db()
        assert told in fetched.trouble["en"]
        assert fetched.versions.get().rows == good


def test_it_is_fetched_when_it_is_due_and_once(fetched, enterprise):
    assert sources.fetch_soon(now=enterprise.now) == 1
    assert sources.fetch_soon(now=enterprise.now) == 0
    assert sources.fetch_soon(now=enterprise.now + timedelta(minutes=31)) == 1


def test_an_address_that_is_not_listed_is_refused_at_the_form(fetched, enterprise):
    with pytest.raises(FetchRefused, match="not on the list"):
        sources.source_set(
            dataset=fetched, url="http://10.0.0.1/", every_min=30,
            actor=enterprise.administrator, now=enterprise.now,
        )  # fmt: skip
