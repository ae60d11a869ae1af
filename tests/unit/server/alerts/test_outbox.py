"""The outbox: told once, spread to whom it concerns, delivered by mail and webhook."""

import hashlib
import hmac
import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import override_settings
from msgspec.structs import replace

from server.accounts.models import Role
from server.alerts import courier, endpoints
from server.alerts.addresses import allowed_address, is_outside, taken_apart
from server.alerts.errors import AddressRefused, DeliveryFailed
from server.alerts.kinds import KINDS, Kind
from server.alerts.models import Delivery, Endpoint, Message
from server.alerts.quiet import after_quiet
from server.alerts.selectors import notices_of, unread_count
from server.alerts.services import (
    KEPT,
    choices_set,
    messages_forget,
    messages_settle,
    notices_read,
    receiver_set,
    tell,
)
from server.errors import Invalid, RightMissing
from server.sentences import Sentence
from tests.simulators.certificates import Authority
from tests.simulators.hook_receiver import hook_receiver
from tests.simulators.mail_server import mail_server

pytestmark = pytest.mark.django_db

OFFLINE = "%(screen)s (%(site)s) has not been heard since %(since)s: look whether its box has power and network."  # noqa: E501


def said(name="<b>Lobby</b>"):
    return Sentence(OFFLINE, {"screen": name, "site": "HQ", "since": "12-24 08:00"})


@pytest.fixture
def post(enterprise, settings):
    return Post(enterprise, settings)


class Post:
    """Whom things are told, and servers that take them."""

    def __init__(self, enterprise, settings):
        self.enterprise, self.now = enterprise, enterprise.now
        self.admin = enterprise.administrator
        self.settings = settings
        receiver_set(
            staff=self.admin, address="boss@example.com", quiet_from=None, quiet_until=None
        )

    def tell(self, kind=Kind.SCREEN_OFFLINE, **more):
        more = {"department": self.enterprise.department, "said": said(), "now": self.now} | more
        return tell(kind=kind, **more)

    def mail_to(self, server, **more):
        """Mail goes to this server from now on."""
        mail = replace(
            self.settings.CONFIGURATION.mail, host="localhost", sender="signage@example.com"
        )
        self.settings.CONFIGURATION = replace(self.settings.CONFIGURATION, mail=mail)
        usual = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "localhost", "EMAIL_PORT": server.port, "EMAIL_USE_TLS": False,
            "EMAIL_USE_SSL": False, "PUBLIC_URLS": ("https://signage.example",),
        }  # fmt: skip
        return override_settings(**(usual | more))

    def allow_loopback(self):
        alerts = replace(
            self.settings.CONFIGURATION.alerts, webhook_networks=("127.0.0.0/8", "::1/128")
        )
        self.settings.CONFIGURATION = replace(self.settings.CONFIGURATION, alerts=alerts)

    def hook(self, port, kinds=(Kind.SCREEN_OFFLINE,)):
        return endpoints.endpoint_create(
            name="Duty room", url=f"http://127.0.0.1:{port}/hook?a=1", kinds=kinds,
            department=None, actor=self.admin, now=self.now,
        )  # fmt: skip

    def pass_(self, **by):
        self.now += timedelta(**by)
        return courier.deliver(self.now)


# --- told, and spread ----------------------------------------------------------------------------


def test_what_has_a_key_is_told_once(post):
    assert post.tell(key="offline:1") is not None
    assert post.tell(key="offline:1") is None
    assert post.tell() is not None
    assert post.tell() is not None


def test_a_message_goes_with_its_cause_or_not_at_all(post):
    with transaction.atomic():
        post.tell()
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_whoever_has_the_right_in_the_department_hears_of_it_on_pages(post):
    other = post.enterprise.staff("editor", Role.EDITOR)
    post.tell()
    post.pass_(seconds=1)
    (notice,) = notices_of(post.admin)
    assert "Lobby" in notice.sentence
    assert unread_count(post.admin) == 1
    assert unread_count(other) == 0
    notices_read(staff=post.admin, until=None, now=post.now)
    assert unread_count(post.admin) == 0


def test_a_message_for_somebody_is_for_nobody_else(post):
    editor = post.enterprise.staff("editor", Role.EDITOR)
    post.tell(Kind.REVIEW_RETURNED, people=[editor])
    assert post.tell(Kind.REVIEW_RETURNED, people=[]) is None
    post.pass_(seconds=1)
    assert (unread_count(editor), unread_count(post.admin)) == (1, 0)


