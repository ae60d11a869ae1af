"""Words for the acts of the audit: of "playlist.change" the thing and what was done to it.

An act that has no words here is shown as it is written: the audit hides nothing.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["words_of_act"]

_THINGS: Mapping[str, Promise] = {
    "asset": _("Asset"), "backup": _("Backup"), "calendar": _("Calendar"),
    "cap": _("Official alert"),
    "card": _("Card"),
    "dataset": _("Data set"), "department": _("Department"), "emergency": _("Emergency"),
    "enrolment-key": _("Enrolment key"), "entry": _("Entry"), "grant": _("Role"),
    "group": _("Group of screens"), "hours": _("Operating hours"), "layout": _("Layout"),
    "login": _("Login"),
    "page": _("Web page"), "password": _("Password"), "password-code": _("One-time code"),
    "plan": _("Floor plan"), "playlist": _("Playlist"), "portal": _("Address for portal and phone"),
    "prepared-card": _("Prepared card"),
    "public-notice": _("Public notice"), "safety-days": _("Safe days"),
    "publishing": _("Publishing"), "release": _("Release"), "review": _("Review"),
    "review-rule": _("Rule of review"), "screen": _("Screen"),
    "second-factor": _("Second factor"), "session": _("Session"),
    "setup-code": _("One-time code"), "site": _("Site"), "staff": _("Account"),
    "stream": _("Live stream"), "takeover": _("Takeover"), "token": _("Token for scripts"),
    "webhook": _("Webhook"),
}  # fmt: skip
_DONE: Mapping[str, Promise] = {
    "add": _("added"), "approve": _("approved"), "archive": _("put away"), "ask": _("asked"),
    "away": _("said to be away"), "back": _("said to be back"),
    "begin": _("begun"), "change": _("changed"), "clear": _("taken out"), "close": _("closed"),
    "codes": _("codes made anew"), "columns": _("columns changed"), "feed": _("filled anew"),
    "reviewed": _("reviewed again"), "source": _("source set"),
    "unreviewed": _("let out without review"), "version": _("rows changed"),
    "command": _("command sent"),
    "command-cancel": _("command called off"),
    "create": _("made"), "cut": _("cut"), "decline": _("declined"), "delete": _("deleted"),
    "delete-for-good": _("deleted for good"), "disable": _("switched off"),
    "enable": _("switched on"), "end": _("ended"), "end-all": _("all ended"),
    "enrol": _("let in by a key"), "expire": _("end date set"),
    "fallback": _("fallback chosen"), "first": _("made as the first"),
    "group": _("groups changed"), "issue": _("issued"),
    "make": _("made"), "merge": _("merged"), "move": _("moved"), "off": _("switched off"),
    "on": _("switched on"), "pages": _("pages chosen"),
    "parts": _("collected from others"), "pair": _("paired"),
    "places": _("places set"), "receive": _("received"), "show": _("shown"),
    "place": _("put on a floor plan"), "poster": _("poster frame chosen"),
    "put-back": _("back on the walls"), "prolong": _("prolonged"), "publish": _("published"),
    "remark": _("remarked on"), "remove": _("taken away"), "rename": _("renamed"),
    "renewal": _("renewed by itself"),
    "replace": _("replaced everywhere"), "reset": _("reset"), "restore": _("brought back"),
    "retire": _("retired"), "retry": _("tried again"), "return": _("returned"),
    "revoke": _("revoked"), "root-install": _("keys installed"), "save": _("saved"),
    "second-factor": _("with the second factor"),
    "second-factor-refused": _("second factor refused"), "set": _("set"),
    "submit": _("submitted"), "supersede": _("submitted anew"), "tag": _("tagged"),
    "take-down": _("withdrawn everywhere"), "takeover": _("taken over"),
    "unplace": _("taken off its floor plan"), "undelete": _("taken out of the bin"),
    "undo": _("undone"), "upload": _("uploaded"),
    "withdraw": _("taken back"),
}  # fmt: skip


def words_of_act(action: str) -> str:
    """Such as "Playlist: changed"; the act itself where a part of it has no word."""
    thing, _dot, done = action.partition(".")
    if thing in _THINGS and done in _DONE:
        return f"{_THINGS[thing]}: {_DONE[done]}"
    return action
