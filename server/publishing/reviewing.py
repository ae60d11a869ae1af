"""Where publishing meets review: what is submitted, and whether just that is published (ADR 0021).

The digest of a screen's programme is that of its manifest's body without takeovers: all that can
come to be seen, and nothing that changes by itself.  `publish` asks `require_reviewed`; `submit`
and `approve` compile the same digests for `review.services`.  What is urgent goes out first:
`review_later` submits it in the transaction that publishes it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.accounts.models import Staff
from server.errors import Invalid
from server.programme.models import Takeover
from server.programme.versions import hold_still
from server.publishing.compile import Body
from server.publishing.errors import NotCurrent
from server.publishing.notices import require_kept
from server.publishing.preparation import Preparation, prepare
from server.publishing.submission_drafts import Change, draft_of, new_items, programmes
from server.publishing.words import say
from server.review import selectors
from server.review import services as review
from server.review.drafts import ChangeDraft, SubmissionDraft
from server.review.errors import NotReviewed
from server.review.models import Submission
from server.review.rules import required
from server.screens.models import Screen

__all__ = [
    "ReviewStanding",
    "approve",
    "changed_since",
    "require_reviewed",
    "review_later",
    "review_takeover",
    "standings",
    "submit",
]


#: none: no review is asked for; approved: just this was; in-review: just this is being reviewed.
ReviewStanding = Literal["none", "needed", "in-review", "approved"]


def standings(prepared: Preparation, now: datetime) -> dict[int, ReviewStanding]:
    """How the review stands of each screen (primary key) that publishing would change."""
    return _standings(prepared, _needed(prepared, now))


def _standings(prepared: Preparation, needed: Mapping[int, str]) -> dict[int, ReviewStanding]:
    found: dict[int, ReviewStanding] = dict.fromkeys(prepared.changed, "none")
    states = selectors.best_states(needed)
    return found | {pk: _STANDINGS.get(states.get(pk, ""), "needed") for pk in needed}


def _needed(prepared: Preparation, now: datetime) -> dict[int, str]:
    """The digests of the programmes that need a review, by screen."""
    rows = Screen.objects.in_bulk(prepared.changed)
    needed = [pk for pk, need in required(rows.values()).items() if need.steps]
    bodies = programmes(prepared.facts, needed, now) if needed else {}
    return {pk: body.sha256 for pk, body in bodies.items()}


_STANDINGS: dict[str, ReviewStanding] = {
    Submission.State.APPROVED: "approved",
    Submission.State.IN_REVIEW: "in-review",
}


def require_reviewed(prepared: Preparation, now: datetime) -> list[Submission]:
    """The submissions that were approved as they are published now.

    Raises `NotReviewed` unless what changed was approved wherever a review is asked for.
    """
    needed = _needed(prepared, now)
    lacking = [
        prepared.facts.screens[pk].name
        for pk, standing in _standings(prepared, needed).items()
        if standing in {"needed", "in-review"}
    ]
    if lacking:
        raise NotReviewed(
            _(
                "The programme of %(screen)s as it is now was not approved (%(count)d in all): "
                "submit it for review; a change after an approval needs a new one."
            ),
            values={"screen": lacking[0], "count": len(lacking)},
            details={"screens": lacking},
        )
    return selectors.approved_as(needed)


def submit(
    *,
    screens: Iterable[Screen],
    title: str,
    note: str = "",
    expected: str | None = None,
    actor: Staff,
    now: datetime,
) -> Submission:
    """Submit what these screens would show, as far as it changes and needs a review.

    `expected` is the digest of the dry run that was looked at; another programme is `NotCurrent`,
    one that breaks the promise of a public notice `NoticeBinds`: nobody reviews it in vain.
    """
    with transaction.atomic():
        hold_still()
        rows = {each.pk: each for each in screens if each.retired_at is None}
        prepared = prepare(rows, now, waiting=True)
        if expected is not None and prepared.digest != expected:
            raise NotCurrent(_("The programme was changed after you looked at it: look again."))
        needs = required(rows.values())
        chosen = [pk for pk in prepared.changed if needs[pk].steps]
        if not chosen:
            raise Invalid(
                _("There is nothing to review: these screens show this, or need no review."),
                code="NO_REVIEW_NEEDED",
            )
        require_kept({rows[pk]: prepared.bodies[pk] for pk in chosen}, now, shares=True)
        draft = draft_of(prepared, {pk: rows[pk] for pk in chosen}, now)
        return review.submit(draft=draft, title=title, note=note, actor=actor, now=now)


def review_later(
    *,
    prepared: Preparation,
    screens: Iterable[Screen],
    title: str,
    actor: Staff | None,
    now: datetime,
) -> Submission | None:
    """Submit what these screens are told without waiting; None where no review is asked for."""
    rows = {each.pk: each for each in screens}
    chosen = {pk: rows[pk] for pk, need in required(rows.values()).items() if need.steps}
    if not chosen:
        return None
    draft = draft_of(prepared, chosen, now)
    return review.submit(draft=draft, title=title, is_urgent=True, actor=actor, now=now)


def review_takeover(
    *,
    takeover: Takeover,
    shown: Mapping[Screen, Body],
    actor: Staff | None,
    now: datetime,
) -> Submission | None:
    """Submit a takeover that is told already; `shown` has what it is on each screen, by itself."""
    needs = required(shown)
    chosen = {screen: body for screen, body in shown.items() if needs[screen.pk].steps}
    if not chosen:
        return None
    said = say("TAKEOVER_ADDED", takeover=takeover.name, until=takeover.ends_at)
    names = tuple(screen.name for screen in chosen)
    draft = SubmissionDraft(
        digests={screen: body.sha256 for screen, body in chosen.items()},
        items=new_items([Change(None, body.manifest, ()) for body in chosen.values()]),
        changes=(ChangeDraft(names, ((said.code, said.values),)),),
        authors=frozenset() if actor is None else frozenset({actor.username}),
    )
    title = takeover.name
    return review.submit(draft=draft, title=title, is_urgent=True, actor=actor, now=now)


def approve(
    *, submission: Submission, expected: str, reason: str = "", actor: Staff, now: datetime
) -> Submission:
    """Say yes, unless the programme was changed since it was submitted (`NotReviewed`)."""
    with transaction.atomic():
        hold_still()
        others = [] if submission.is_urgent else changed_since(submission, now)
        if others:
            raise NotReviewed(
                _(
                    "The programme of %(screen)s was changed after it was submitted, so nobody can "
                    "approve it: the editor has to submit it again."
                ),
                values={"screen": others[0]},
                details={"screens": [each.name for each in others]},
            )
        return review.approve(
            submission=submission, expected=expected, reason=reason, actor=actor, now=now
        )


def changed_since(submission: Submission, now: datetime) -> list[Screen]:
    """The screens whose programme is another one by now than the one submitted."""
    rows = submission.screens.filter(screen__retired_at=None).select_related("screen")
    submitted = {row.screen_id: row.sha256 for row in rows}
    facts = prepare(submitted, now).facts
    found = programmes(facts, submitted, now)
    return [row.screen for row in rows if found[row.screen_id].sha256 != row.sha256]
