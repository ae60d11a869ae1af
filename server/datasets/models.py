"""Data sets, their versions, what they collect from and the cards that they feed.

Only the services of this app write these.  A version is never changed.
"""

from typing import Any, ClassVar

from django.db import models

from server.accounts.models import Department, Staff
from server.datasets.columns import TITLE_LIMIT
from server.library.ingest.table_feed_pictures import ADDRESS_CHARACTERS
from server.library.models import Asset, Blob

__all__ = ["Dataset", "DatasetPart", "DatasetVersion", "FedCard", "FetchedPicture"]


class Dataset(models.Model):
    """A table with typed columns (`columns.Column`); its rows are those of its newest version."""

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="datasets")
    columns = models.JSONField(default=list)
    #: The number of the newest version; 0: there are no rows yet.  Also counts who was faster.
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: New versions go to the walls without review (ADR 0024): since when, and who said so.
    unreviewed_since = models.DateTimeField(null=True, blank=True)
    unreviewed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: From where it is fetched ("": from nowhere), how often, and how that goes.
    url = models.CharField(max_length=500, blank=True)
    #: Where in JSON its rows and columns are (`places.JsonPlaces`); {}: it is a list of objects.
    places = models.JSONField(default=dict, blank=True)
    every_min = models.PositiveIntegerField(default=60)
    fetch_due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    #: Why newer rows could not be had (`troubles`), and since when; {}: they could.
    trouble = models.JSONField(default=dict, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    #: It collects from others (`parts`): a row of each in turn, or all of one before the next.
    in_turn = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=models.Q(deleted_at__isnull=True),
                name="dataset_name_once",
            ),
            models.CheckConstraint(
                condition=models.Q(every_min__gte=1), name="dataset_fetched_not_always"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DatasetVersion(models.Model):
    """All rows at one time, who made them, when and from where.  Immutable."""

    class Origin(models.TextChoices):
        """Where the rows come from."""

        GRID = "grid", "表格编辑"
        FILE = "file", "导入文件"
        URL = "url", "定时获取"
        REST = "rest", "接口"
        RESTORED = "restored", "恢复"
        COLLECTED = "collected", "汇总"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    columns = models.JSONField()
    rows = models.JSONField()
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=20, choices=Origin.choices)
    #: The file's name, the address, or the number of the version that was restored.
    source = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "number"], name="dataset_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise AssertionError("a version of a data set is never changed")
        super().save(*args, **kwargs)


class DatasetPart(models.Model):
    """A data set that another one collects rows from (`collecting.Part`)."""

    whole = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="wholes")
    position = models.PositiveSmallIntegerField()
    called = models.CharField(max_length=TITLE_LIMIT, blank=True)
    columns = models.JSONField()
    at_most = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["whole", "part"], name="dataset_part_once"),
            models.CheckConstraint(
                condition=~models.Q(whole=models.F("part")), name="dataset_not_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} in {self.whole}"


class FedCard(models.Model):
    """A card that a data set fills: which column goes into which field of its template."""

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="feed")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="cards")
    #: A field of the template ("days.meals.dishes.name") to the key of a column.
    mapping = models.JSONField()
    #: Fields that are the same whatever the rows say.
    fixed = models.JSONField(default=dict)
    #: The version that the card shows; an older one than the data set's: see `trouble`.
    version = models.PositiveIntegerField(default=0)
    #: Why the newest version cannot be shown: the template of a sentence and its values.
    trouble = models.JSONField(default=dict, blank=True)
    #: It was changed without review, and the walls have not been told yet.
    is_owed = models.BooleanField(default=False, db_index=True)

    def __str__(self) -> str:
        return f"{self.asset} of {self.dataset}"


class FetchedPicture(models.Model):
    """A picture that rows name by its address: fetched once, kept as long as a row names it."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="pictures")
    address = models.CharField(max_length=ADDRESS_CHARACTERS)
    #: Made right for the wall; None: it could not be had.
    blob = models.ForeignKey(
        Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: When it was fetched, or tried the last time.
    fetched_at = models.DateTimeField()
    #: Why it could not be had (`picture_fetching.why_of`); {}: it could.
    trouble = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "address"], name="dataset_picture_once"),
        ]

    @property
    def whole(self) -> Blob | None:
        """Its file, unless the scrub found it damaged."""
        return None if self.blob is None or self.blob.damaged_at is not None else self.blob

    def __str__(self) -> str:
        return self.address