def test_what_somebody_does_not_want_does_not_come(post):
    choices_set(staff=post.admin, chosen={Kind.SCREEN_OFFLINE: (False, False)})
    post.tell()
    post.pass_(seconds=1)
    assert unread_count(post.admin) == 0


def test_what_is_told_for_later_comes_later(post):
    post.tell(not_before=post.now + timedelta(hours=1))
    post.pass_(minutes=59)
    assert unread_count(post.admin) == 0
    post.pass_(minutes=1)
    assert unread_count(post.admin) == 1


def settle(post, link="/reviews/7/"):
    return messages_settle(
        kinds=[Kind.REVIEW_WAITING], link=link, since=post.enterprise.now, now=post.now
    )


def test_what_was_asked_and_is_done_waits_for_nobody_on_pages_nor_by_mail(post):
    other = post.enterprise.staff("reviewer", Role.REVIEWER_1)
    asked = {"kind": Kind.REVIEW_WAITING, "people": [post.admin, other]}
    with mail_server() as server, post.mail_to(server):
        for number in (7, 8):
            post.tell(link=f"/reviews/{number}/", **asked)
        post.pass_(seconds=1)
        assert (unread_count(post.admin), unread_count(other)) == (2, 2)
        assert settle(post) == 1
        assert settle(post) == 0
        assert (unread_count(post.admin), unread_count(other)) == (1, 1)
        post.pass_(hours=1)
    (letter,) = server.letters
    text = letter.get_body(["plain"]).get_content()
    assert "/reviews/8/" in text
    assert "/reviews/7/" not in text


def test_what_is_done_before_it_was_spread_comes_to_nobody_but_to_webhooks(post):
    with hook_receiver() as server:
        post.allow_loopback()
        post.hook(server.port, kinds=[Kind.REVIEW_WAITING])
        post.tell(Kind.REVIEW_WAITING, link="/reviews/7/", people=[post.admin], department=None)
        assert settle(post) == 1
        post.pass_(seconds=1)
    assert unread_count(post.admin) == 0
    assert len(server.hooks) == 1


def test_old_messages_are_forgotten_with_their_deliveries(post):
    post.tell()
    post.pass_(seconds=1)
    messages_forget(now=post.now + KEPT + timedelta(days=1))
    assert Delivery.objects.count() == 0


def test_every_kind_has_its_facts():
    assert set(KINDS) == set(Kind)


# --- mail ----------------------------------------------------------------------------------------


def test_what_comes_together_goes_in_one_letter_in_the_readers_language(post):
    with mail_server() as server, post.mail_to(server):
        for number in range(40):
            post.tell(said=said(f"Screen {number}"), link="/screens/")
        post.pass_(seconds=1)
        assert server.letters == [], "it waits for what else comes"
        assert post.pass_(minutes=1) == 1
        assert post.pass_(minutes=1) == 0
    (letter,) = server.letters
    assert server.recipients == [["boss@example.com"]]
    assert "40 条通知" in letter["Subject"]
    text = letter.get_body(["plain"]).get_content()
    assert "Screen 0" in text
    assert "另有 10 条" in text
    assert "https://signage.example/screens/" in text


def test_what_a_box_is_called_is_no_markup_in_a_letter(post):
    post.admin.language = "en"
    post.admin.save()
    with mail_server() as server, post.mail_to(server):
        post.tell()
        post.pass_(minutes=1)
        post.pass_(minutes=1)
    (letter,) = server.letters
    assert "<b>Lobby</b> (HQ) has not been heard" in letter.get_body(["plain"]).get_content()
    assert "&lt;b&gt;Lobby" in letter.get_body(["html"]).get_content()
    assert "\n" not in letter["Subject"]


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_mail_goes_over_tls_with_name_and_password(post, tmp_path, how, monkeypatch):
    authority = Authority(tmp_path / "ca")
    file = authority.issue("localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    settings = {
        "EMAIL_USE_TLS": how == "starttls", "EMAIL_USE_SSL": how == "tls",
        "EMAIL_HOST_USER": "signage", "EMAIL_HOST_PASSWORD": "a lantern",
    }  # fmt: skip
    with (
        mail_server((file, file), is_tls=how == "tls") as server,
        post.mail_to(server, **settings),
    ):
        post.tell()
        post.pass_(minutes=1)
        post.pass_(minutes=1)
    assert server.was_tls == [True]
    assert server.logins == [("signage", "a lantern")]


