"""Web pages as pictures, for scripts: made, changed, taken now, let out without review."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.reading import Key, department, found, visible
from server.library.models import Asset
from server.webpages import services
from server.webpages.models import WebPage
from server.webpages.services import INTERVALS_MIN, SCALES_PERCENT, WAITS_S

__all__ = ["OPERATIONS"]

Url = Annotated[str, Meta(min_length=1, max_length=500)]
Every = Annotated[int, Meta(ge=INTERVALS_MIN[0], le=INTERVALS_MIN[1])]
Wait = Annotated[int, Meta(ge=WAITS_S[0], le=WAITS_S[1])]
Scale = Annotated[int, Meta(ge=SCALES_PERCENT[0], le=SCALES_PERCENT[1])]
ShapeName = Literal["16:9", "9:16"]


class PageValue(Struct):
    """A page, and how it goes; `asset` is its picture in the library."""

    asset: int
    title: str
    url: str
    every_min: int
    shape: ShapeName
    wait_s: int
    scale_percent: int
    is_unreviewed: bool
    taken_at: str | None
    changed_at: str | None
    due_at: str | None
    trouble: str
    left_out: list[str]


class NewPage(Struct, forbid_unknown_fields=True):
    """A page: its address, and how often and how it is taken."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    url: Url
    every_min: Every = 60
    shape: ShapeName = "16:9"
    wait_s: Wait = 0
    scale_percent: Scale = 100
    department: Key | None = None


class PageChange(Struct, forbid_unknown_fields=True):
    """All of how it is taken from now on."""

    url: Url
    every_min: Every = 60
    shape: ShapeName = "16:9"
    wait_s: Wait = 0
    scale_percent: Scale = 100


class Trust(Struct, forbid_unknown_fields=True):
    """Whether new pictures go to the walls without review, and why."""

    is_unreviewed: bool
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


def page_create(call: Call) -> PageValue:
    """Make one; it is taken at once."""
    made = services.page_create(
        title=call.body.title, url=call.body.url, every_min=call.body.every_min,
        shape=call.body.shape, wait_s=call.body.wait_s, scale_percent=call.body.scale_percent,
        department=department(call, call.body.department, Act.UPLOAD), actor=call.actor,
        now=call.now,
    )  # fmt: skip
    return _value(made)


def page_look(call: Call, page: int) -> PageValue:
    """Tell one."""
    return _value(_row(call, page))


def page_change(call: Call, page: int) -> PageValue:
    """Take it otherwise."""
    made = services.page_change(
        page=_row(call, page), url=call.body.url, every_min=call.body.every_min,
        shape=call.body.shape, wait_s=call.body.wait_s, scale_percent=call.body.scale_percent,
        actor=call.actor, now=call.now,
    )  # fmt: skip
    return _value(made)


def page_take(call: Call, page: int) -> None:
    """Have it taken at once."""
    services.page_ask(page=_row(call, page), actor=call.actor, now=call.now)


def page_trust(call: Call, page: int) -> PageValue:
    """Say whether its pictures need a review."""
    row = services.unreviewed_set(
        page=_row(call, page), is_unreviewed=call.body.is_unreviewed, reason=call.body.reason,
        actor=call.actor, now=call.now,
    )  # fmt: skip
    return _value(row)


def _row(call: Call, page: int) -> WebPage:
    drawn = visible(call, Asset).filter(web_page__isnull=False)
    return WebPage.objects.select_related("asset__department").get(
        asset=found(drawn, page, "web page")
    )


def _value(page: WebPage) -> PageValue:
    trouble = services.trouble_of(page)
    return PageValue(
        asset=page.asset_id, title=page.asset.title, **services.bound(page),
        taken_at=page.taken_at.isoformat() if page.taken_at else None,
        changed_at=page.changed_at.isoformat() if page.changed_at else None,
        due_at=page.due_at.isoformat() if page.due_at else None,
        trouble=str(trouble) if trouble else "", left_out=list(page.left_out),
    )  # fmt: skip


_ONE = "web-pages/<int:page>/"

OPERATIONS = (
    Operation("POST", "web-pages/", "page_create", page_create,
              "Make a picture of a web page, taken at an interval", NewPage, PageValue, 201,
              act=Act.UPLOAD),
    Operation("GET", _ONE, "page_look", page_look, "A web page, and how it goes",
              answer=PageValue),
    Operation("PUT", _ONE, "page_change", page_change, "Take it otherwise", PageChange, PageValue,
              act=Act.UPLOAD),
    Operation("POST", f"{_ONE}take/", "page_take", page_take, "Have it taken at once",
              act=Act.UPLOAD),
    Operation("PUT", f"{_ONE}trust/", "page_trust", page_trust,
              "Say whether new pictures need a review; for administrators", Trust, PageValue,
              act=Act.TRUST_DATA),
)  # fmt: skip
