"""A box and a server: from a code on a screen to a token that lets it in."""

import requests

from tests.simulators.patience import until
from tests.simulators.server_acts import act


def begin(box, **more):
    answer = requests.post(
        box.url("pairing"), json={"device": {"hostname": "box"}, **more}, timeout=20
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def ask(box, begun, secret=None):
    headers = {"Authorization": f"Bearer {secret or begun['secret']}"}
    return requests.get(box.url(f"pairing/{begun['pairing']}"), headers=headers, timeout=20)


def freshness(box, token):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(box.url("freshness"), headers=headers, timeout=20).status_code


def test_a_box_shows_a_code_is_claimed_and_let_in(box):
    begun = begin(box)
    assert len(begun["code"]) == 6
    assert begun["code"].isdigit()
    assert ask(box, begun).json() == {"state": "waiting"}
    act(box.server.home, "claim", box.screen, begun["code"])
    first = ask(box, begun).json()
    assert (first["state"], first["organisation"]) == ("paired", "group")
    assert set(first["root"]) == {"payloadType", "payload", "signatures"}
    second = ask(box, begun).json()
    assert freshness(box, first["token"]) == 401, "asked again, the former token dies"
    assert freshness(box, second["token"]) == 200
    closed = ask(box, begun)
    assert closed.json()["error"]["code"] == "NO_SUCH_PAIRING", "the first use closes the pairing"


def test_the_box_that_was_there_before_is_let_go_when_the_new_one_comes(box):
    assert box.get("freshness").status_code == 200
    begun = begin(box)
    act(box.server.home, "claim", box.screen, begun["code"])
    token = ask(box, begun).json()["token"]
    assert box.get("freshness").status_code == 200, "it goes on until the new one is there"
    assert freshness(box, token) == 200
    until(lambda: box.get("freshness").status_code == 401, "the former token is revoked")


def test_another_secret_and_another_pairing_are_not_told_apart(box):
    begun = begin(box)
    for answer in (
        ask(box, begun, "ybp_guessed"),
        ask(box, {**begun, "pairing": "00000000-0000-4000-8000-000000000000"}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_SUCH_PAIRING")


def test_an_enrolment_key_that_does_not_count_is_refused(box):
    body = {"device": {}, "enrolment_key": "ybe_nothing"}
    refused = requests.post(box.url("pairing"), json=body, timeout=20)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ENROLMENT_REFUSED")
