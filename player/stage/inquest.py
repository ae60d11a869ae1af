"""Who is to blame for the end of the last run, found out before this one touches anything.

For the composition root, before the first thread.  The page of crumbs is made clean in the same
step in which a new page for last words is begun: a run that dies before it has touched anything
(an X server that is not there) must not bear witness against what an earlier one had in hand.
"""

from pathlib import Path

from player.stage.breadcrumb import Breadcrumb, Quarantine
from player.stage.last_words import LastWords

__all__ = ["EARLY_CRUMB", "Inquest"]

#: The breadcrumb of `early`.
EARLY_CRUMB = "breadcrumb.early"


class Inquest:
    """`blamed` got a strike each (identity and subject), `condemned` their last one."""

    def __init__(self, state_folder: Path) -> None:
        self.words = LastWords(state_folder)
        self.breadcrumb = Breadcrumb(state_folder)
        self.quarantine = Quarantine(state_folder)
        early = Breadcrumb(state_folder, EARLY_CRUMB)
        self.blamed: dict[str, str] = {}
        if self.words.text:
            self.blamed = self.breadcrumb.blamed() | early.blamed()
        self.condemned = self.quarantine.strike(self.blamed)
        early.close()
        self.breadcrumb.open()
        self.words.listen()

    def close(self) -> None:
        """A clean end of this run: there will be nobody to blame."""
        self.breadcrumb.close()
        self.words.close()
