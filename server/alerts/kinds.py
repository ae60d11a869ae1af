"""What can be told of: each kind with its name, who hears of it, and what counts by default.

One table; pages of choices and the courier go by it.  Pure.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from server.accounts.policy import Act

__all__ = ["KINDS", "Kind", "KindFacts"]


class Kind(StrEnum):
    """What a message tells of; webhooks and choices are kept by these words."""

    SCREEN_OFFLINE = "screen-offline"
    SCREEN_BACK = "screen-back"
    FAULT_OPENED = "fault-opened"
    FAULT_CLOSED = "fault-closed"
    PICTURE_WRONG = "picture-wrong"
    DISK_LOW = "disk-low"
    REVIEW_WAITING = "review-waiting"
    REVIEW_OVERDUE = "review-overdue"
    REVIEW_RETURNED = "review-returned"
    REVIEW_APPROVED = "review-approved"
    PUBLISHED = "published"
    TAKEOVER_STARTED = "takeover-started"
    TAKEOVER_ENDED = "takeover-ended"
    CALENDAR_MISSING = "calendar-missing"
    WEBHOOK_DISABLED = "webhook-disabled"
    DATA_TROUBLE = "data-trouble"
    CAP_WAITING = "cap-waiting"
    CAP_TROUBLE = "cap-trouble"


class KindFacts(Struct, frozen=True):
    """`act`: whoever has this right in the department hears of it, unless the message names people.

    `mails`: by mail too, unless somebody chose otherwise.  `wakes`: not held back by quiet hours.
    """

    label: str | Promise
    act: Act
    mails: bool = False
    wakes: bool = False


KINDS: Mapping[Kind, KindFacts] = {
    Kind.SCREEN_OFFLINE: KindFacts(_("A screen goes offline"), Act.MANAGE_SCREENS, mails=True),
    Kind.SCREEN_BACK: KindFacts(_("A screen is back"), Act.MANAGE_SCREENS, mails=True),
    Kind.FAULT_OPENED: KindFacts(_("A fault begins"), Act.MANAGE_SCREENS, mails=True),
    Kind.FAULT_CLOSED: KindFacts(_("A fault is over"), Act.MANAGE_SCREENS),
    Kind.PICTURE_WRONG: KindFacts(
        _("A screen shows something else than planned"), Act.MANAGE_SCREENS, mails=True
    ),
    Kind.DISK_LOW: KindFacts(_("The server's disk is nearly full"), Act.MANAGE_SCREENS, mails=True),
    Kind.REVIEW_WAITING: KindFacts(_("A review waits for me"), Act.REVIEW_1, mails=True),
    Kind.REVIEW_OVERDUE: KindFacts(_("A review is overdue"), Act.REVIEW_1, mails=True),
    Kind.REVIEW_RETURNED: KindFacts(_("My submission was returned"), Act.ARRANGE, mails=True),
    Kind.REVIEW_APPROVED: KindFacts(
        _("My submission was approved, or one can be published"), Act.PUBLISH, mails=True
    ),
    Kind.PUBLISHED: KindFacts(_("Something was published"), Act.PUBLISH),
    Kind.TAKEOVER_STARTED: KindFacts(_("A takeover begins"), Act.TAKE_OVER, mails=True, wakes=True),
    Kind.TAKEOVER_ENDED: KindFacts(_("A takeover is over"), Act.TAKE_OVER, mails=True, wakes=True),
    Kind.CALENDAR_MISSING: KindFacts(
        _("Next year's calendar is missing"), Act.MANAGE_SCREENS, mails=True
    ),
    Kind.WEBHOOK_DISABLED: KindFacts(
        _("A webhook was switched off"), Act.MANAGE_SCREENS, mails=True
    ),
    Kind.DATA_TROUBLE: KindFacts(
        _("A data set cannot be fetched or shown"), Act.UPLOAD, mails=True
    ),
    Kind.CAP_WAITING: KindFacts(
        _("An alert of an authority waits for a decision"), Act.TAKE_OVER, mails=True, wakes=True
    ),
    Kind.CAP_TROUBLE: KindFacts(
        _("A source of alerts cannot be read"), Act.MANAGE_SCREENS, mails=True
    ),
}
