"""What boxes are told to do, and where screens hang, for scripts: commands, tags, floor plans."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, Key, found, page_of, visible
from server.plans.models import FloorPlan, Pin
from server.plans.services import pin_remove, pin_set
from server.remote.models import Command
from server.remote.services import LONGEST_PANEL_MIN, command_ask
from server.screens.bulk import TAGS_LIMIT, tagging
from server.screens.models import Screen

__all__ = ["OPERATIONS"]

#: What a box can be told, as `remote.models.Command.Kind` has it.
CommandKind = Literal[
    "screenshot", "identify", "resync", "restart-player", "panel-on", "panel-off", "log",
    "clear-cache", "restart-box",
]  # fmt: skip

Thousandth = Annotated[int, Meta(ge=0, le=1000)]


class NewCommand(Struct, forbid_unknown_fields=True):
    """What the box is to do; `minutes` is how long a panel stays as told."""

    kind: CommandKind
    minutes: Annotated[int, Meta(ge=1, le=LONGEST_PANEL_MIN)] | None = None


class CommandValue(Struct):
    """A command and its result.  `sentence` is the box's: hostile until shown otherwise."""

    id: int
    kind: str
    state: str
    sentence: str
    minutes: int | None
    asked_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


class CommandList(Struct):
    """Some commands; `next` is the `before` of the next page, or None."""

    commands: list[CommandValue]
    next: int | None


class Tags(Struct, forbid_unknown_fields=True):
    """All tags of a screen."""

    tags: Annotated[list[Annotated[str, Meta(min_length=1, max_length=30)]], Meta(max_length=20)]


class PinValue(Struct, forbid_unknown_fields=True):
    """Where a screen hangs on a plan: thousandths from the left and from the top."""

    plan: Key
    x: Thousandth
    y: Thousandth


class PlanValue(Struct):
    """A floor plan; `pins` are by screen."""

    id: int
    name: str
    site: int
    department: int
    width: int
    height: int
    pins: dict[int, PinValue]


class PlanList(Struct):
    """Some plans; `next` is the `before` of the next page, or None."""

    plans: list[PlanValue]
    next: int | None


def _screen(call: Call, pk: int) -> Screen:
    return found(visible(call, Screen), pk, "screen")


def _command(each: Command) -> CommandValue:
    return CommandValue(
        each.pk, each.kind, each.state, each.sentence, each.minutes, each.asked_at,
        each.expires_at, each.sent_at, each.ended_at,
    )  # fmt: skip


def command_give(call: Call, screen: int) -> CommandValue:
    """Have a box do something; one that waits for the same already keeps that one."""
    (asked,) = command_ask(
        screens=[_screen(call, screen)],
        kind=Command.Kind(call.body.kind),
        minutes=call.body.minutes,
        actor=call.actor,
        now=call.now,
        address=call.address,
    )
    return _command(asked)


def command_list(call: Call, screen: int) -> CommandList:
    """List the commands of a box with their results, the newest first."""
    rows = Command.objects.filter(screen=_screen(call, screen))
    page, following = page_of(call, rows)
    return CommandList([_command(each) for each in page], following)


def _tags(screen: Screen) -> list[str]:
    return sorted(screen.tags.values_list("name", flat=True))


def tags_look(call: Call, screen: int) -> Tags:
    """Say the tags of a screen."""
    return Tags(_tags(_screen(call, screen)))


def tags_set(call: Call, screen: int) -> Tags:
    """Replace the tags of a screen."""
    row, wanted = _screen(call, screen), call.body.tags
    assert len(wanted) <= TAGS_LIMIT, "the struct bounds it"
    tagging(
        screens=[row],
        add=wanted,
        remove=set(_tags(row)) - set(wanted),
        actor=call.actor,
        now=call.now,
        address=call.address,
    )
    return Tags(_tags(row))


def plan_list(call: Call) -> PlanList:
    """List floor plans with the screens on them that are in reach."""
    page, following = page_of(call, visible(call, FloorPlan))
    pins: dict[int, dict[int, PinValue]] = {each.pk: {} for each in page}
    for pin in Pin.objects.filter(plan__in=page, screen__in=visible(call, Screen)):
        pins[pin.plan_id][pin.screen_id] = PinValue(pin.plan_id, pin.x, pin.y)
    plans = [
        PlanValue(each.pk, each.name, each.site_id, each.department_id, each.width, each.height,
                  pins[each.pk])
        for each in page
    ]  # fmt: skip
    return PlanList(plans, following)


def pin_put(call: Call, screen: int) -> PinValue:
    """Say where a screen hangs; it leaves whatever plan it was on."""
    pin = pin_set(
        screen=_screen(call, screen),
        plan=found(visible(call, FloorPlan), call.body.plan, "floor plan"),
        x=call.body.x,
        y=call.body.y,
        actor=call.actor,
        now=call.now,
        address=call.address,
    )
    return PinValue(pin.plan_id, pin.x, pin.y)


def pin_delete(call: Call, screen: int) -> None:
    """Take a screen off its plan."""
    pin_remove(screen=_screen(call, screen), actor=call.actor, now=call.now, address=call.address)


_ONE = "screens/<int:screen>/"
_MANAGE = Act.MANAGE_SCREENS

OPERATIONS = (
    Operation("GET", f"{_ONE}commands/", "command_list", command_list,
              "Commands of a box with their results", answer=CommandList, parameters=(BEFORE,)),
    Operation("POST", f"{_ONE}commands/", "command_give", command_give,
              "Have a box do something; all but a picture and the log take the right to manage it",
              NewCommand, CommandValue, 201),
    Operation("GET", f"{_ONE}tags/", "tags_look", tags_look, "The tags of a screen", answer=Tags),
    Operation("PUT", f"{_ONE}tags/", "tags_set", tags_set, "Replace the tags of a screen", Tags,
              Tags, act=_MANAGE),
    Operation("PUT", f"{_ONE}pin/", "pin_put", pin_put, "Where it hangs on a floor plan", PinValue,
              PinValue, act=_MANAGE),
    Operation("DELETE", f"{_ONE}pin/", "pin_delete", pin_delete, "Take it off its floor plan",
              act=_MANAGE),
    Operation("GET", "plans/", "plan_list", plan_list, "List floor plans with their screens",
              answer=PlanList, parameters=(BEFORE,)),
)  # fmt: skip
