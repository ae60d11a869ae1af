"""A source is asked: a feed leads to alerts, hostile beside good; what fails is told once."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.alerts.models import Message
from server.cap.models import CapAlert, CapSource, Outcome
from server.cap.polling import ask, ask_soon
from server.configuration import Configuration, FetchSettings
from server.datasets.fetching import FetchRefused
from tests.simulators.cap_documents import cap
from tests.unit.server.cap.test_intake import STORM, Office

HOST = "city.example"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>',
    '<entry><link href="{0}.html"/><link type="application/cap+xml" href="{0}"/></entry>',
)
RSS = ('<rss version="2.0"><channel>{}</channel></rss>', "<item><link>{0}</link></item>")


class City:
    """A real HTTP server whose documents a test changes."""

    def __init__(self):
        self.pages, self.asked = {}, []
        city = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                city.asked.append(self.path)
                body = city.pages.get(self.path)
                self.send_response(404 if body is None else 200)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_words):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://{HOST}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="city")
        self._thread.start()

    def publishes(self, form, **alerts):
        self.pages |= {f"/{name}": body for name, body in alerts.items()}
        entries = "".join(form[1].format(f"{self.base}/{name}") for name in alerts)
        self.pages["/feed"] = form[0].format(entries).encode()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@pytest.fixture
def city():
    made = City()
    yield made
    made.close()


@pytest.fixture
def office(enterprise, settings, city):
    fetch = FetchSettings(hosts=(HOST,), networks=("127.0.0.0/8",))
    settings.CONFIGURATION = Configuration(fetch=fetch)
    return Office(enterprise, url=f"{city.base}/feed")


def asks(office):
    office.source.refresh_from_db()
    return ask(source=office.source, now=office.now, resolve=lambda *_: ["127.0.0.1"])


@pytest.mark.parametrize("form", [ATOM, RSS], ids=["atom", "rss"])
def test_a_feed_leads_to_alerts_each_fetched_once(office, city, form):
    city.publishes(form, a=cap("A", office.now), b=cap("B", office.now, severity="Minor"))
    assert asks(office) == "ok"
    assert office.glass() == [STORM]
    assert CapAlert.objects.count() == 2
    assert asks(office) == "ok"
    assert city.asked.count("/a") == 1


def test_one_document_may_stand_at_the_address_itself(office, city):
    city.pages["/feed"] = cap("A", office.now)
    assert asks(office) == "ok"
    assert CapAlert.objects.get().outcome == Outcome.SHOWN


def test_a_hostile_document_keeps_no_good_one_away_and_is_told_once(office, city, samples):
    hostile = (samples / "cap" / "xee.cap").read_bytes()
    city.publishes(ATOM, bad=hostile, good=cap("A", office.now))
    assert [asks(office), asks(office)] == ["failed", "failed"]
    assert office.glass() == [STORM]
    office.source.refresh_from_db()
    assert "document type" in office.source.trouble
    assert Message.objects.filter(kind="cap-trouble").count() == 1
    city.publishes(ATOM)
    assert asks(office) == "ok"


def test_a_feed_cannot_send_us_to_another_host(office, city):
    city.pages["/feed"] = ATOM[0].format(ATOM[1].format("http://169.254.169.254/x")).encode()
    assert asks(office) == "failed"
    office.source.refresh_from_db()
    assert "not on the list" in office.source.trouble


def test_a_source_that_is_due_goes_to_a_worker_once(office):
    assert [ask_soon(now=office.now) for _ in range(2)] == [1, 0]
    assert CapSource.objects.get().due_at > office.now


def test_an_address_that_is_not_listed_is_no_source(office):
    with pytest.raises(FetchRefused):
        office.change(office.source, url="http://other.example/feed")