def test_mail_that_is_refused_is_tried_again_and_given_up_at_last(post, caplog):
    with mail_server() as server, post.mail_to(server):
        server.refusing = "450 later"
        post.tell()
        post.pass_(minutes=1)
        post.pass_(minutes=1)
        (row,) = Delivery.objects.filter(channel="mail")
        assert row.attempts == 1
        assert "450" in row.why
        server.refusing = ""
        post.pass_(hours=1)
        assert len(server.letters) == 1
        server.refusing = "550 never"
        post.tell()
        for _ in range(courier.ATTEMPTS + 2):
            post.pass_(hours=7)
    assert Delivery.objects.filter(channel="mail", failed_at__isnull=False).count() == 1


def test_a_mail_server_that_is_away_for_a_day_loses_nothing_and_gets_nothing_twice(post):
    with mail_server() as server, post.mail_to(server):
        server.refusing = "421 away"
        post.tell()
        post.pass_(seconds=1)
        for _ in range(25):
            post.pass_(hours=1)
        server.refusing = ""
        for _ in range(6):
            post.pass_(hours=1)
        assert len(server.letters) == 1
    assert not Delivery.objects.filter(failed_at__isnull=False).exists()


test_mail_that_is_refused_is_tried_again_and_given_up_at_last = pytest.mark.expects_log("given up")(
    test_mail_that_is_refused_is_tried_again_and_given_up_at_last
)


def test_one_person_gets_so_many_letters_an_hour_and_the_rest_in_the_next(post):
    with mail_server() as server, post.mail_to(server):
        for number in range(courier.MAILS_AN_HOUR * 2):
            post.tell(said=said(f"Screen {number}"))
            post.pass_(seconds=1)
            post.pass_(minutes=2)
        assert courier.MAILS_AN_HOUR <= len(server.letters) <= courier.MAILS_AN_HOUR + 2
        post.pass_(hours=2)
    text = "".join(each.get_body(["plain"]).get_content() for each in server.letters)
    assert all(f"Screen {n}（" in text for n in range(courier.MAILS_AN_HOUR * 2))


def test_no_mail_comes_in_quiet_hours_but_a_takeover_does(post):
    zone = ZoneInfo("Asia/Shanghai")
    wall = post.now.astimezone(zone)
    quiet = {"quiet_from": wall.time(), "quiet_until": (wall + timedelta(hours=8)).time()}
    receiver_set(staff=post.admin, address="boss@example.com", **quiet)
    with mail_server() as server, post.mail_to(server):
        post.tell()
        post.pass_(seconds=10)
        post.pass_(hours=1)
        assert server.letters == []
        post.tell(Kind.TAKEOVER_STARTED)
        post.pass_(seconds=10)
        post.pass_(minutes=1)
        assert len(server.letters) == 1
        post.pass_(hours=8)
        assert len(server.letters) == 2


@pytest.mark.parametrize(
    ("due", "end", "sentence"),
    [
        ("23:00", "07:00+1", "in the evening: the next morning"),
        ("06:59", "07:00", "in the morning: the same"),
        ("07:00", "07:00", "the end is not part of it"),
        ("12:00", "12:00", "by day"),
    ],
)
def test_quiet_hours_go_over_midnight(due, end, sentence):
    zone = ZoneInfo("Asia/Shanghai")
    day = date(2026, 11, 23)
    begin = datetime.combine(day, time.fromisoformat(due), zone)
    clock, _, days = end.partition("+")
    ends = datetime.combine(day, time.fromisoformat(clock), zone)
    ends += timedelta(days=int(days or 0))
    assert after_quiet(begin, time(22), time(7), zone) == ends, sentence


# --- webhooks ------------------------------------------------------------------------------------


