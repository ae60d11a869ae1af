"""Any folder is a programme: its order, its odd names, its half-copied files, its changes."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from player.errors import SourceUnusable
from player.stage.folder_scan import MAX_FILES, FolderScan, kind_of, printable
from player.stage.folder_source import FolderOptions, FolderSource
from scheduler.timeline import on_screen_at
from tests.simulators.moved_clock import MovedClock

OLD_S = 3600


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "show"
    path.mkdir()
    return path


@pytest.fixture
def put(folder, clock):
    """Put a file there, last changed `age_s` ago."""

    def put_(name, content=b"x", age_s=OLD_S):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        changed = clock.wall.timestamp() - age_s
        os.utime(path, (changed, changed))
        return path

    return put_


@pytest.fixture
def source(folder, clock, tmp_path):
    def make(**lengths):
        def measure(path):
            if path.name not in lengths:
                raise ValueError("holds nothing that can be played")
            return lengths[path.name]

        return FolderSource(folder, FolderOptions(), clock, measure, tmp_path / "state")

    return make


def names(made):
    return [made.manifest.assets[i.asset].title for i in made.manifest.playlists["all"].items]


def showing(made, clock):
    found = on_screen_at(made.manifest, clock.wall).zones["all"]
    return made.manifest.assets[found.asset].title, found.offset_ms


def look(folder, clock):
    return [f.path.name for f in FolderScan(folder, clock.now_s).look()]


def test_files_play_in_the_order_people_count(put, source):
    for name in ("第10页.png", "第2页.png", "第1页.png"):
        put(name)
    assert names(source().first()) == ["第1页.png", "第2页.png", "第10页.png"]


def test_a_person_reads_the_name_of_a_file_wherever_it_lies(put, source):
    put("厨房/今日.png")
    made = source().first()
    ((ident, title),) = [
        (i.id, made.manifest.assets[i.asset].title) for i in made.manifest.playlists["all"].items
    ]
    assert made.subject(ident, title) == "厨房/今日.png"


@pytest.mark.parametrize(
    "name",
    [".hidden.png", "~$deck.png", "a.png.part", "b.mp4.crdownload", "c.tmp", "notes.txt", "d"],
)
def test_what_is_not_for_the_screen_is_left_out(name):
    assert kind_of(name) is None


def test_folders_within_are_played_too_but_hidden_ones(put, folder, clock):
    put("b/1.png"), put("a.png"), put(".trash/2.png"), put("c.png")
    assert look(folder, clock) == ["a.png", "1.png", "c.png"]


def test_a_circle_of_links_is_no_trap(put, folder, clock):
    put("a.png")
    (folder / "again").symlink_to(folder)
    assert look(folder, clock) == ["a.png"]


@pytest.mark.parametrize(
    "name",
    ["😀🎉.png", "line\nbreak.png", "\u202egnp.exe.png", "n" * 251 + ".png", "tab\there.png"],
)
def test_any_name_is_played_and_printed_on_one_line(name, put, source, folder):
    put(name)
    made = source().first()
    (title,) = names(made)
    assert title.isprintable()
    (asset,) = made.manifest.assets.values()
    assert made.locate(asset.sha256) == folder / name


def test_a_name_that_is_no_text_is_played(folder, clock):
    raw = os.fsencode(folder) + b"/\xff\xfe.png"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    clock.advance(86_400 * 365)
    (found,) = FolderScan(folder, clock.now_s).look()
    assert os.fsencode(found.path) == raw
    assert printable(found.path.name).isprintable()


def test_an_empty_file_waits(put, folder, clock):
    put("a.png", b"")
    assert look(folder, clock) == []


def test_a_file_that_grows_waits_until_it_stands_still(put, folder, clock):
    scan = FolderScan(folder, clock.now_s)
    put("a.png", b"half", age_s=0)
    assert scan.look() == []
    put("a.png", b"half and more", age_s=0)
    clock.advance(1)
    assert scan.look() == []
    clock.advance(1)
    assert [file.size for file in scan.look()] == [13]


def test_a_file_that_somebody_holds_open_for_writing_waits(put, folder, clock):
    path = put("a.png", b"looks whole", age_s=30)
    with path.open("ab"):
        assert look(folder, clock) == []
    assert look(folder, clock) == ["a.png"]


def test_on_a_box_whose_clock_is_behind_everything_is_played_at_once(put, folder, clock):
    put("a.png", age_s=-86_400 * 365)
    assert look(folder, clock) == ["a.png"]


def test_a_file_from_a_moment_ahead_is_played_once_it_stands_still(put, folder, clock):
    put("a.png", age_s=-60)
    scan = FolderScan(folder, clock.now_s)
    assert scan.look() == []
    assert len(scan.look()) == 1


def test_unreadable_folders_and_files_do_no_harm(put, folder, clock):
    put("a.png"), put("closed/b.png")
    (folder / "dangling.png").symlink_to("nowhere.png")
    os.mkfifo(folder / "pipe.png")
    (folder / "closed").chmod(0)
    try:
        assert look(folder, clock)[0] == "a.png"
    finally:
        (folder / "closed").chmod(0o755)


def test_an_empty_folder_says_so_kindly(source):
    made = source().first()
    assert names(made) == []
    assert made.when_empty == "empty_folder"


def test_a_folder_that_is_none_is_refused(folder, clock, tmp_path):
    gone = FolderSource(folder / "no", FolderOptions(), clock, lambda _path: 0, tmp_path)
    with pytest.raises(SourceUnusable, match="is no folder"):
        gone.first()


def test_the_first_run_begins_with_the_first_file(put, source, clock):
    put("1.png"), put("2.png")
    assert showing(source().first(), clock) == ("1.png", 0)


def test_a_restart_joins_in_the_middle(put, source, clock):
    put("1.png"), put("2.png")
    source().first()
    clock.advance(13)
    assert showing(source().first(), clock) == ("2.png", 3000)


def test_what_is_on_screen_stays_when_files_come_and_go(put, source, clock, folder):
    for number in (2, 4, 6):
        put(f"{number}.png")
    player = source()
    player.first()
    clock.advance(13)
    before = ("4.png", 3000)
    delivered = []
    put("1.png"), put("5.png")
    player._update(player._look(), delivered.append)
    assert showing(delivered[-1], clock) == before
    assert names(delivered[-1]) == ["1.png", "2.png", "4.png", "5.png", "6.png"]
    (folder / "2.png").unlink()
    player._update(player._look(), delivered.append)
    assert showing(delivered[-1], clock) == before
    (folder / "4.png").unlink()
    player._update(player._look(), delivered.append)
    assert showing(delivered[-1], clock) == ("5.png", 0)


def test_a_changed_file_is_another_item(put, source):
    put("1.png")
    player = source()
    old = player.first()
    delivered = []
    put("1.png", b"something else", age_s=100)
    player._update(player._look(), delivered.append)
    assert set(old.manifest.assets).isdisjoint(delivered[-1].manifest.assets)


def test_nothing_is_delivered_when_nothing_has_changed(put, source):
    put("1.png")
    player = source()
    player.first()
    delivered = []
    player._update(player._look(), delivered.append)
    assert delivered == []


@pytest.mark.expects_log("torn.mp4 is left out")
def test_videos_have_their_own_length_and_broken_ones_are_left_out_once(put, source):
    put("a.png"), put("long.mp4"), put("torn.mp4")
    player = source(**{"long.mp4": 7_200_000})
    assert names(player.first()) == ["a.png"]
    delivered = []
    player._update(player._look(), delivered.append)
    player._update(player._look(), delivered.append)
    assert len(delivered) == 1
    items = delivered[0].manifest.playlists["all"].items
    assert [item.duration_ms for item in items] == [10_000, 7_200_000]


def test_a_video_that_was_measured_once_is_there_at_the_next_start(put, source):
    put("a.png"), put("b.mp4")
    player = source(**{"b.mp4": 4000})
    player.first()
    player._update(player._look(), lambda _made: None)
    assert names(source().first()) == ["a.png", "b.mp4"]


def test_ten_thousand_files_and_no_more(folder, clock, source):
    for number in range(MAX_FILES + 5):
        (folder / f"{number}.png").write_bytes(b"x")
    clock.advance(86_400 * 365)
    made = source().first()
    assert len(names(made)) == MAX_FILES
    assert names(made)[:3] == ["0.png", "1.png", "2.png"]
    assert showing(made, clock)[0] == "0.png"


def test_a_stick_that_is_pulled_out_leaves_the_programme(put, source, folder, clock):
    path = put("1.png")
    player = source()
    player.first()
    path.unlink()
    folder.rmdir()
    assert player._look() is None


def test_a_broken_memory_is_forgotten(put, source, tmp_path, clock):
    put("1.png")
    player = source()
    player.first()
    player._memory_file.write_bytes(b"{torn")
    assert showing(source().first(), clock) == ("1.png", 0)


def test_the_watch_delivers_from_its_thread_and_ends(put, source):
    import threading

    player = source()
    player.first()
    came = threading.Event()
    put("1.png")
    player.watch(lambda _made: came.set())
    try:
        assert came.wait(10)
    finally:
        player.close()


def test_the_anchor_never_lies_ahead(put, source, clock):
    put("1.png"), put("2.png")
    source().first()
    clock.wall -= timedelta(days=20_000)
    assert showing(source().first(), clock)[0] in {"1.png", "2.png"}
