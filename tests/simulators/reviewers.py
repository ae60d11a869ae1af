"""The people of a review: an editor who arranges and submits, and a reviewer for each step."""

from collections.abc import Sequence

from server.accounts.models import Role, Staff
from server.library.models import Asset
from server.programme.drafts import ItemDraft
from server.programme.models import Playlist
from server.programme.services import playlist_append
from server.publishing.reviewing import approve, submit
from server.review.models import Submission
from server.review.services import open_item, rule_set
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise

__all__ = ["Reviewing"]


class Reviewing:
    """Reviews in an enterprise: every screen needs `steps` of them."""

    def __init__(self, enterprise: Enterprise, steps: int = 3) -> None:
        self.enterprise = enterprise
        self.editor = enterprise.staff("editor", Role.EDITOR)
        self.first = enterprise.staff("first-reviewer", Role.REVIEWER_1)
        self.second = enterprise.staff("second-reviewer", Role.REVIEWER_2)
        self.third = enterprise.staff("third-reviewer", Role.REVIEWER_3)
        self.require(steps)

    @property
    def reviewers(self) -> Sequence[Staff]:
        return (self.first, self.second, self.third)

    def require(self, steps: int, **changes: object) -> None:
        """Ask for so many steps everywhere (or as `changes` say)."""
        rule = {"department": None, "level": "ordinary", "steps": steps} | changes
        rule_set(**rule, actor=self.enterprise.administrator, now=self.enterprise.now)  # type: ignore[arg-type]

    def add(self, playlist: Playlist, *assets: Asset, by: Staff | None = None) -> None:
        """Edit: add these at the end."""
        items = [ItemDraft(asset=asset.pk) for asset in assets]
        now = self.enterprise.later()
        playlist_append(playlist=playlist, items=items, actor=by or self.editor, now=now)

    def submit(self, *screens: Screen, by: Staff | None = None, title: str = "News") -> Submission:
        now = self.enterprise.later()
        return submit(screens=screens, title=title, actor=by or self.editor, now=now)

    def look(self, submission: Submission, reviewer: Staff) -> None:
        """Open every new item."""
        for item in submission.items.all():
            open_item(item=item, actor=reviewer, now=self.enterprise.now)

    def approve(self, submission: Submission, reviewer: Staff) -> Submission:
        """Look at everything and say yes."""
        self.look(submission, reviewer)
        return approve(
            submission=submission,
            expected=submission.sha256,
            actor=reviewer,
            now=self.enterprise.later(),
        )

    def approve_all(self, submission: Submission) -> Submission:
        """All steps, each by its reviewer."""
        for reviewer in self.reviewers[: submission.steps]:
            submission = self.approve(submission, reviewer)
        return submission
