"""Two departments with the same things in each: what is asked of ours must not work on theirs."""

from datetime import datetime, timedelta
from typing import Any

from server.accounts.models import Department, Role, Staff
from server.alerts.endpoints import endpoint_create
from server.alerts.kinds import Kind as AlertKind
from server.cap.intake import take
from server.cap.models import CapAlert, CapSource
from server.cap.policy import Place
from server.cap.sources import Told, areas_set, source_save
from server.datasets import services as datasets
from server.datasets import versions
from server.datasets.columns import Column, Kind
from server.datasets.fed_cards import card_bind
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.parts import collection_create
from server.datasets.tables import rows_typed
from server.emergency.models import PreparedCard
from server.library import services as library
from server.library.models import Asset
from server.library.tagging import put_tags
from server.portal.services import link_make
from server.publishing.services import publish
from server.review.models import ReviewRule, Submission, SubmissionItem, SubmissionScreen
from server.screens.enrolment import enrolment_key_create
from server.screens.models import Screen, ScreenGroup
from server.screens.pairing import pairing_request
from server.webpages.models import WebPage
from tests.simulators import server_objects as objects
from tests.simulators.cap_documents import CODES, cap
from tests.simulators.enterprise import Enterprise

#: The code that a box shows, for whoever is to claim it.
DEVICE = {"hostname": "box"}


Origin = DatasetVersion.Origin


class Things:
    """A department with one of everything, and somebody in each role."""

    def __init__(self, enterprise: Enterprise, department: Department, screens: int = 1) -> None:
        self.enterprise, self.department, self.site = enterprise, department, enterprise.site
        self.people: dict[str, Staff] = {role: objects.staff(role, of=department) for role in Role}
        self.person = self.people[Role.EDITOR]
        self.empty_department = objects.department(parent=department)
        self.asset = enterprise.picture(department=department)
        self.unused = enterprise.picture(department=department)
        self.failed = enterprise.picture(
            department=department, state="failed", failure_code="DAMAGED", original=objects.blob()
        )
        self.withdrawn = enterprise.picture(department=department, state="withdrawn")
        self.binned = enterprise.picture(department=department, deleted_at=enterprise.now)
        self.video = objects.asset(department, kind="video", source_ms=2000)
        self.tag = f"of {department.pk}"
        put_tags(self.asset, [self.tag])
        self.card = library.card_create(
            title="Line",
            template="ticker",
            data={"messages": ["Hello"]},
            department=department,
            actor=self.people[Role.EDITOR],
            now=enterprise.now,
        )
        self.dataset, self.idle_dataset, self.fed = fed_card(department, self.people[Role.EDITOR])
        self.feed = self.fed.feed
        self.whole = collection_create(
            name="Collected", sources=[self.dataset], department=department,
            actor=self.people[Role.EDITOR], now=enterprise.now,
        )  # fmt: skip
        self.web_page = enterprise.picture(department=department)
        WebPage.objects.create(asset=self.web_page, url="https://board.example/", every_min=60)
        self.playlist = objects.playlist(department, self.asset)
        self.idle_playlist = objects.playlist(department, self.asset)
        self.layout = objects.layout(department, self.playlist)
        self.idle_layout = objects.layout(department, self.playlist)
        self.screen = objects.screen(department, enterprise.site, default_layout=self.layout)
        self.group = objects.group(department, self.screen)
        self.entry = objects.entry(department, self.layout, self.screen)
        self.takeover = enterprise.takeover(
            self.layout,
            self.screen,
            department=department,
            ends_at=enterprise.now + timedelta(hours=9),
        )
        self.prepared = PreparedCard.objects.create(
            name="Power",
            department=department,
            title="Power cut",
            issuer="Duty",
            changed_by=self.people[Role.ADMINISTRATOR],
            changed_at=enterprise.now,
        )
        self.key = enrolment_key_create(
            name="keys",
            site=enterprise.site,
            department=department,
            expires_at=enterprise.now + timedelta(days=1),
            actor=enterprise.administrator,
            now=enterprise.now,
        ).key
        self.endpoint = endpoint_create(
            name="hook",
            url="https://hooks.example/a",
            kinds=[AlertKind.PUBLISHED],
            department=department,
            actor=enterprise.administrator,
            now=enterprise.now,
        )
        self.cap_source, self.cap_alert = cap_alert(
            department, self.group, enterprise.administrator, enterprise.now
        )
        self.release = publish(
            screens=Screen.objects.filter(department=department),
            actor=None,
            reason="First.",
            now=enterprise.later(),
        )
        self.link = link_make(
            playlist=self.playlist, title="Open", word="", language="zh-hans",
            actor=enterprise.administrator, now=enterprise.now,
        )  # fmt: skip
        self.scan = enterprise.scan(self.screen)
        self.submission = submitted(self.screen, self.people[Role.EDITOR], enterprise.now)
        self.rule = ReviewRule.objects.create(department=department, level="prominent", steps=0)
        self.upload = library.upload_begin(
            actor=self.people[Role.EDITOR],
            department=department,
            name="a.png",
            size=4,
            now=enterprise.now,
        )
        library.upload_append(
            actor=self.people[Role.EDITOR],
            upload_id=self.upload.pk,
            offset=0,
            chunks=[b"four"],
            now=enterprise.now,
        )

    def change(self) -> None:
        """Something to publish."""
        objects.entry(self.department, self.layout, self.screen)

    def code(self, now: Any) -> str:
        """A box shows this code."""
        asked = pairing_request(device=DEVICE, address="10.0.0.9", enrolment_key=None, now=now)
        return str(asked.pairing.code)


def cap_alert(
    department: Department, group: ScreenGroup, administrator: Staff, now: datetime
) -> tuple[CapSource, CapAlert]:
    """A source of alerts that asks first, and an alert that waits."""
    source = source_save(
        source=None, department=department, told=Told(name="City"), reason="",
        actor=administrator, now=now,
    )  # fmt: skip
    places = [Place(CODES, "*", group.pk)]
    areas_set(source=source, places=places, actor=administrator, now=now)
    far = timedelta(days=400)  # pages are asked for on the day of the test
    document = cap("A", now, lasts=far, headline="Storm", effective="")
    return source, take(source=source, data=document, came_from="", actor=None, now=now)


def fed_card(department: Department, editor: Staff) -> tuple[Dataset, Dataset, Asset]:
    """A data set with rows and two versions, one without, and a card that the first fills."""
    now = objects.NOW
    columns = (Column("line", "提示", Kind.TEXT),)
    dataset, idle = (
        datasets.dataset_create(
            name=name, columns=columns, department=department, actor=editor, now=now
        )
        for name in ("Lines", "Idle")
    )
    for text in ("Hello", "Good morning"):
        versions.rows_put(
            dataset=dataset, rows=rows_typed([{"line": text}], columns), origin=Origin.GRID,
            actor=editor, now=now,
        )  # fmt: skip
    fed = card_bind(
        dataset=dataset, title="Lines", template="ticker", mapping={"messages": "line"},
        fixed={}, department=department, actor=editor, now=now,
    )  # fmt: skip
    dataset.refresh_from_db()
    return dataset, idle, fed


def submitted(screen: Screen, by: Staff, now: datetime) -> Submission:
    """A submission of a screen, with one new item."""
    made = Submission.objects.create(
        title="News", submitted_by=by, submitted_at=now, steps=1, due_at=now, sha256="0" * 64
    )
    SubmissionScreen.objects.create(submission=made, screen=screen, sha256="0" * 64)
    SubmissionItem.objects.create(
        submission=made, position=1, asset=1, kind="image", title="Poster", sha256="1" * 64
    )
    return made
