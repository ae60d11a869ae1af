"""Uploads go on where the network broke, end once, and are refused before their first byte."""

import errno
import os
import threading
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from server.audit.models import AuditRow
from server.errors import Conflict, Forbidden, NoSpace, NotFound, TooLarge, TooManyRequests
from server.library import parts as parts_module
from server.library import quotas, services
from server.library.blobs import store
from server.library.models import Asset, Blob, Upload
from server.library.parts import parts
from server.library.uploading import uploads_clean
from tests.simulators import server_objects
from tests.simulators.library import Library

CONTENT = bytes(range(256)) * 1000


def test_an_upload_in_pieces_becomes_one_blob_and_an_asset(library: Library) -> None:
    upload = library.begin(CONTENT, "食堂.png")
    for at in range(0, len(CONTENT), 100_000):
        assert library.append(upload, at, CONTENT[at : at + 100_000]) == min(
            at + 100_000, len(CONTENT)
        )
    asset = library.finish(upload)
    assert (asset.title, asset.original_name) == ("食堂", "食堂.png")
    assert asset.original is not None
    assert (asset.original.bytes, store().verify(asset.original.pk)) == (len(CONTENT), "good")
    assert not parts().path(upload.pk).exists()
    assert AuditRow.objects.get().action == "asset.upload"


def test_an_upload_goes_on_where_the_disk_says_and_not_where_the_client_thinks(
    library: Library,
) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT[:1000])
    for wrong in (0, 999, 1001, len(CONTENT)):
        with pytest.raises(Conflict) as refused:
            library.append(upload, wrong, b"x")
        assert (refused.value.reason_code, refused.value.details) == (
            "UPLOAD_OFFSET",
            {"offset": 1000},
        )
    assert services.upload_offset(actor=library.editor, upload_id=upload.pk) == 1000


def test_a_request_that_breaks_off_keeps_what_has_arrived(library: Library) -> None:
    def broken() -> Iterator[bytes]:
        yield CONTENT[:5000]
        raise ConnectionResetError("the client went away")

    upload = library.begin(CONTENT)
    with pytest.raises(ConnectionResetError):
        services.upload_append(
            actor=library.editor, upload_id=upload.pk, offset=0, chunks=broken(), now=library.now
        )
    offset = services.upload_offset(actor=library.editor, upload_id=upload.pk)
    assert offset == 5000
    library.append(upload, offset, CONTENT[offset:])
    asset = library.finish(upload)
    assert asset.original is not None
    assert store().verify(asset.original.pk) == "good"


def test_the_digest_is_right_when_another_process_received_the_beginning(library: Library) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT[:7777])
    parts_module.forget(library.data)  # what a new process knows
    library.append(upload, 7777, CONTENT[7777:])
    asset = library.finish(upload)
    assert asset.original is not None
    assert store().verify(asset.original.pk) == "good"


def test_finishing_twice_gives_the_same_asset_once(library: Library) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT)
    assert library.finish(upload).pk == library.finish(upload).pk
    assert (Asset.objects.count(), AuditRow.objects.count()) == (1, 1)
    with pytest.raises(Conflict, match="finished"):
        library.append(upload, len(CONTENT), b"x")


def test_an_unfinished_upload_cannot_be_finished(library: Library) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT[:10])
    with pytest.raises(Conflict) as refused:
        library.finish(upload)
    assert refused.value.details == {"offset": 10}
    assert not Asset.objects.exists()


def test_bytes_that_are_not_those_the_client_sent_are_thrown_away(library: Library) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT)
    with pytest.raises(Conflict) as refused:
        library.finish(upload, sha256="0" * 64)
    assert refused.value.reason_code == "UPLOAD_DIFFERS"
    assert services.upload_offset(actor=library.editor, upload_id=upload.pk) == 0


def test_more_bytes_than_announced_are_refused_and_not_kept(library: Library) -> None:
    upload = library.begin(b"12345")
    library.append(upload, 0, b"123")
    with pytest.raises(TooLarge):
        library.append(upload, 3, b"4567")
    assert services.upload_offset(actor=library.editor, upload_id=upload.pk) == 3


def test_two_requests_at_once_do_not_mix(library: Library) -> None:
    upload = library.begin(CONTENT)
    started, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        yield CONTENT[:100]
        started.set()
        go_on.wait(30)

    first = threading.Thread(
        name="first request", target=lambda: parts().append(upload.pk, 0, slow(), len(CONTENT))
    )
    first.start()
    started.wait(30)
    with pytest.raises(Conflict, match="already"):
        library.append(upload, 0, CONTENT)
    go_on.set()
    first.join()
    assert parts().length(upload.pk) == 100


def test_somebody_elses_upload_is_not_there(library: Library) -> None:
    upload = library.begin(CONTENT)
    stranger = server_objects.editor(library.department)
    with pytest.raises(NotFound):
        services.upload_offset(actor=stranger, upload_id=upload.pk)


def test_who_may_not_upload_is_told_before_the_first_byte(library: Library) -> None:
    auditor = server_objects.staff("auditor", of=library.department)
    other = server_objects.department()
    for actor, department, error in (
        (auditor, library.department, Forbidden),
        (library.editor, other, NotFound),
    ):
        with pytest.raises(error):
            services.upload_begin(
                actor=actor, department=department, name="a", size=1, now=library.now
            )
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_both_numbers(
    library: Library, settings: Settings
) -> None:
    settings.MAX_UPLOAD_BYTES = 5_000_000
    with pytest.raises(TooLarge, match="6 MB; at most 5 MB"):
        library.begin(b"", size=6_000_000)


