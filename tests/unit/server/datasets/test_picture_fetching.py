"""Pictures of a feed come from listed hosts alone, once, bounded; without them the rows stand."""

import io
from datetime import timedelta

from PIL import Image

from manifest.model import CardAsset
from server.datasets import picture_fetching, sources, trust, versions
from server.datasets.models import DatasetVersion, FetchedPicture
from server.datasets.tables import rows_typed
from server.library.models import Blob
from server.library.orphans import orphans_collect
from server.library.uses import blobs_claimed
from server.publishing.amend import body_in
from server.publishing.fed_release import publish_owed
from server.publishing.models import Publication
from server.publishing.selectors import payload_in
from server.publishing.services import publish
from tests.simulators.newsroom import picture
from tests.unit.server.datasets.following import COLUMNS, shown


def test_from_a_feed_to_the_files_of_a_card(wire, newsroom):
    newsroom.pictures = {"/red.jpg": picture("red"), "/blue.png": picture("blue", form="PNG")}
    assert wire.fetch("/red.jpg", "/blue.png", "/red.jpg") == "new"
    card = wire.card()
    assert shown(card) == ["red", "blue", "red"]
    assert len(card.content["blobs"]) == 2
    assert wire.missing() == ""


def test_pictures_of_trusted_data_go_to_the_wall_with_its_rows(
    wire, newsroom, enterprise, reviewing
):
    newsroom.pictures = {"/red.jpg": picture("red"), "/blue.jpg": picture("blue")}
    wire.fetch("/red.jpg")
    screen = enterprise.lobby(wire.card())
    trust.unreviewed_set(
        dataset=wire.dataset, is_unreviewed=True, reason="The newsroom reviews it.",
        actor=enterprise.administrator, now=enterprise.now,
    )  # fmt: skip
    reviewing.approve_all(reviewing.submit(screen))
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    wire.fetch("/blue.jpg", "/red.jpg")
    assert publish_owed(enterprise.later()) is not None
    payload = payload_in(Publication.objects.filter(screen=screen)[0].envelope)
    (card,) = (
        each for each in body_in(payload).manifest.assets.values() if isinstance(each, CardAsset)
    )
    there = dict(FetchedPicture.objects.values_list("blob_id", "address"))
    paths = {name: there[file.sha256] for name, file in card.blobs.items()}
    assert paths == {
        "picture1": newsroom.url("/blue.jpg"), "picture2": newsroom.url("/red.jpg"),
    }  # fmt: skip


def test_a_picture_is_fetched_once(wire, newsroom):
    newsroom.pictures = {"/red.jpg": picture("red"), "/blue.jpg": picture("blue")}
    wire.fetch("/red.jpg")
    assert newsroom.asked == ["/feed", "/red.jpg"]
    assert wire.fetch("/red.jpg") == "same"
    assert newsroom.asked == ["/feed"]
    wire.fetch("/blue.jpg", "/red.jpg")
    assert newsroom.asked == ["/feed", "/blue.jpg"]


def test_a_new_picture_comes_to_the_card_with_its_rows_and_the_old_goes(wire, newsroom):
    newsroom.pictures = {"/red.jpg": picture("red"), "/blue.jpg": picture("blue")}
    wire.fetch("/red.jpg")
    card = wire.card()
    wire.fetch("/blue.jpg")
    assert shown(card) == ["blue"]
    assert list(FetchedPicture.objects.values_list("address", flat=True)) == [
        newsroom.url("/blue.jpg")
    ]


def test_a_moving_picture_stands_still(wire, newsroom):
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), name) for name in ("red", "blue", "red")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=200)
    newsroom.pictures = {"/a.gif": out.getvalue()}
    wire.fetch("/a.gif")
    assert shown(wire.card()) == ["red"]
    assert Blob.objects.get(pk=FetchedPicture.objects.get().blob_id).mime == "image/png"


