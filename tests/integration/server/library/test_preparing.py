"""A file comes in, a worker prepares it, and its renditions are in the store."""

import io
from pathlib import Path

import pytest
from PIL import Image

from server.library.ingest import pipeline
from server.library.ingest.protocol import Inspected, Job, Made, Product
from server.library.models import AssetKind, AssetState, Blob, Purpose
from tests.simulators.library import Library, content_of


def picture(width: int = 64, height: int = 48, kind: str = "PNG", colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


def test_an_uploaded_picture_becomes_ready_with_its_renditions(library: Library) -> None:
    asset = library.upload(picture(2600, 1300, "JPEG"), "lobby.jpg")
    assert (asset.state, asset.title, library.tasks(asset)) == (AssetState.RECEIVED, "lobby", 1)
    library.prepare(asset)
    assert (asset.state, asset.kind, asset.progress_percent) == ("ready", AssetKind.IMAGE, 100)
    sizes = {each.purpose: (each.width, each.height) for each in asset.renditions.all()}
    assert sizes == {
        Purpose.WALL: (1920, 960),
        Purpose.WALL_4K: (2600, 1300),
        Purpose.THUMBNAIL: (480, 240),
    }
    for rendition in asset.renditions.select_related("blob"):
        shown = Image.open(io.BytesIO(content_of(rendition)))
        assert shown.size == (rendition.width, rendition.height)
        assert Image.MIME[shown.format or ""] == rendition.blob.mime


def test_a_file_that_cannot_be_used_says_why_and_its_original_stays(library: Library) -> None:
    asset = library.prepare(library.upload(b"<svg xmlns='...'><script/></svg>", "logo.png"))
    assert (asset.state, asset.failure_code) == (AssetState.FAILED, "SVG")
    assert asset.original is not None
    assert not asset.renditions.exists()


def test_a_presentation_becomes_pages_in_its_own_shape(library: Library, samples: Path) -> None:
    asset = library.prepare(library.upload_file(samples / "pptx" / "KEY02.pptx"))
    assert (asset.state, asset.kind) == (AssetState.READY, AssetKind.DOCUMENT)
    page = asset.renditions.get(purpose=Purpose.WALL, page=1)
    assert (page.width, page.height) == (1920, 1080)
    assert asset.renditions.filter(purpose=Purpose.THUMBNAIL, page=1).exists()


@pytest.mark.parametrize("answer", ["link", "missing", "type"])
@pytest.mark.expects_log("is tried again")
def test_a_child_that_was_taken_over_gets_no_file_of_ours_into_the_store(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    secret = tmp_path / "publisher.key"
    secret.write_text("secret")

    def taken_over(job: Job, _watch: object) -> Made | Inspected:
        if job.step == "inspect":
            return Inspected("image", "png", "PNG")
        if answer == "link":
            (Path(job.folder) / "wall.png").symlink_to(secret)
        if answer == "type":
            (Path(job.folder) / "wall.png").write_text("<script>")
        mime = "text/html" if answer == "type" else "image/png"
        return Made((Product("../made/wall.png", "wall", mime, 1, 1),))

    monkeypatch.setattr(pipeline.child, "run", taken_over)
    asset = library.prepare(library.upload(picture()))
    assert asset.state == AssetState.RECEIVED
    assert Blob.objects.count() == 1, "more than the original was stored"
