"""What each form of the staff side does about two people who save the same thing.

A line for each address that is sent something (of `page_rights`); one without a line fails
`test_lost_updates.py`.  A line is one of

    "screen": Guard(…),            # it carries a version: the second save is shown both sides
    "entry_move": Guard(…, shows_both=False),   # refused with a sentence, nothing overwritten
    "playlist_save": "…",          # the reason why nothing is lost, or why the last may win
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from server.staff.alerts import webhooks
from server.staff.cap import sources
from server.staff.data import cards
from server.staff.people import accounts
from server.staff.screens import hours
from server.staff.seen import seal_of
from server.watch.models import OperatingHours
from tests.simulators.two_departments import Things
from tests.unit.server.staff.page_rights import LINES

__all__ = ["EDITED", "Guard", "sent_addresses"]


class Guard(NamedTuple):
    """A form with a version: what is sent to say something, the version now, where it is read."""

    sends: Callable[[Things, str], Mapping[str, Any]]
    version: Callable[[Things], object]
    #: What the first and the second writer say.
    said: tuple[str, str] = ("Said first", "Said second")
    #: The address that shows the form, if it is another one.
    page: str = ""
    shows_both: bool = True


def sent_addresses() -> list[str]:
    """Every address that is sent something, with the act where it names one."""
    return [f"{name} {act}".strip() for name, line in LINES.items() for act in line.writes]


def _as_in_rights(field: str, name: str, act: str = "") -> Callable[[Things, str], Any]:
    """What `page_rights` sends there, with one field that says something else."""

    def sends(t: Things, said: str) -> Mapping[str, Any]:
        made = LINES[name].writes[act][1]
        assert made is not None
        sent = made(t)
        assert not isinstance(sent, bytes)
        return {**sent, field: said}

    return sends


def _of(row: str) -> Callable[[Things], object]:
    def version(t: Things) -> object:
        kept = getattr(t, row)
        return type(kept).objects.get(pk=kept.pk).version

    return version


def _seal_of(row: str, stored: Callable[[Any], Mapping[str, Any]]) -> Callable[[Things], object]:
    def version(t: Things) -> object:
        kept = getattr(t, row)
        return seal_of(stored(type(kept).objects.get(pk=kept.pk)))

    return version


def _places(row: Any) -> Mapping[str, Any]:
    return {"places": sources.places_of(row)}


def _hours(row: Any) -> Mapping[str, Any]:
    return hours.stored_of(OperatingHours.objects.filter(group=row).first())


_MAKES = "It makes something new, and edits nothing that exists."
_TAKES_AWAY = "It takes something away: of two who do, the second finds nothing more to do."
_ONCE = "An act with one outcome, which the service does only in the state that allows it."
_ONE_WORD = "One value, written in whole by who sends it; the audit says who did before."
_OWN = "Only one's own: there is nobody else who writes it."
_LOOKS = "It shows something, and writes nothing."
_ADDS = "It adds to what is there, and takes nothing of others away."
_STATED = "Written in whole from an empty form, not from what was stored: the last statement holds."

_REASONS: Mapping[str, str] = {
    _MAKES: "library stream_create page_create uploads datasets datasets_collect dataset_card "
    "samples layout_create layout_copy playlists entry_create entry_copy emergency_go "
    "cap_source_create prepared_card_create takeover_start review_submit publish pair "
    "screen_create site_create "
    "group_create keys plan_create person_create card_create department_create webhooks "
    "portal_links screen_command",
    _TAKES_AWAY: "asset_act|delete assets_remove dataset_delete playlist_delete layout_delete "
    "entry_delete portal_revoke cap_close review_rule_clear group_delete key_revoke plan_delete "
    "command_cancel webhook_act|delete calendar_clear",
    _ONCE: "asset_act|withdraw asset_end_notice asset_undelete upload_finish upload_forget "
    "library_undo way_back page_take page_trust dataset_fetch dataset_trust week_copy "
    "schedule_undo calendar_load calendar_take calendar_undo emergency_end emergency_prolong "
    "cap_show cap_decline take_down take_down_undo prepared_card_act|archive takeover_end "
    "review_act|withdraw review_act|return "
    "undo screen_claim screen_act|screenshot screen_act|log screen_act|lock-out screen_act|retire "
    "person_act|code person_act|sessions person_act|second-factor person_act|close "
    "webhook_act|enable",
    _ONE_WORD: "dataset_rename department_act|rename plan_pin",
    _OWN: "drafts logout language account session_end second_factor_act|confirm "
    "second_factor_act|codes second_factor_act|off tokens token_revoke review_away notices_read "
    "notice_choices",
    _LOOKS: "together playlist_reel layout_check layout_picture schedule_look emergency_ask "
    "review_ask card_drawn",
    _ADDS: "playlist_add assets_bulk tags review_remark screens_many person_act|grant",
    _STATED: "review_rules",
    "Only the days that were written change, after their old and new kind were shown; undo brings "
    "the old ones back.": "calendar calendar_apply",
    "A choice for the next time that it is added; playlists keep the pages they have.":
        "asset_pages",
    "One cut of a video, chosen on the strip; the whole original is kept.": "asset_video",
    "A new file in the place of the old one, which stays in the history.": "asset_replace",
    "An address and its minutes, or pointers into its JSON, one decision; the audit says what it "
    "was.": "dataset_source dataset_places page_change",
    "An old version becomes the newest; the one before stays in the history.": "dataset_restore",
    "What others saved is merged by line, clashes come back as both sides (test_playlist_saving).":
        "playlist_save",
}  # fmt: skip

EDITED: Mapping[str, Guard | str] = {
    name.replace("|", " "): reason for reason, names in _REASONS.items() for name in names.split()
} | {
    "asset": Guard(_as_in_rights("title", "asset"), _of("asset")),
    "card_edit": Guard(_as_in_rights("title", "card_edit"), _of("card")),
    "dataset": Guard(_as_in_rights("rows", "dataset"), _of("dataset")),
    "dataset_columns": Guard(
        _as_in_rights("title", "dataset_columns"), _of("dataset"), page="dataset"
    ),
    "dataset_import": Guard(
        _as_in_rights("rows", "dataset_import"), _of("dataset"), page="dataset"
    ),
    "dataset_parts": Guard(_as_in_rights("called-0", "dataset_parts"), _of("whole")),
    "dataset_mapping": Guard(
        _as_in_rights("fixed:label", "dataset_mapping"), _seal_of("feed", cards.stored_of)
    ),
    "playlist": Guard(_as_in_rights("name", "playlist"), _of("playlist")),
    "layout": Guard(_as_in_rights("name", "layout"), _of("layout")),
    "entry": Guard(_as_in_rights("name", "entry"), _of("entry")),
    "entry_move": Guard(
        _as_in_rights("minutes", "entry_move"), _of("entry"), ("71", "83"), page="entry",
        shows_both=False,
    ),
    "cap_source": Guard(
        _as_in_rights("name", "cap_source"), _seal_of("cap_source", sources.stored_of)
    ),
    "cap_places": Guard(
        _as_in_rights("value", "cap_places"), _seal_of("cap_source", _places), page="cap_source"
    ),
    "prepared_card": Guard(_as_in_rights("name", "prepared_card"), _of("prepared")),
    "screen": Guard(_as_in_rights("name", "screen"), _of("screen")),
    "group": Guard(_as_in_rights("name", "group"), _of("group")),
    "hours": Guard(
        _as_in_rights("grace_minutes", "hours"), _seal_of("group", _hours), ("47", "53")
    ),
    "person_act change": Guard(
        _as_in_rights("full_name", "person_act", "change"),
        _seal_of("editor", accounts.stored_of), page="person",
    ),
    "webhook": Guard(_as_in_rights("name", "webhook"), _seal_of("endpoint", webhooks.stored_of)),
}  # fmt: skip
