"""Publishing, for scripts: the dry run with its differences, releases, undo."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from msgspec import Meta, Struct

from server.accounts.policy import Act, in_reach, may_anywhere, require
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, Keys, found, found_all, page_of, visible
from server.errors import Forbidden
from server.publishing import services
from server.publishing.models import Release
from server.publishing.planning import Coming, Plan, ScreenPlan
from server.publishing.words import Sentence
from server.screens.models import Screen

__all__ = ["OPERATIONS", "SentenceValue", "chosen_screens", "sentence_value"]


class Which(Struct, forbid_unknown_fields=True):
    """For which screens (None: all on which the actor may publish)."""

    screens: Keys | None = None


class Publish(Struct, forbid_unknown_fields=True):
    """What to publish, and why.

    `expected` is the digest of the dry run that was looked at; `confirmed` says yes to what it
    warns of.  `urgent` does not wait for a review; it takes the right to take over.
    """

    reason: Annotated[str, Meta(max_length=500)]
    screens: Keys | None = None
    confirmed: bool = False
    expected: str | None = None
    urgent: bool = False


class Undo(Struct, forbid_unknown_fields=True):
    """Why; and for which screens (None: those of the release)."""

    reason: Annotated[str, Meta(max_length=500)]
    screens: Keys | None = None


class SentenceValue(Struct):
    """One thing to say: for programs by `code`, for people in `text`."""

    code: str
    values: dict[str, str]
    text: str
    needs_confirmation: bool


class PictureValue(Struct):
    """A picture that is due: when, on which layout, with which titles in its zones."""

    at: datetime
    layout: str | None
    titles: dict[str, str | None]


class ScreenPlanValue(Struct):
    """What publishing would do to one screen.

    `state` is unchanged, changed or new; `review` is none, needed, in-review or approved.
    """

    screen: int
    name: str
    state: str
    review: str
    changes: list[SentenceValue]
    warnings: list[SentenceValue]
    now: list[PictureValue]
    then: list[PictureValue]


class PlanValue(Struct):
    """What publishing would do; send `digest` as `expected` to publish just this."""

    digest: str
    screens: list[ScreenPlanValue]


class ReleaseValue(Struct):
    """One act of publishing, and on which screens; `waiting`: where approvers must sign first."""

    id: int
    kind: str
    at: datetime
    by: str | None
    reason: str
    restores: int | None
    screens: list[int]
    waiting: list[int]


class Published(Struct):
    """The release; None if every screen shows just this already."""

    release: ReleaseValue | None


class ReleaseList(Struct):
    """Some releases; `next` is the `before` of the next page, or None."""

    releases: list[ReleaseValue]
    next: int | None


def sentence_value(each: Sentence) -> SentenceValue:
    """What scripts are told of a sentence."""
    return SentenceValue(each.code, each.values, str(each), each.needs_confirmation)


def _picture(each: Coming) -> PictureValue:
    return PictureValue(each.at, each.layout, each.titles)


def _screen_plan(each: ScreenPlan) -> ScreenPlanValue:
    return ScreenPlanValue(
        screen=each.screen,
        name=each.name,
        state=each.state,
        review=each.review,
        changes=[sentence_value(one) for one in each.changes],
        warnings=[sentence_value(one) for one in each.cautions],
        now=[_picture(one) for one in each.now],
        then=[_picture(one) for one in each.then],
    )


def _plan(plan: Plan) -> PlanValue:
    return PlanValue(plan.digest, [_screen_plan(each) for each in plan.screens])


def _release(release: Release) -> ReleaseValue:
    told = release.publications.order_by("screen").values_list("screen", "complete")
    return ReleaseValue(
        id=release.pk,
        kind=release.kind,
        at=release.at,
        by=release.by.username if release.by else None,
        reason=release.reason,
        restores=release.restores_id,
        screens=[screen for screen, _is_complete in told],
        waiting=[screen for screen, is_complete in told if not is_complete],
    )


def _published(release: Release | None) -> Published:
    return Published(None if release is None else _release(release))


def chosen_screens(call: Call, act: Act, pks: list[int] | None) -> list[Screen]:
    """The screens that are named, or all on which the actor may do this."""
    if pks is not None:
        chosen = found_all(visible(call, Screen).filter(retired_at=None), pks, "screen")
        for pk in {each.department_id for each in chosen}:
            require(call.actor, act, pk)
        return chosen
    reach = in_reach(call.actor, act)
    return list(Screen.objects.filter(reach, retired_at=None))


def publish_plan(call: Call) -> PlanValue:
    """Say what publishing would do, without doing it."""
    return _plan(services.plan(chosen_screens(call, Act.VIEW, call.body.screens), call.now))


def publish(call: Call) -> Published:
    """Tell screens what the programme says now."""
    body = call.body
    screens = chosen_screens(call, Act.PUBLISH, body.screens)
    if not screens and body.screens is None:
        _require_anything(call)
    made = services.publish(
        screens=screens,
        actor=call.actor,
        reason=body.reason,
        now=call.now,
        confirmed=body.confirmed,
        expected=body.expected,
        urgent=body.urgent,
    )
    return _published(made)


def _require_anything(call: Call) -> None:
    if not may_anywhere(call.actor, Act.PUBLISH):
        raise Forbidden("Your role does not allow publishing; ask an administrator for the right.")


def _visible_releases(call: Call) -> QuerySet[Release]:
    return visible(call, Release, "publications__screen__department").distinct()


def release_list(call: Call) -> ReleaseList:
    """List releases, the newest first."""
    rows, following = page_of(call, _visible_releases(call).select_related("by"))
    return ReleaseList([_release(each) for each in rows], following)


def release_look(call: Call, release: int) -> ReleaseValue:
    """Look at one release."""
    return _release(found(_visible_releases(call), release, "release"))


def release_undo(call: Call, release: int) -> Published:
    """Bring back what stood on the screens when this release was made."""
    row = found(_visible_releases(call), release, "release")
    wanted = call.body.screens
    if wanted is None:
        touched = Screen.objects.filter(publications__release=row, retired_at=None)
        wanted = list(touched.filter(in_reach(call.actor, Act.VIEW)).values_list("pk", flat=True))
    made = services.undo(
        release=row,
        screens=chosen_screens(call, Act.PUBLISH, wanted),
        actor=call.actor,
        reason=call.body.reason,
        now=call.now,
    )
    return _published(made)


OPERATIONS = (
    Operation("POST", "publish/plan/", "publish_plan", publish_plan,
              "The dry run: what publishing would do", Which, PlanValue),
    Operation("POST", "publish/", "publish", publish, "Publish the programme as it is now",
              Publish, Published, act=Act.PUBLISH),
    Operation("GET", "releases/", "release_list", release_list, "List releases",
              answer=ReleaseList, parameters=(BEFORE,)),
    Operation("GET", "releases/<int:release>/", "release_look", release_look,
              "Look at a release", answer=ReleaseValue),
    Operation("POST", "releases/<int:release>/undo/", "release_undo", release_undo,
              "Bring back what stood on the screens then", Undo, Published, act=Act.PUBLISH),
)  # fmt: skip
