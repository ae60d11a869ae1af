"""Files by digest, assets, their renditions, and uploads on their way.

Only `library.services` and the ingest tasks write these.  Files are named by their SHA-256;
what people call them is text and never a path.
"""

import uuid
from typing import ClassVar

from django.db import models

from cards.music import MUSIC
from server.accounts.models import Department, Staff

__all__ = [
    "TAG_LIMIT",
    "Asset",
    "AssetKind",
    "AssetState",
    "AssetTag",
    "Blob",
    "Purpose",
    "Rendition",
    "Upload",
]

#: The longest tag, in characters.
TAG_LIMIT = 40


class Blob(models.Model):
    """A file in the store, by what it holds."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    bytes = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    #: When its bytes were last read and found right.
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    #: Set by the scrub when the stored bytes are not those of the name any more.
    damaged_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sha256


class AssetKind(models.TextChoices):
    """What an asset is to an editor."""

    IMAGE = "image", "图片"
    VIDEO = "video", "视频"
    DOCUMENT = "document", "文档"
    CARD = "card", "卡片"
    STREAM = "stream", "直播流"


class AssetState(models.TextChoices):
    """How far an asset has come."""

    RECEIVED = "received", "已收到"
    PROCESSING = "processing", "处理中"
    READY = "ready", "可用"
    FAILED = "failed", "无法使用"
    WITHDRAWN = "withdrawn", "已撤播"


class AssetsAtHand(models.Manager["Asset"]):
    """The assets that are not in the bin: what pages, services and manifests work with."""

    def get_queryset(self) -> models.QuerySet["Asset"]:
        """Leave out the bin."""
        return super().get_queryset().filter(deleted_at=None)


class Asset(models.Model):
    """A thing that can be shown: a picture, a video, a document's pages, a card or a stream.

    `objects` are those at hand; `with_bin` has those in the bin too.
    """

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=AssetKind.choices)
    state = models.CharField(max_length=20, choices=AssetState.choices, default=AssetState.RECEIVED)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assets")
    uploaded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="assets")
    #: The file as it was uploaded; None for cards and streams.
    original = models.ForeignKey(
        Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    original_name = models.CharField(max_length=255, blank=True)
    #: 0 to 100, and what is being done, while `processing`.
    progress_percent = models.PositiveSmallIntegerField(default=0)
    progress_step = models.CharField(max_length=60, blank=True)
    #: Why it failed: a code of docs/ingest.md, and its values.
    failure_code = models.CharField(max_length=60, blank=True)
    failure_detail = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: What the editor should know of a file that is ready: codes of docs/ingest.md.
    remarks = models.JSONField(default=list, blank=True)
    #: Which worker prepares it, and until when that counts without a sign of life.
    leased_by = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    #: Card: {"template", "data", "blobs"}; stream: {"url", "fallback": asset id}.
    content = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_index=True)
    #: From here on it is shown nowhere: the end of every item that shows it.
    valid_until = models.DateTimeField(null=True, blank=True, db_index=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    #: When it went into the bin; None: it is at hand.
    deleted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    #: What a search looks through: title, file name, tags, and their 拼音 (`library.search`).
    search = models.TextField(blank=True, default="")
    #: Of a document: the pages that are taken when it is added to a playlist; none are all.
    picked_pages = models.JSONField(default=list, blank=True)
    #: Of a video or music, in milliseconds of the original: its length; of a video the part that is
    #: shown (None: from the first frame, to the last), and the frame that stands for it (None: one
    #: is chosen).
    source_ms = models.PositiveBigIntegerField(null=True, blank=True)
    trim_from_ms = models.PositiveBigIntegerField(null=True, blank=True)
    trim_until_ms = models.PositiveBigIntegerField(null=True, blank=True)
    poster_ms = models.PositiveBigIntegerField(null=True, blank=True)
    #: The asset whose place the file of this one shall take, once somebody has looked at it.
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="successors"
    )
    #: The asset that had the file of this one before: kept in the bin, for undo.
    former_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="former"
    )
    version = models.PositiveIntegerField(default=1)

    @property
    def is_music(self) -> bool:
        """Is it a card that is heard and not seen?"""
        return self.kind == AssetKind.CARD and self.content.get("template") == MUSIC.name

    @property
    def kind_told(self) -> str:
        """What people call its kind: a word of `AssetKind`, or `music`."""
        return MUSIC.name if self.is_music else self.kind

    objects = AssetsAtHand()
    with_bin: ClassVar[models.Manager["Asset"]] = models.Manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AssetKind.values), name="asset_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AssetState.values), name="asset_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(progress_percent__lte=100), name="asset_progress_in_range"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(failure_code=""),
                name="asset_failed_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(trim_from_ms__isnull=True)
                | models.Q(trim_until_ms__isnull=True)
                | models.Q(trim_until_ms__gt=models.F("trim_from_ms")),
                name="asset_trim_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AssetTag(models.Model):
    """A word that an editor has put on an asset."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=TAG_LIMIT, db_index=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "name"], name="tag_once_an_asset"),
        ]

    def __str__(self) -> str:
        return self.name


class Purpose(models.TextChoices):
    """What a rendition is for."""

    WALL = "wall", "屏幕"
    WALL_4K = "wall-4k", "4K 屏幕"
    THUMBNAIL = "thumbnail", "缩略图"
    POSTER = "poster", "海报帧"
    #: Frames of the whole original side by side, for whoever trims a video.
    STRIP = "strip", "时间轴"


class Rendition(models.Model):
    """A file made of an asset's original.  `page` counts from 1; 0 is the asset as a whole."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    page = models.PositiveIntegerField(default=0)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="renditions")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    #: Moving pictures only.
    duration_ms = models.PositiveBigIntegerField(null=True, blank=True)
    audio = models.BooleanField(default=False)
    #: Of a page: how high its text is, in percent of its height; None: not known, or too little.
    text_percent = models.FloatField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["page", "purpose"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "purpose", "page"], name="rendition_once"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="rendition_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.page} of {self.asset}"


class Upload(models.Model):
    """A file on its way, resumable: `received` bytes of `bytes` are on the disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="uploads")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    bytes = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    #: What the browser knows the file by, to go on with it after its page was closed; it decides
    #: nothing else.
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    #: The tags that its asset gets.
    tags = models.JSONField(default=list, blank=True)
    #: The asset whose place its file shall take.
    replaces = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: What came of it: finishing twice gives the same asset.
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("bytes")), name="upload_not_too_long"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.received} of {self.bytes})"
