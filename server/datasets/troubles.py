"""What keeps newer rows from a data set: kept in both languages, told once for as long as it lasts.

The last good rows stay whatever happens.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from server.alerts.kinds import Kind as Told
from server.alerts.services import tell
from server.datasets.models import Dataset
from server.sentences import Bilingual, Sentence, local

__all__ = ["trouble_begins", "trouble_ends", "trouble_of_rows"]

#: The longest sentence that is kept, in characters.
SENTENCE_LIMIT = 500


def trouble_of_rows(dataset: Dataset) -> Sentence | None:
    """Why newer rows could not be had; None: they could."""
    if not dataset.trouble:
        return None
    return Bilingual(zh=dataset.trouble["zh"], en=dataset.trouble["en"])


@transaction.atomic
def trouble_begins(*, dataset: Dataset, why: Sentence, told: Sentence, now: datetime) -> None:
    """Keep `why`, and tell `told` unless that was done when it began."""
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk)
    since = kept.failing_since or now
    kept.failing_since = since
    kept.trouble = {"zh": _in("zh-hans", why), "en": _in("en", why)}
    kept.save(update_fields=["failing_since", "trouble"])
    tell(
        kind=Told.DATA_TROUBLE,
        said=told,
        department=kept.department,
        link=f"/data/{kept.pk}/",
        key=f"rows:{kept.pk}:{since.isoformat()}",
        now=now,
    )


def trouble_ends(dataset: Dataset) -> None:
    """Newer rows are there."""
    Dataset.objects.filter(pk=dataset.pk).update(trouble={}, failing_since=None)


def _in(language: str, why: Sentence) -> str:
    with translation.override(language):
        return local(why)[:SENTENCE_LIMIT]
