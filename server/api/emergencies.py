"""Emergencies and take-downs, for scripts: begin (or try) one, end it, read what every screen says.

The rights and the rules are those of the pages: it is asked once (`request`), the word is sent, and
what somebody else has begun meanwhile is not covered unseen.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, Instant, Key, Keys, found, found_all, page_of, visible
from server.emergency import services, takedowns
from server.emergency.board import board_of
from server.emergency.lines import Line
from server.emergency.models import Emergency, PreparedCard
from server.emergency.prepared import words_of
from server.emergency.words import Words, filled
from server.library.models import Asset, AssetState
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.screens.models import Screen, ScreenGroup

__all__ = ["OPERATIONS"]

HazardWord = Literal["fire", "gas", "power", "weather", "evacuate", "quake", "water", "general"]


class NewEmergency(Struct, forbid_unknown_fields=True):
    """What to say where until when.  `request` is drawn by the script: the same one begins once.

    `typed` is the word that the page asks for: 插播 or TAKE OVER, for a drill 演练 or DRILL.
    `seen` names the takeovers that the script knows to run.  With a prepared `card` the words are
    its own, its blanks filled from `blanks`; `picture` is an asset in the place of a text.
    """

    request: UUID
    typed: Annotated[str, Meta(max_length=20)]
    ends_at: Instant
    is_drill: bool = False
    title: Annotated[str, Meta(max_length=200)] = ""
    body: Annotated[str, Meta(max_length=1000)] = ""
    issuer: Annotated[str, Meta(max_length=100)] = ""
    hazard: HazardWord = "general"
    card: Key | None = None
    blanks: dict[str, Annotated[str, Meta(max_length=60)]] = {}
    picture: Key | None = None
    screens: Keys = []
    groups: Keys = []
    seen: Keys = []
    reason: Annotated[str, Meta(max_length=500)] = ""


class NewEnd(Struct, forbid_unknown_fields=True):
    """Until when it goes on."""

    ends_at: Instant


class ReceiptValue(Struct):
    """What one screen says.

    `stage` is waiting (for approvers' signatures), sent, late (no answer for a minute),
    received-by-box, shown, covered, unreached, ending, ending-unreached, gone or missed; `state`
    how the screen is itself.
    """

    screen: int
    stage: str
    state: str
    heard_at: datetime | None
    received_at: datetime | None
    shown_at: datetime | None
    gone_at: datetime | None
    picture_at: datetime | None


class EmergencyValue(Struct):
    """An emergency or drill; its `id` is that of its takeover."""

    id: int
    name: str
    department: int
    is_drill: bool
    starts_at: datetime
    ends_at: datetime
    begun_by: str
    ended_by: str | None
    reason: str
    hazard: str


class EmergencyList(Struct):
    """Some emergencies; `next` is the `before` of the next page, or None."""

    emergencies: list[EmergencyValue]
    next: int | None


class BoardValue(Struct):
    """An emergency and what all its screens say of it."""

    emergency: EmergencyValue
    is_running: bool
    received: int
    shown: int
    unreached: int
    screens: list[ReceiptValue]


class GoneValue(Struct):
    """What one screen says of a take-down.

    `stage` is waiting (for signatures), sent, kept (it is not heard of) or gone.
    """

    screen: int
    stage: str
    state: str
    heard_at: datetime | None
    gone_at: datetime | None


class TakeDownValue(Struct):
    """A take-down: when, by whom and why (None: it is not down), and every screen that had it."""

    asset: int
    is_down: bool
    at: datetime | None
    by: str | None
    reason: str
    screens: list[GoneValue]


class PutBack(Struct):
    """On how many screens it stands again at once."""

    asset: int
    screens: int


def _value(takeover: Takeover, emergency: Emergency | None) -> EmergencyValue:
    ended_by = emergency.ended_by if emergency else None
    return EmergencyValue(
        id=takeover.pk,
        name=takeover.name,
        department=takeover.department_id,
        is_drill=takeover.is_drill,
        starts_at=takeover.starts_at,
        ends_at=takeover.ends_at,
        begun_by=takeover.created_by.username,
        ended_by=ended_by.username if ended_by else None,
        reason=emergency.reason if emergency else "",
        hazard=emergency.hazard if emergency else "general",
    )


def _receipt(line: Line) -> ReceiptValue:
    return ReceiptValue(
        screen=line.screen.pk,
        stage=line.stage.value,
        state=line.state.value,
        heard_at=line.heard_at,
        received_at=line.received_at,
        shown_at=line.shown_at,
        gone_at=line.gone_at,
        picture_at=line.picture_at,
    )


def _board(call: Call, pk: int) -> BoardValue:
    rows = visible(call, Takeover).select_related("created_by")
    board = board_of(found(rows, pk, "emergency"), call.now)
    return BoardValue(
        emergency=_value(board.takeover, board.emergency),
        is_running=board.is_running,
        received=board.received,
        shown=board.shown,
        unreached=board.unreached,
        screens=[_receipt(each) for each in board.lines],
    )


def emergency_list(call: Call) -> EmergencyList:
    """List emergencies and drills, the newest first; also takeovers that began in another way."""
    wanted = visible(call, Takeover).select_related("created_by", "emergency__ended_by")
    page, following = page_of(call, wanted)
    listed = [_value(each, getattr(each, "emergency", None)) for each in page]
    return EmergencyList(listed, following)


def emergency_look(call: Call, takeover: int) -> BoardValue:
    """Read what every screen says of one."""
    return _board(call, takeover)


def _words(call: Call, card: PreparedCard | None) -> Words:
    body = call.body
    if card is None:
        return Words(body.title, body.body, body.issuer, body.hazard)
    plain = words_of(card)
    title, text = filled(plain.title, body.blanks), filled(plain.body, body.blanks)
    return Words(title, text, plain.issuer, plain.hazard)


def emergency_begin(call: Call) -> BoardValue:
    """Take the screens over at once; what was begun, if this was asked before."""
    body = call.body
    screens = found_all(visible(call, Screen), body.screens, "screen")
    groups = found_all(visible(call, ScreenGroup), body.groups, "group")
    cards = visible(call, PreparedCard).filter(archived_at=None)
    card = None if body.card is None else found(cards, body.card, "prepared card")
    asked = services.Asked(
        request=body.request,
        words=_words(call, card),
        where=Where(screens=[each.pk for each in screens], groups=[each.pk for each in groups]),
        ends_at=body.ends_at,
        is_drill=body.is_drill,
        typed=body.typed,
        seen=body.seen,
        picture=body.picture,
        card=card,
        reason=body.reason,
    )
    made = services.begin(asked=asked, actor=call.actor, now=call.now)
    return _board(call, made.pk)


def emergency_end(call: Call, takeover: int) -> BoardValue:
    """End one on all its screens; ended twice it is ended once."""
    row = found(visible(call, Takeover), takeover, "emergency")
    services.end(takeover=row, actor=call.actor, now=call.now)
    return _board(call, takeover)


def emergency_prolong(call: Call, takeover: int) -> BoardValue:
    """Let one go on until a later instant."""
    row = found(visible(call, Takeover), takeover, "emergency")
    services.prolong(takeover=row, ends_at=call.body.ends_at, actor=call.actor, now=call.now)
    return _board(call, takeover)


def asset_take_down(call: Call, asset: int) -> TakeDownValue:
    """Read what every screen says of the last time that an asset was taken down."""
    row = found(visible(call, Asset), asset, "asset")
    state = takedowns.take_down_of(row, call.now)
    release = state.release
    return TakeDownValue(
        asset=row.pk,
        is_down=row.state == AssetState.WITHDRAWN,
        at=release.at if release else None,
        by=release.by.username if release and release.by else None,
        reason=release.reason if release else "",
        screens=[
            GoneValue(
                each.screen.pk, each.stage.value, each.state.value, each.heard_at, each.gone_at
            )
            for each in state.screens
        ],
    )


def asset_put_back(call: Call, asset: int) -> PutBack:
    """Undo a take-down: the asset is back, and on the screens that were told nothing else since."""
    row = found(visible(call, Asset), asset, "asset")
    return PutBack(row.pk, takedowns.put_back(asset=row, actor=call.actor, now=call.now))


OPERATIONS = (
    Operation("GET", "emergencies/", "emergency_list", emergency_list,
              "List emergencies and drills", answer=EmergencyList, parameters=(BEFORE,)),
    Operation("POST", "emergencies/", "emergency_begin", emergency_begin,
              "Begin an emergency or a drill: shown at once", NewEmergency, BoardValue, 201,
              act=Act.TAKE_OVER),
    Operation("GET", "emergencies/<int:takeover>/", "emergency_look", emergency_look,
              "Look at an emergency and its receipts", answer=BoardValue),
    Operation("POST", "emergencies/<int:takeover>/end/", "emergency_end", emergency_end,
              "End an emergency", answer=BoardValue, act=Act.TAKE_OVER),
    Operation("POST", "emergencies/<int:takeover>/prolong/", "emergency_prolong",
              emergency_prolong, "Prolong an emergency", NewEnd, BoardValue, act=Act.TAKE_OVER),
    Operation("GET", "assets/<int:asset>/take-down/", "asset_take_down", asset_take_down,
              "Look at the receipts of a take-down", answer=TakeDownValue),
    Operation("POST", "assets/<int:asset>/put-back/", "asset_put_back", asset_put_back,
              "Undo a take-down", answer=PutBack, act=Act.TAKE_DOWN),
)  # fmt: skip
