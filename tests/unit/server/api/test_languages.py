"""Scripts are told in English, whatever the site speaks, unless they ask for Chinese."""

import pytest
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (None, "Send the token"),
        ("en-GB,en", "Send the token"),
        ("fr", "Send the token"),
        ("zh-CN,zh;q=0.9", "请发送工作人员的令牌"),
    ],
)
@override_settings(LANGUAGE_CODE="zh-hans")
def test_a_refusal_is_in_the_language_that_a_script_asks_for(client: Client, asked, part):
    headers = {} if asked is None else {"Accept-Language": asked}
    answer = client.get("/api/v1/screens/", headers=headers)
    assert answer.status_code == 401
    assert part in answer.json()["error"]["message"]
    assert answer.json()["error"]["code"] == "TOKEN_MISSING"


def test_a_page_that_is_not_there_says_so_in_the_language_of_the_reader(client: Client):
    answer = client.get("/nowhere/", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 404
    assert "这里没有内容" in answer.content.decode()
    assert 'lang="zh-hans"' in answer.content.decode()
