"""CAP documents, true ones and hostile ones."""

from datetime import UTC, datetime, timedelta

import pytest

from server.cap.document import Reference, alert_of
from server.cap.errors import CapRefused
from server.cap.words import words_of
from server.emergency.words import card_data
from tests.simulators.cap_documents import cap, info

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&b;</identifier></alert>'
)


@pytest.mark.parametrize(
    ("name", "kind", "event", "severity"),
    [
        ("australia.cap", "Alert", "Fire", "Minor"),
        ("canada_errors.cap", "Update", "thunderstorm", "Minor"),
        ("earthquake-iso8859-1.cap", "Alert", "Earthquake", "Unknown"),
        ("earthquake_signed.cap", "Alert", "Earthquake", "Unknown"),
        ("wcatwc-warning.cap", "Update", "Tsunami Warning", "Extreme"),
    ],
)
def test_what_authorities_send_is_read(samples, name, kind, event, severity):
    alert = alert_of((samples / "cap" / name).read_bytes())
    assert (alert.kind, alert.status) == (kind, "Actual")
    assert (alert.infos[0].event, alert.infos[0].severity) == (event, severity)
    card_data(words_of(alert.infos[0], "Desk"), is_drill=False, since=NOW)  # it fits the card


def test_a_message_without_anything_optional_is_read(samples):
    alert = alert_of((samples / "cap" / "no_optional_fields.cap").read_bytes())
    assert alert.infos == ()


def test_its_letters_are_those_of_its_encoding_and_its_area_has_codes(samples):
    quake = alert_of((samples / "cap" / "earthquake-iso8859-1.cap").read_bytes())
    assert "Usulután" in quake.infos[0].headline
    fire = alert_of((samples / "cap" / "australia.cap").read_bytes())
    assert fire.infos[0].areas[0].codes[0][1] == "AU-NSW"


def test_a_reference_is_the_same_in_any_offset():
    one = Reference("a", "b", "2026-11-23T16:00:00+08:00")
    assert one.key == Reference("a", "b", "2026-11-23T08:00:00-00:00").key


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (LAUGHS, "document type"),
        (b"", "no sound XML"),
        (b"<alert>", "no sound XML"),
        (b"<html/>", "no CAP alert"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "no sound XML|encoding"),
        (b"<a>" * 40 + b"</a>" * 40, "deeper"),
        (b"<a>" + b"<b/>" * 60_000 + b"</a>", "larger"),
        (b"x" * ((1 << 20) + 1), "no warning is as long"),
        (cap("1", NOW, status="Joke"), "“status” is “Joke”"),
        (cap("1", NOW).replace(b"<sender>weather@city.example</sender>", b""), "“sender” is mis"),
        (cap("1", NOW).replace(b"+00:00</sent>", b"</sent>"), "no instant"),
        (cap("1" * 300, NOW), "longer than 200"),
    ],
)
def test_what_is_no_alert_ends_in_one_sentence(data, why):
    with pytest.raises(CapRefused, match=why):
        alert_of(data)


def test_a_document_that_wants_to_read_our_files_is_refused(samples):
    with pytest.raises(CapRefused, match="document type"):
        alert_of((samples / "cap" / "xee.cap").read_bytes())


def test_long_words_are_cut_where_a_sentence_ends():
    text = "请立即撤离到高处。" * 40
    said = info(instruction=text, headline="一" * 60, event="特大暴雨")
    words = words_of(alert_of(cap("1", NOW, infos=said)).infos[0], "Desk")
    assert (words.title, words.hazard, words.issuer) == ("特大暴雨", "weather", "市气象台")
    assert words.body.endswith("撤离到高处。")
    assert len(words.body) <= 120
    card_data(words, is_drill=False, since=NOW + timedelta(0))


def test_tags_and_braces_of_senders_do_not_reach_the_wall():
    said = info(instruction="Stay in.&lt;br /&gt;{place}", event="Gas leak", headline="Gas leak")
    words = words_of(alert_of(cap("1", NOW, infos=said)).infos[0], "Desk")
    assert (words.body, words.hazard) == ("Stay in. （place）", "gas")
