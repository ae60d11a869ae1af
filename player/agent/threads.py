"""The threads of a running agent, put together: poll, post, push and chores."""

import threading
from collections.abc import Callable

from content_cache.scrub import boot_id
from player.agent.app import Agent
from player.agent.chores import Chores
from player.agent.commands import Commands
from player.agent.deeds import Reach, deeds_of
from player.agent.housework import Hands, Housework
from player.agent.panel_power import panel_power
from player.agent.poll import Poll
from player.agent.post import Post
from player.agent.push import Push, PushTells
from player.agent.service import Part, Service
from player.clock import local_zone

__all__ = ["service_of"]


def service_of(agent: Agent, stop: threading.Event) -> Service:
    """The service that runs this agent until `stop`."""
    settings, clock = agent.settings, agent.clock
    poll = Poll(agent.round, clock)
    post = Post(
        agent.office,
        agent.interface,
        clock,
        poll_s=settings.server.poll_interval_s,
        chance=agent.ports.chance,
        paced=agent.rounds.pace,
    )
    agent.on_news = post.now
    housework = _housework(agent, poll, post)
    zone = local_zone(settings.stage.timezone)
    chores = Chores(housework.chores(settings), clock, zone)
    agent.office.run_commands = _commands(agent, poll, housework).run
    parts: list[Part] = [poll, post, chores]

    def look_after() -> None:
        agent.parts.ledger.tell("chores", chores.look(), clock.now())
        if push is not None:
            heard_s = push.heard_s
            age_s = None if heard_s is None else round(clock.monotonic() - heard_s, 1)
            agent.board.note(push_age_s=age_s)
        agent.office.write_status()

    push: Push | None = None
    if settings.server.push:
        tells = PushTells(poll.look, post.now, lambda state: agent.board.note(push=state))
        push = Push(agent.push_interface, clock, tells, agent.ports.chance)
        parts.append(push)
    return Service(parts, poll, clock, stop, look_after)


def _commands(agent: Agent, poll: Poll, housework: Housework) -> Commands:
    def look_anew() -> None:
        agent.rounds.look_at_everything()
        poll.look()

    def between(job: Callable[[], None]) -> None:
        agent.rounds.between(job)
        poll.look()

    reach = Reach(
        agent.glass,
        agent.tail,
        agent.noticeboard,
        agent.board,
        agent.ports.wait,
        look_anew,
        between,
        agent.eviction.clean,
        housework.panel_for if housework.has_panel else None,
        agent.settings.agent.restart_box_command,
        agent.ports.run_program,
    )
    root, disk = agent.settings.cache.directory, agent.ports.disk
    return Commands(root, disk, boot_id(disk), deeds_of(reach))


def _housework(agent: Agent, poll: Poll, post: Post) -> Housework:
    settings = agent.settings

    def look_anew() -> None:
        agent.rounds.look_at_everything()
        poll.look()

    def evict() -> None:
        agent.rounds.make_room()
        poll.look()

    hands = Hands(look_anew, evict, look_anew, lambda: post.want("screenshot"))
    power = panel_power(settings.panel, settings.stage.output, agent.ports.run_program)
    return Housework(agent.parts, agent.scrub, agent.noticeboard, power, hands)