def test_a_webhook_is_signed_so_that_it_can_be_checked(post):
    post.allow_loopback()
    with hook_receiver() as receiver:
        endpoint = post.hook(receiver.port)
        post.tell(link="/screens/1/")
        assert post.pass_(seconds=1) == 1
    (hook,) = receiver.hooks
    assert hook.path == "/hook?a=1"
    signed = hook.headers["x-yingbi-timestamp"].encode() + b"." + hook.body
    due = hmac.new(endpoint.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert hook.headers["x-yingbi-signature"] == f"v1={due}"
    told = json.loads(hook.body)
    assert told["kind"] == "screen-offline"
    assert told["text"]["en"].startswith("<b>Lobby</b>")
    assert told["text"]["zh"] != told["text"]["en"]
    assert Delivery.objects.get(endpoint=endpoint).status == 204


def test_a_webhook_is_told_of_what_it_wants_only(post):
    post.allow_loopback()
    with hook_receiver() as receiver:
        post.hook(receiver.port, [Kind.PUBLISHED])
        post.tell()
        post.pass_(seconds=1)
    assert receiver.hooks == []


def test_a_redirect_is_not_followed(post):
    post.allow_loopback()
    with hook_receiver() as receiver, hook_receiver() as inner:
        receiver.answers, receiver.location = [302], f"http://127.0.0.1:{inner.port}/"
        endpoint = post.hook(receiver.port)
        post.tell()
        post.pass_(seconds=1)
    assert inner.hooks == []
    assert "redirect" in Delivery.objects.get(endpoint=endpoint).why


def test_one_that_fails_is_tried_again_and_switched_off_at_last_and_that_is_told(post):
    post.allow_loopback()
    with hook_receiver() as receiver:
        endpoint = post.hook(receiver.port)
        receiver.answers = [500]
        post.tell()
        post.pass_(seconds=1)
        post.pass_(minutes=5)
        endpoint.refresh_from_db()
        assert (len(receiver.hooks), endpoint.failures) == (2, 0)
        receiver.answers = [500] * 100
        for number in range(endpoints.FAILURES_LIMIT):
            post.tell(key=f"{number}")
        post.pass_(seconds=1)
        endpoint.refresh_from_db()
        assert endpoint.disabled_at is not None
        sent = len(receiver.hooks)
        post.tell()
        post.pass_(hours=9)
        assert len(receiver.hooks) == sent
    assert Message.objects.filter(kind="webhook-disabled").count() == 1
    endpoints.endpoint_enable(endpoint=endpoint, actor=post.admin, now=post.now)
    assert Endpoint.objects.get().failures == 0


def test_a_trial_says_what_came_of_it(post):
    with hook_receiver() as receiver:
        endpoint = post.hook(receiver.port)
        with pytest.raises(AddressRefused):
            endpoints.endpoint_test(endpoint=endpoint, actor=post.admin, now=post.now)
        assert receiver.hooks == []
        post.allow_loopback()
        assert endpoints.endpoint_test(endpoint=endpoint, actor=post.admin, now=post.now) == 204


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1",
    "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "2002:7f00:1::", "224.0.0.1", "255.255.255.255", "100.64.0.1", "::",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused_unless_they_are_allowed(address):
    assert not is_outside(address)
    with pytest.raises(AddressRefused):
        allowed_address("host", 443, (), lambda _h, _p: [address])
    one = address.partition("%")[0]
    assert allowed_address("host", 443, (one,), lambda _h, _p: [address]) == address


def test_an_address_outside_is_taken_and_one_bad_one_among_good_ones_spoils_it():
    assert is_outside("1.1.1.1")
    assert is_outside("2606:4700::1111")
    assert allowed_address("host", 443, (), lambda _h, _p: ["1.1.1.1"]) == "1.1.1.1"
    with pytest.raises(AddressRefused):
        allowed_address("host", 443, (), lambda _h, _p: ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(DeliveryFailed):
        allowed_address("host", 443, (), lambda _h, _p: [])


@pytest.mark.parametrize(
    "url",
    ["ftp://a/b", "file:///etc/passwd", "https://", "https://u:p@host/", "https://host:99999/",
     "https://ho st/", "//host/", "gopher://a", "https://host/\r\nX: y"],
)  # fmt: skip
def test_what_is_no_address_of_a_webhook_is_refused(post, url):
    with pytest.raises(DeliveryFailed):
        taken_apart(url)
    with pytest.raises(Invalid):
        endpoints.endpoint_create(
            name="x", url=url, kinds=[Kind.PUBLISHED], department=None, actor=post.admin,
            now=post.now,
        )  # fmt: skip


def test_webhooks_take_the_right_to_manage_screens(post):
    editor = post.enterprise.staff("editor", Role.EDITOR)
    with pytest.raises(RightMissing):
        endpoints.endpoint_create(
            name="x", url="https://host/", kinds=[Kind.PUBLISHED],
            department=post.enterprise.department, actor=editor, now=post.now,
        )  # fmt: skip


@pytest.mark.parametrize("address", ["nobody", "a b@c", "a@b@c"])
def test_what_is_no_mail_address_is_refused(post, address):
    with pytest.raises(Invalid):
        receiver_set(staff=post.admin, address=address, quiet_from=None, quiet_until=None)
    with pytest.raises(Invalid):
        receiver_set(staff=post.admin, address="", quiet_from=time(1), quiet_until=None)
