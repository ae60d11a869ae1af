"""A week's menu in a real browser: a workbook becomes a data set, edited by key, pasted, undone."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home, ServerProcess
from tests.simulators.staff_browser import PASSWORD, logged_in

ROWS = (
    ("日期", "餐别", "菜品", "价格", "过敏原"),
    ("2026-11-23", "早餐", "小米粥", 1.5, None),
    ("2026-11-23", "午餐", "麻婆豆腐", 8, "大豆"),
    ("2026-11-23", "午餐", "清炒时蔬", 6, None),
    ("2026-11-24", "早餐", "豆浆油条", 3.5, "大豆"),
)


def make() -> dict[str, int]:
    """An editor, and an administrator."""
    from django.conf import settings

    from server.accounts.models import Role
    from server.clock import SystemClock
    from tests.simulators.enterprise import Enterprise

    enterprise = Enterprise(Path(settings.DATA), SystemClock().now())
    anna = enterprise.staff("anna", Role.EDITOR)
    anna.set_password(PASSWORD)
    anna.save()
    return {"anna": anna.pk}


def workbook(*rows: tuple[object, ...]) -> dict[str, object]:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "一周菜单.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def cell(page: Page, row: int, column: int):  # type: ignore[no-untyped-def]  # playwright's locator
    return page.locator(f'[data-grid] td[data-row="{row}"][data-column="{column}"]')


def shoot(page: Page, name: str) -> None:
    """A picture for whoever judges the look: only where a folder is named."""
    if folder := os.environ.get("YINGBI_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def shoot_all(page: Page) -> None:
    """Every look of the grid: both languages, wide and narrow, light and dark."""
    if not os.environ.get("YINGBI_PICTURES"):
        return
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            cell(page, 1, 1).click()
            shoot(page, f"data-{scheme}-{width}")


def test_a_workbook_becomes_a_data_set_that_is_edited_by_key(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess]
) -> None:
    home = server_home()
    said(home, "tests.integration.server.staff.test_data_story")
    server = server_process(home=home)
    with logged_in(server.address, "/data/") as page:
        shoot(page, "data-list")
        page.fill("[name=name]", "食堂菜单")
        page.set_input_files("[name=file]", files=[workbook(*ROWS)])  # type: ignore[list-item]
        page.click("form:has([name=file]) button")
        expect(cell(page, 1, 2)).to_have_text("麻婆豆腐")
        shoot(page, "data-grid")

        cell(page, 1, 3).click()
        page.keyboard.press("F2")
        page.keyboard.type("贵")
        page.keyboard.press("Enter")
        expect(cell(page, 2, 3)).to_be_focused()
        page.keyboard.press("Control+s")
        expect(cell(page, 1, 3)).to_have_class("is-number is-wrong")
        expect(page.get_by_role("alert")).to_contain_text("D2：不是数字：“贵”")
        shoot(page, "data-fault")

        cell(page, 1, 3).click()
        page.keyboard.type("9.00")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+z")
        expect(cell(page, 1, 3)).to_have_text("贵")
        page.keyboard.press("Control+y")
        expect(cell(page, 1, 3)).to_have_text("9.00")
        cell(page, 4, 0).click()
        page.evaluate(
            """() => { const data = new DataTransfer();
            data.setData("text/plain",
            "2026-11-24\\t午餐\\t红烧肉\\t12\\n2026-11-24\\t晚餐\\t面条\\t7\\n");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste",
                { clipboardData: data, bubbles: true, cancelable: true })); }"""
        )
        expect(cell(page, 5, 2)).to_have_text("面条")
        page.keyboard.press("Control+s")
        expect(page.locator("h1 + p")).to_contain_text("第 2 版")
        expect(cell(page, 5, 3)).to_have_text("7.00")

        page.goto(page.url + "import/")
        page.set_input_files("[name=file]", files=[workbook(*ROWS)])  # type: ignore[list-item]
        page.click("form:has([name=file]) button")
        expect(page.locator("main")).to_contain_text("改动 1 行")
        shoot(page, "data-import")
        page.click("form:has([name=rows]) button")
        expect(page.locator("h1 + p")).to_contain_text("第 3 版")
        page.locator("a", has_text="历史").first.click()
        shoot(page, "data-history")
        page.locator("tr", has_text="在线编辑").locator("button").click()
        expect(page.locator("h1 + p")).to_contain_text("第 4 版")
        expect(cell(page, 5, 2)).to_have_text("面条")
        page.click("text=新建卡片：食堂菜单")
        page.fill("[name=title]", "今日菜单")
        expect(page.locator('[name="column:dishes.dish"] option:checked')).to_have_text("菜品")
        shoot(page, "data-card")
        page.click("form:has([name=title]) button")
        drawn = page.locator("img.asset-picture")
        expect(drawn).to_have_js_property("complete", True, timeout=60_000)
        assert drawn.evaluate("(image) => image.naturalWidth") > 0, "the stage drew no picture"
        shoot(page, "data-asset")
        page.goto(f"{server.address}/data/1/")
        shoot_all(page)


def make_portraits() -> dict[str, int]:
    """A picture in the library, and a data set with a column of pictures, without rows."""
    from server.accounts.models import Staff
    from server.clock import SystemClock
    from server.datasets.columns import Column, Kind
    from server.datasets.services import dataset_create
    from server.library.models import Asset
    from tests.integration.server.staff.test_card_story import make as with_a_picture

    with_a_picture()
    asset = Asset.objects.get(title="先锋肖像")
    made = dataset_create(
        name="先锋", columns=(Column("name", "姓名"), Column("photo", "照片", Kind.PICTURE)),
        department=asset.department, actor=Staff.objects.get(username="anna"),
        now=SystemClock().now(),
    )  # fmt: skip
    return {"dataset": made.pk, "asset": asset.pk}


def test_a_picture_of_a_row_is_chosen_by_sight(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess]
) -> None:
    home = server_home()
    made = said(home, "tests.integration.server.staff.test_data_story", "portraits")
    server = server_process(home=home)
    with logged_in(server.address, f"/data/{made['dataset']}/") as page:
        cell(page, 0, 0).click()
        page.keyboard.type("Zhang")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.fill(".picker-search", "xfxx")
        page.get_by_role("button", name="先锋肖像").click()
        expect(cell(page, 0, 1)).to_be_focused()
        expect(cell(page, 0, 1)).to_have_text("先锋肖像")
        expect(page.locator("[name=rows]")).to_have_value(f"Zhang\t{made['asset']}\n")
        page.keyboard.press("Control+s")
        expect(page.locator("h1 + p")).to_contain_text("第 1 版")
        expect(cell(page, 0, 1).locator("img")).to_have_js_property("naturalWidth", 320)
        shoot(page, "data-picture")

        cell(page, 0, 1).click()
        page.keyboard.press("F2")
        page.keyboard.press("Escape")
        expect(cell(page, 0, 1)).to_be_focused()
        page.keyboard.press("Delete")
        expect(cell(page, 0, 1)).to_have_text("")
        page.keyboard.type("999999")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+s")
        expect(page.get_by_role("alert")).to_contain_text("999999")


if __name__ == "__main__":
    from server.project import set_up

    set_up()
    json.dump(make_portraits() if "portraits" in sys.argv else make(), sys.stdout)
