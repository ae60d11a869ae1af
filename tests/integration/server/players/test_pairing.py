"""A real box and a real server: from a code on a screen to a token that lets it in."""

import requests


def test_a_box_that_asks_is_shown_a_code_and_waits(server_process):
    address = server_process().address + "/player/v1"
    begun = requests.post(f"{address}/pairing", json={"device": {"hostname": "box"}}, timeout=10)
    assert begun.status_code == 201
    body = begun.json()
    assert len(body["code"]) == 6
    assert body["code"].isdigit()
    secret = {"Authorization": f"Bearer {body['secret']}"}
    asked = requests.get(f"{address}/pairing/{body['pairing']}", headers=secret, timeout=10)
    assert asked.json() == {"state": "waiting"}
