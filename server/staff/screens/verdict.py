"""How a screen is, in one word and one sentence: what stands largest on its page.  Pure."""

from django.utils.translation import gettext as _
from msgspec import Struct

from server.screens.states import ScreenState
from server.staff.labels import word
from server.staff.overview.seen import Seen

__all__ = ["Verdict", "verdict_of"]


class Verdict(Struct, frozen=True):
    """`tone` is a badge's (`good`, `warn`, `bad`, ""); `sign` says it without colour."""

    tone: str
    sign: str
    word: str
    sentence: str


def verdict_of(seen: Seen) -> Verdict:
    """The worst that is true of it."""
    standing = seen.standing
    state = word(standing.state.value)
    match standing.state:
        case ScreenState.RETIRED:
            return Verdict("", "–", state, _("It is retired."))
        case ScreenState.NEVER:
            return Verdict("warn", "?", state, _("No box was ever heard of."))
        case ScreenState.OFFLINE:
            return Verdict("bad", "×", state, _("Nothing is heard of it."))
    if seen.differs:
        return Verdict("bad", "≠", _("Wrong picture"), _(
            "It shows something else than what is due. Take a picture, and restart the player"
            " if need be."
        ))  # fmt: skip
    if standing.state is ScreenState.LATE:
        return Verdict("warn", "!", state, _("Its signs of life are late."))
    if standing.newest is None:
        return Verdict("warn", "!", state, _("Nothing was published yet"))
    if standing.is_behind:
        return Verdict("warn", "!", state, _("Its box has not taken the newest programme yet."))
    if standing.picture is None:
        return Verdict("good", "✓", state, _("It says nothing of what it shows."))
    return Verdict("good", "✓", state, _("It shows what it should."))
