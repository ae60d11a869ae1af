"""A card is written in a real browser: rows come, move and go on one page; a draft has them."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home, ServerProcess
from tests.simulators.staff_browser import PASSWORD, logged_in

FORM = "/library/cards/new/welcome/"


def make() -> dict[str, int]:
    """An editor, and a picture in the library."""
    from django.conf import settings

    from server.accounts.models import Role
    from server.clock import SystemClock
    from server.library.models import Purpose
    from server.library.tagging import refresh_search
    from tests.simulators.enterprise import Enterprise

    enterprise = Enterprise(Path(settings.DATA), SystemClock().now())
    anna = enterprise.staff("anna", Role.EDITOR)
    anna.set_password(PASSWORD)
    anna.save()
    content = io.BytesIO()
    Image.new("RGB", (320, 180), "#8b1a2b").save(content, "WEBP")
    kept = enterprise.media("先锋肖像", content.getvalue(), "image/webp", width=320, height=180)
    enterprise.rendition(kept, content.getvalue(), "image/webp", purpose=Purpose.THUMBNAIL,
                         width=320, height=180)  # fmt: skip
    refresh_search(kept)
    return {"anna": anna.pk}


def guests(page: Page) -> list[str]:
    fields = page.locator('[name^="visits."][name$=".guests"]')
    return [each.input_value() for each in fields.all()]


def guest(page: Page, row: int):  # type: ignore[no-untyped-def]  # playwright's locator
    return page.locator(f'[name="visits.{row}.guests"]')


def button(page: Page, do: str):  # type: ignore[no-untyped-def]  # playwright's locator
    return page.locator(f'button[value="{do}"]')


def test_rows_move_without_a_new_page_and_come_back_as_they_were(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess]
) -> None:
    home = server_home()
    said(home, "tests.integration.server.staff.test_card_story")
    server = server_process(home=home)
    with logged_in(server.address, FORM) as page:
        page.evaluate("window.isSamePage = true")

        # By keyboard alone: three rows, one more, the new one to the top.
        page.fill("[name=title]", "来访")
        for row, name in enumerate(("甲组", "乙组", "丙组")):
            guest(page, row).fill(name)
        button(page, "add:visits").focus()
        page.keyboard.press("Enter")
        expect(guest(page, 3)).to_be_focused()
        assert page.locator("ul.errors").count() == 0, "what is not written yet is no mistake"
        page.keyboard.type("丁组")
        button(page, "up:visits:3").focus()
        for row in (2, 1):
            page.keyboard.press("Enter")
            expect(button(page, f"up:visits:{row}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(button(page, "down:visits:0")).to_be_focused()
        assert guests(page) == ["丁组", "甲组", "乙组", "丙组"]

        # What is taken out can be had back, beside what was written meanwhile.
        button(page, "drop:visits:1").click()
        expect(guest(page, 3)).to_have_count(0)
        assert guests(page) == ["丁组", "乙组", "丙组"]
        page.fill("[name=title]", "今日来访")
        page.locator(".toast-undo").click()
        expect(guest(page, 3)).to_have_value("丙组")
        assert guests(page) == ["丁组", "甲组", "乙组", "丙组"]
        expect(page.locator("[name=title]")).to_have_value("今日来访")
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
        assert page.evaluate("window.isSamePage") is True

        # The browser is closed, and opened again: the draft has the rows.
        page.goto(f"{server.address}{FORM}")
        assert guests(page) == ["", "", ""]
        page.locator("[data-restore]").click()
        expect(guest(page, 3)).to_have_value("丙组")
        assert guests(page) == ["丁组", "甲组", "乙组", "丙组"]
        expect(page.locator("[name=title]")).to_have_value("今日来访")


def test_a_picture_is_chosen_by_sight_and_the_card_is_drawn_with_it(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess]
) -> None:
    home = server_home()
    said(home, "tests.integration.server.staff.test_card_story")
    server = server_process(home=home)
    with logged_in(server.address, "/library/cards/new/honour/") as page:
        page.fill('[name="people.0.name"]', "先锋")
        chooser = page.locator(".picture-button").first
        expect(chooser).to_have_text("选择图片")
        expect(page.locator(".picture-button")).to_have_count(3)
        chooser.focus()
        page.keyboard.press("Enter")
        page.fill(".picker-search", "没有这张")
        expect(page.locator("[data-offered]")).to_have_text("没有找到")
        page.fill(".picker-search", "xfxx")
        page.get_by_role("button", name="先锋肖像").click()
        expect(chooser).to_be_focused()
        expect(chooser.locator("img")).to_have_js_property("complete", True)
        drawn = page.locator("[data-drawing]")
        expect(drawn).to_have_attribute("src", re.compile("^blob:"))
        button(page, "add:people").click()
        expect(page.locator('select[name="people.0.portrait"]')).to_have_value(re.compile("^a"))
        expect(page.locator(".picture-button")).to_have_count(4)
        page.fill("[name=title]", "先锋")
        page.get_by_role("button", name="保存").last.click()
        expect(page.locator('select[name="people.0.portrait"]')).to_have_value("portrait1")
        expect(chooser.locator("img")).to_have_count(1)


if __name__ == "__main__":
    from server.project import set_up

    set_up()
    json.dump(make(), sys.stdout)