def test_what_could_not_be_had_is_asked_for_again_after_a_while_and_fills_the_card(
    wire, newsroom, enterprise
):
    wire.fetch("/red.jpg")
    card = wire.card()
    assert shown(card) == [None]
    newsroom.pictures = {"/red.jpg": picture("red")}
    wire.fetch("/red.jpg")
    assert newsroom.asked == ["/feed"], "not so soon"
    enterprise.later(by=picture_fetching.RETRY_AFTER)
    assert wire.fetch("/red.jpg") == "same"
    assert shown(card) == ["red"]
    assert wire.missing() == ""


def test_the_newest_rows_have_theirs_and_no_more_than_a_card_shows(wire, newsroom):
    paths = [f"/{n}.jpg" for n in range(15)]
    newsroom.pictures = dict.fromkeys(paths, picture("red"))
    wire.fetch(*paths)
    assert newsroom.asked[1:] == paths[:12]
    assert shown(wire.card()) == ["red"] * 12 + [None] * 3


def test_time_has_an_end_and_what_is_left_comes_with_the_next_fetch(wire, newsroom, monkeypatch):
    newsroom.pictures = {"/red.jpg": picture("red")}
    monkeypatch.setattr(picture_fetching, "ALL_S", 0.0)
    assert wire.fetch("/red.jpg") == "new"
    assert "not fetched yet" in wire.missing()
    monkeypatch.undo()
    assert wire.fetch("/red.jpg") == "same"
    assert wire.missing() == ""


def test_the_collection_of_orphans_leaves_them_as_long_as_a_row_names_them(
    wire, newsroom, enterprise
):
    newsroom.pictures = {"/red.jpg": picture("red")}
    wire.fetch("/red.jpg")
    digest = FetchedPicture.objects.get().blob_id
    assert blobs_claimed([digest]) == {digest}
    assert orphans_collect(now=enterprise.later(timedelta(days=3))) == 0
    wire.fetch("/nothing.jpg")
    assert blobs_claimed([digest]) == set()
    orphans_collect(now=enterprise.later(timedelta(days=3)))
    assert not Blob.objects.filter(pk=digest).exists()


def test_rows_that_somebody_writes_have_theirs_fetched_by_a_worker(
    wire, newsroom, enterprise, monkeypatch
):
    newsroom.pictures = {"/red.jpg": picture("red")}
    rows = [{"title": "a", "picture": newsroom.url("/red.jpg")}]
    wire.dataset.refresh_from_db()
    versions.rows_put(
        dataset=wire.dataset, rows=rows_typed(rows, COLUMNS), actor=wire.dataset.created_by,
        origin=DatasetVersion.Origin.GRID, now=enterprise.later(),
    )  # fmt: skip
    card = wire.card()
    assert shown(card) == [None]
    real = picture_fetching.fetch
    monkeypatch.setattr(
        picture_fetching, "fetch",
        lambda *asked, **more: real(*asked, **more | {"resolve": newsroom.resolve}),
    )  # fmt: skip
    assert picture_fetching.fetch_pictures.func(wire.dataset.pk) == "new"
    assert shown(card) == ["red"]


def test_what_is_missing_of_rows_that_nobody_fetches_is_asked_for_by_the_hour(
    wire, enterprise, newsroom
):
    wire.fetch("/gone.jpg")
    assert picture_fetching.pictures_due(now=enterprise.later(timedelta(hours=2))) == 0
    sources.source_set(
        dataset=wire.dataset, url="", every_min=30, actor=wire.dataset.created_by,
        now=enterprise.now,
    )  # fmt: skip
    assert picture_fetching.pictures_due(now=enterprise.now) == 1
    FetchedPicture.objects.update(fetched_at=enterprise.now)
    assert picture_fetching.pictures_due(now=enterprise.later()) == 0


def test_a_picture_that_the_scrub_found_damaged_is_fetched_anew(wire, newsroom, enterprise):
    newsroom.pictures = {"/red.jpg": picture("red")}
    wire.fetch("/red.jpg")
    card = wire.card()
    Blob.objects.filter(pk=FetchedPicture.objects.get().blob_id).update(damaged_at=enterprise.now)
    assert wire.missing().startswith("1 of 1 pictures are missing")
    assert wire.fetch("/red.jpg") == "same"
    assert newsroom.asked == ["/feed", "/red.jpg"]
    assert wire.missing() == ""
    assert shown(card) == ["red"]
