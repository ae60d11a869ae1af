"""Pages are taken when they are due; the last good picture stays, and a failure is told once."""

import io

import msgspec
import pytest
from PIL import Image

from server.accounts.models import Role
from server.alerts.models import Message
from server.errors import Invalid
from server.library.models import AssetState
from server.publishing.fed_release import publish_owed
from server.publishing.models import Publication
from server.publishing.selectors import manifests_of
from server.publishing.services import publish
from server.review.errors import NotReviewed
from server.webpages import services, taking
from server.webpages.errors import PageNotTaken
from server.webpages.models import WebPage
from server.webpages.snapshot import Picture
from tests.unit.server.staff.browsers import browser_of

from .conftest import HOST, INSIDE, OTHER


class Browser:
    """What stands at the port of the browser: a picture of one colour, or a refusal."""

    def __init__(self) -> None:
        self.colour = "green"

    def take(self, view, rules):
        assert rules == INSIDE
        if not self.colour:
            raise PageNotTaken("%(host)s answered %(status)d, not with a page.",
                               values={"host": HOST, "status": 500})  # fmt: skip
        file = io.BytesIO()
        Image.new("RGB", (1920, 1080), self.colour).save(file, "PNG")
        return Picture(file.getvalue(), (OTHER,))


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def editor(enterprise, settings):
    told = msgspec.structs.replace(
        settings.CONFIGURATION.fetch, hosts=INSIDE.hosts, networks=INSIDE.networks
    )
    settings.CONFIGURATION = msgspec.structs.replace(settings.CONFIGURATION, fetch=told)
    return enterprise.staff("pages", Role.EDITOR)


@pytest.fixture
def page(enterprise, editor):
    return services.page_create(
        title="调度看板", url=f"http://{HOST}/board", department=enterprise.department,
        actor=editor, now=enterprise.now,
    )  # fmt: skip


@pytest.fixture
def taken(page, browser, enterprise):
    def take():
        page.refresh_from_db()
        return taking.take_now(page=page, now=enterprise.later(), take=browser.take)

    return take


def shown(page):
    page.asset.refresh_from_db()
    return page.asset.renditions.get(purpose="wall").blob_id


def test_another_picture_is_another_version_and_the_same_pixels_are_none(page, taken, browser):
    assert taken() == "new"
    first = shown(page)
    assert (page.asset.state, page.asset.kind) == (AssetState.READY, "image")
    version = page.asset.version
    assert taken() == "same"
    page.asset.refresh_from_db()
    assert page.asset.version == version
    browser.colour = "blue"
    assert taken() == "new"
    assert shown(page) != first
    page.refresh_from_db()
    assert page.left_out == [OTHER]


def test_the_last_good_picture_stays_and_a_failure_is_told_once(page, taken, browser):
    taken()
    good, browser.colour = shown(page), ""
    assert [taken() for _turn in range(3)] == ["failed"] * 3
    assert (shown(page), page.asset.state) == (good, AssetState.READY)
    message = Message.objects.get(kind="data-trouble")
    told = str(message.values)
    assert (f"http://{HOST}/board" in told, "调度看板" in told, "500" in told) == (True,) * 3
    page.refresh_from_db()
    assert services.trouble_of(page) == f"{HOST} answered 500, not with a page."
    browser.colour = "green"
    assert taken() == "same"
    page.refresh_from_db()
    assert (services.trouble_of(page), page.failing_since) == (None, None)
    browser.colour = ""
    taken()
    assert Message.objects.filter(kind="data-trouble").count() == 2, "a new failure is told anew"


def test_a_page_that_was_never_taken_says_so_and_is_ready_once_it_was(page, taken, browser):
    browser.colour = ""
    assert taken() == "failed"
    page.asset.refresh_from_db()
    assert (page.asset.state, page.asset.failure_code) == (AssetState.FAILED, "PAGE_NOT_TAKEN")
    browser.colour = "green"
    assert taken() == "new"
    page.asset.refresh_from_db()
    assert (page.asset.state, page.asset.failure_code) == (AssetState.READY, "")


def test_what_is_due_is_taken_once_and_what_lies_in_the_bin_is_not(page, enterprise):
    assert taking.take_soon(now=enterprise.now) == 1
    assert taking.take_soon(now=enterprise.now) == 0
    WebPage.objects.update(due_at=enterprise.now)
    page.asset.deleted_at = enterprise.now
    page.asset.save()
    assert taking.take_soon(now=enterprise.later()) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://other.example/"}, "not on the list of hosts"),
        ({"every_min": 4}, "every 5 to 10080 minutes"),
        ({"wait_s": 31}, "Wait 0 to 30 seconds"),
        ({"scale_percent": 401}, "50 to 400 percent"),
        ({"shape": "4:3"}, "for 16:9 or for 9:16"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_once(enterprise, editor, change, said):
    wanted = {"url": f"http://{HOST}/", "title": "x", **change}
    with pytest.raises(Invalid, match=said):
        services.page_create(
            department=enterprise.department, actor=editor, now=enterprise.now, **wanted
        )
    assert not WebPage.objects.exists()


def let_out(page, enterprise):
    return services.unreviewed_set(
        page=page, is_unreviewed=True, reason="Our own board.", actor=enterprise.administrator,
        now=enterprise.now,
    )  # fmt: skip


def test_a_new_picture_is_reviewed_unless_the_page_is_let_out(
    page, taken, browser, enterprise, reviewing
):
    taken()
    screen = enterprise.lobby(page.asset)
    reviewing.approve_all(reviewing.submit(screen))
    browser.colour = "blue"
    taken()
    with pytest.raises(NotReviewed):
        publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    assert publish_owed(enterprise.later()) is None


def test_a_page_that_is_let_out_reaches_the_walls_and_keeps_its_approval(
    page, taken, browser, enterprise, reviewing
):
    taken()
    let_out(page, enterprise)
    screen = enterprise.lobby(page.asset)
    submission = reviewing.submit(screen)
    said = [code for each in submission.changes for code, _values in each["cautions"]]
    assert "PAGE_CHANGES" in said
    reviewing.approve_all(submission)
    browser.colour = "blue"
    taken()
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())  # still approved
    publish_owed(enterprise.later())
    browser.colour = "red"
    taken()
    release = publish_owed(enterprise.later())
    assert release is not None
    assert release.kind == "data"
    newest = Publication.objects.get(release=release)
    (picture,) = manifests_of([newest.pk])[newest.pk].assets.values()
    assert picture.sha256 == shown(page)
    assert publish_owed(enterprise.later()) is None, "told once"
    page.refresh_from_db()
    services.page_change(
        page=page, url=f"http://{HOST}/other", every_min=60, shape="16:9", wait_s=0,
        scale_percent=100, actor=enterprise.administrator, now=enterprise.later(),
    )  # fmt: skip
    page.refresh_from_db()
    assert page.unreviewed_since is None
    browser.colour = "yellow"
    taken()
    assert publish_owed(enterprise.later()) is None
    with pytest.raises(NotReviewed):
        publish(screens=[screen], actor=None, reason="", now=enterprise.later())


def test_the_page_of_the_asset_says_why_since_when_and_what_changes(page, taken, browser, editor):
    taken()
    browser.colour = ""
    taken()
    said = browser_of(editor).get(f"/library/{page.asset_id}/").content.decode()
    for each in (page.url, "answered 500", OTHER, "changes with the page", "Take it now"):
        assert each in said, each
    assert "Show new pictures without review" not in said, "editors let nothing out"
