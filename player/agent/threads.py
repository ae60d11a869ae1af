"""The threads of a running agent, put together: poll, post, push and chores."""

import threading

from player.agent.app import Agent
from player.agent.chores import Chores
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
    chores = _chores(agent, poll, post)
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


def _chores(agent: Agent, poll: Poll, post: Post) -> Chores:
    settings = agent.settings

    def look_anew() -> None:
        agent.rounds.look_at_everything()
        poll.look()

    def evict() -> None:
        agent.rounds.make_room()
        poll.look()

    hands = Hands(look_anew, evict, look_anew, lambda: post.want("screenshot"))
    power = panel_power(settings.panel, settings.stage.output, agent.ports.run_program)
    housework = Housework(agent.parts, agent.scrub, agent.noticeboard, power, hands)
    zone = local_zone(settings.stage.timezone)
    return Chores(housework.chores(settings), agent.clock, zone)