def test_the_day_of_a_person_has_a_limit_that_ends(library: Library, settings: Settings) -> None:
    settings.MAX_DAILY_UPLOAD_BYTES = 1000
    library.begin(b"", size=600)
    with pytest.raises(TooManyRequests) as refused:
        library.begin(b"", size=600)
    assert refused.value.details == {"bytes": 600, "used": 600, "limit": 1000}
    library.clock.move(hours=24)
    library.begin(b"", size=600)


def test_the_reserve_of_the_disk_counts_what_others_still_send(
    library: Library, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "free_bytes", lambda _folder: 10_000)
    settings.MIN_FREE_BYTES = 2_000
    upload = library.begin(b"", size=5_000)
    library.append(upload, 0, bytes(1_000))
    with pytest.raises(NoSpace) as refused:
        library.begin(b"", size=4_001)
    assert refused.value.details == {"bytes": 4_001, "free": 10_000, "reserve": 2_000}
    library.begin(b"", size=4_000)


def test_an_empty_file_is_refused(library: Library) -> None:
    with pytest.raises(Exception, match="0 bytes"):
        library.begin(b"")


def test_a_full_disk_keeps_what_has_arrived(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT[:1000])

    def full(descriptor: int, chunk: bytes, at: int) -> None:
        os.pwrite(descriptor, chunk[:10], at)  # some of it fits
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(parts_module, "_write_at", full)
        with pytest.raises(NoSpace) as refused:
            library.append(upload, 1000, CONTENT[1000:])
    assert refused.value.details == {"offset": 1000}
    library.append(upload, 1000, CONTENT[1000:])
    asset = library.finish(upload)
    assert asset.original is not None
    assert store().verify(asset.original.pk) == "good"


def test_a_cancelled_upload_leaves_nothing(library: Library) -> None:
    upload = library.begin(CONTENT)
    library.append(upload, 0, CONTENT[:10])
    services.upload_cancel(actor=library.editor, upload_id=upload.pk)
    assert not Upload.objects.exists()
    assert list(parts().names()) == []


def test_uploads_without_progress_are_cleaned_after_a_day_and_others_stay(
    library: Library,
) -> None:
    old = library.begin(CONTENT)
    library.append(old, 0, CONTENT[:10])
    library.clock.move(hours=23)
    young = library.begin(CONTENT)
    library.append(young, 0, CONTENT[:10])
    library.clock.move(hours=2)
    assert uploads_clean(now=library.now) == 1
    assert [upload.pk for upload in Upload.objects.all()] == [young.pk]
    assert list(parts().names()) == [parts().path(young.pk)]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/cron.d/job", "job"),
        ("C:\\Users\\a\\图.PNG", "图.PNG"),
        ("a\0b\nc.png", "abc.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("..", "unnamed"),
        ("x" * 300, "x" * 255),
    ],
)
def test_names_are_text_and_never_paths(library: Library, sent: str, kept: str) -> None:
    assert library.begin(b"1", sent).name == kept
    for path in library.data.rglob("*"):
        assert kept not in path.name


def test_the_same_bytes_twice_are_one_blob_with_two_references(library: Library) -> None:
    first, second = library.upload(CONTENT, "a.png"), library.upload(CONTENT, "b.png")
    assert first.original_id == second.original_id
    assert Blob.objects.count() == 1


def test_an_upload_is_known_again_by_its_fingerprint(library: Library) -> None:
    content = b"GIF89a" + bytes(1000)
    begun = begin_known(library, content)
    library.append(begun, 0, content[:500])
    assert [each.received for each in services.uploads_unfinished(actor=library.editor)] == [500]
    again = begin_known(library, content)
    assert (again.pk, again.received) == (begun.pk, 500)
    library.append(again, 500, content[500:])
    asset = library.finish(again)
    assert sorted(asset.tags.values_list("name", flat=True)) == ["a", "b"]
    assert services.uploads_unfinished(actor=library.editor) == []
    assert begin_known(library, content).pk != begun.pk, "what is finished does not go on"


def begin_known(library: Library, content: bytes) -> Upload:
    return services.upload_begin(
        actor=library.editor, department=library.department, name="a.gif", size=len(content),
        fingerprint="f" * 16, tags=["a", "b"], now=library.now,
    )  # fmt: skip


def test_an_unfinished_upload_is_nobody_elses(library: Library) -> None:
    content = b"GIF89a" + bytes(10)
    begun = begin_known(library, content)
    other = server_objects.editor(library.department)
    assert services.uploads_unfinished(actor=other) == []
    theirs = services.upload_begin(
        actor=other, department=library.department, name="a.gif", size=len(content),
        fingerprint="f" * 16, now=library.now,
    )  # fmt: skip
    assert theirs.pk != begun.pk


def test_the_same_file_is_told_and_not_across_departments(library: Library) -> None:
    content = b"GIF89a the same"
    first = library.upload(content)
    upload = library.begin(content)
    assert services.upload_twins(actor=library.editor, upload_id=upload.pk) == []
    library.append(upload, 0, content)
    assert services.upload_twins(actor=library.editor, upload_id=upload.pk) == [first]
    Asset.objects.filter(pk=first.pk).update(department=server_objects.department())
    assert services.upload_twins(actor=library.editor, upload_id=upload.pk) == []
