"""What a source's policy says of an alert.  Pure: rows and values in, a verdict out.

The order of the questions is that of safety: what must never be shown first, then what is too weak,
then where, then whether a person is asked.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _
from msgspec import Struct

from server.cap.document import CERTAINTIES, SEVERITIES, URGENCIES, Alert, Area, Info
from server.cap.models import Drills, Handling, Outcome
from server.sentences import Sentence

__all__ = [
    "Known",
    "Place",
    "Policy",
    "Verdict",
    "chosen_infos",
    "family_of",
    "overtaken_by",
    "verdict_of",
]


class Place(Struct, frozen=True):
    """An area that we know, and its group of screens (primary key)."""

    scheme: str
    value: str
    group: int

    def means(self, area: Area) -> bool:
        """Does the area of an alert lie here?"""
        if self.scheme:
            return any(
                scheme == self.scheme and _is_like(value, self.value)
                for scheme, value in area.codes
            )
        return _is_like(area.description, self.value)


class Policy(Struct, frozen=True):
    """What a source may do."""

    handling: str
    drills: str
    severity: int
    urgency: int
    certainty: int
    language: str
    usual_min: int
    places: tuple[Place, ...]


class Verdict(Struct, frozen=True):
    """What becomes of an alert, why, and (if it is to be shown) what, where and until when."""

    outcome: Outcome
    why: Sentence
    info: Info | None = None
    groups: tuple[int, ...] = ()
    is_drill: bool = False
    begins_at: datetime | None = None
    expires_at: datetime | None = None


class Known(Struct, frozen=True):
    """What is known of another message: its name, those that it names, and how it stands."""

    key: str
    references: frozenset[str]
    sent: datetime
    kind: str
    is_real: bool


def verdict_of(alert: Alert, policy: Policy, now: datetime) -> Verdict:
    """What the policy says of an Alert or an Update by itself."""
    is_drill = alert.status in {"Exercise", "Test"}
    if refused := _never(alert, policy):
        return Verdict(Outcome.RECORDED, refused, is_drill=is_drill)
    infos = chosen_infos(alert.infos, policy.language)
    strong = [each for each in infos if is_strong(each, policy)]
    if not strong:
        return Verdict(Outcome.RECORDED, _too_weak(infos), is_drill=is_drill)
    info = max(strong, key=_strength)
    begins = info.effective or alert.sent
    expires = max(_expiry(each, begins, policy) for each in strong)
    if expires <= now:
        said = Sentence(_("It had expired when it came."))
        return Verdict(Outcome.RECORDED, said, is_drill=is_drill, expires_at=expires)
    groups = _groups(strong, policy.places)
    if not groups:
        said = Sentence(_("It means none of the places in the table."))
        return Verdict(Outcome.RECORDED, said, is_drill=is_drill, expires_at=expires)
    outcome, why = _handled(alert, policy)
    return Verdict(outcome, why, info, groups, is_drill, begins, expires)


def _never(alert: Alert, policy: Policy) -> Sentence | None:
    if alert.status in {"System", "Draft"}:
        return Sentence(_("Its status is %(status)s: it is not for people."),
                        {"status": alert.status})  # fmt: skip
    drills = {Drills.NONE: (), Drills.EXERCISE: ("Exercise",), Drills.ALL: ("Exercise", "Test")}
    if alert.status != "Actual" and alert.status not in drills[Drills(policy.drills)]:
        return Sentence(_("Its status is %(status)s, which is only recorded here."),
                        {"status": alert.status})  # fmt: skip
    return None


def chosen_infos(infos: Sequence[Info], language: str) -> list[Info]:
    """Those in the wanted language; if there are none, those in the first language."""
    wanted = [each for each in infos if _speaks(each, language)]
    return wanted or [each for each in infos if each.language == infos[0].language]


def _speaks(info: Info, language: str) -> bool:
    asked = language.casefold()
    return info.language == asked or info.language.startswith(f"{asked}-")


def is_strong(info: Info, policy: Policy) -> bool:
    """Is it as strong as the policy asks for?  "Past" and "all clear" are over, whatever else."""
    return (
        SEVERITIES.index(info.severity) >= policy.severity
        and URGENCIES.index(info.urgency) >= policy.urgency
        and CERTAINTIES.index(info.certainty) >= policy.certainty
        and "AllClear" not in info.responses
    )


def _strength(info: Info) -> tuple[int, int, int]:
    return (
        SEVERITIES.index(info.severity),
        URGENCIES.index(info.urgency),
        CERTAINTIES.index(info.certainty),
    )


def _too_weak(infos: Sequence[Info]) -> Sentence:
    if not infos:
        return Sentence(_("It says nothing: it has no info block."))
    most = max(infos, key=_strength)
    return Sentence(
        _("It is below the threshold: %(severity)s, %(urgency)s, %(certainty)s."),
        {"severity": most.severity, "urgency": most.urgency, "certainty": most.certainty},
    )


def _expiry(info: Info, begins: datetime, policy: Policy) -> datetime:
    return info.expires or begins + timedelta(minutes=policy.usual_min)


def _groups(infos: Iterable[Info], places: Collection[Place]) -> tuple[int, ...]:
    areas = [area for info in infos for area in info.areas]
    return tuple(sorted({each.group for each in places if any(map(each.means, areas))}))


def _is_like(said: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return said.casefold().startswith(wanted[:-1].casefold())
    return said.casefold() == wanted.casefold()


def _handled(alert: Alert, policy: Policy) -> tuple[Outcome, Sentence]:
    if policy.handling == Handling.RECORD:
        return Outcome.RECORDED, Sentence(_("The policy of this source is to record only."))
    if policy.handling == Handling.REVIEW:
        return Outcome.WAITING, Sentence(_("The policy of this source asks a person first."))
    if alert.scope != "Public":
        return Outcome.WAITING, Sentence(_("It is not for the public (%(scope)s)."),
                                         {"scope": alert.scope})  # fmt: skip
    return Outcome.PLANNED, Sentence(_("The policy of this source is to show it at once."))


def family_of(references: Collection[str], known: Iterable[Known]) -> frozenset[str]:
    """The names in `references`, and of all that followed on these: what a message ends."""
    found, rest = set(references), list(known)
    while more := {each.key for each in rest if each.references & found} - found:
        found |= more
    return frozenset(found)


def overtaken_by(mine: Known, known: Iterable[Known]) -> Known | None:
    """A later message that speaks of the same: then `mine` came out of order, and says the past."""
    others = [each for each in known if each.key != mine.key and each.is_real == mine.is_real]
    line = family_of(mine.references | {mine.key}, others)
    later = [
        each
        for each in others
        if each.key in line - mine.references and each.kind in {"Update", "Cancel"}
        and (mine.key in each.references or each.sent > mine.sent)
    ]  # fmt: skip
    return max(later, key=lambda each: each.sent, default=None)
