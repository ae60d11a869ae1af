"""`yingbi-timeline`: what it prints, and with which status it ends (docs/timeline.md)."""

import json
import os

import pytest

from manifest.codec import encode
from manifest.envelope import DocumentType, seal
from manifest.model import Entry, Playlist, Takeover
from scheduler.__main__ import main
from scheduler.timeline import next_change_after, on_screen_at
from tests.unit.scheduler.programmes import full_screen, item, programme, utc, window

LUNCH = "2026-11-23T11:30:00+08:00"


@pytest.fixture
def manifest():
    playlists = {
        "p0": Playlist((item("a"), item("b", 5))),
        "p1": Playlist((item("rice"), item("soup"))),
        "nothing": Playlist(()),
    }
    layouts = {"empty": full_screen("nothing")}
    return programme(
        playlists,
        (
            Entry("lunch", "p1", 5, window("2026-11-01T11:00:00", 2, "FREQ=DAILY")),
            Entry("noise", "p0", 1, window("2026-11-01T08:00:00", 10, "FREQ=DAILY")),
            Entry("dinner", "p1", 5, window("2026-11-01T17:00:00", 2, "FREQ=DAILY")),
            Entry("broken", "empty", 9, window("2026-11-01T00:00:00", 24, "FREQ=DAILY")),
            Entry("menu", "p0", 5, window("2026-11-01T11:20:00", 1, "FREQ=DAILY"), turn_ms=1000),
        ),
        (Takeover("gone", "p0", utc("2026-11-22T00:00:00"), utc("2026-11-22T01:00:00"), 0),),
        layouts=layouts,
    )


@pytest.fixture
def file(manifest, tmp_path):
    path = tmp_path / "manifest.json"
    path.write_bytes(encode(manifest))
    return str(path)


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_says_all_of_the_picture(file, capsys):
    assert main([file, "--at", "2026-11-23T03:00:01.5Z", "--json"]) == os.EX_OK
    assert capsys.readouterr().out == (
        '{"from":"2026-11-23T03:00:01.500Z","until":"2026-11-23T03:00:10.000Z","layout":"p1",'
        '"because":{"kind":"entry","id":"lunch","priority":5,"anchor":"2026-11-23T03:00:00.000Z"},'
        '"zones":{"main":{"item":"rice","asset":"asset-rice","since":"2026-11-23T03:00:00.000Z",'
        '"until":"2026-11-23T03:00:10.000Z","offset_ms":1500}}}\n'
    )


def test_many_instants_are_answered_in_the_order_given(file, capsys):
    assert main([file, "--json", "--at", LUNCH, "--at", "1970-01-01T00:00:00Z"]) == os.EX_OK
    first, second = lines(capsys)
    assert first["from"] == "2026-11-23T03:30:00.000Z"
    assert second["because"] == {"kind": "default", "anchor": "1970-01-01T00:00:00.000Z"}


def test_pictures_follow_one_another_without_a_gap(file, manifest, capsys):
    end = "2026-11-23T03:31:00Z"
    assert main([file, "--json", "--at", LUNCH, "--until", end]) == os.EX_OK
    found = lines(capsys)
    assert [one["from"] for one in found[1:]] == [one["until"] for one in found[:-1]]
    assert found[-1]["from"] < "2026-11-23T03:31:00.000Z" <= found[-1]["until"]
    assert len(found) > 5


def test_what_it_prints_can_be_read_back(file, manifest, capsys):
    assert main([file, "--json", "--at", LUNCH]) == os.EX_OK
    (found,) = lines(capsys)
    t = utc("2026-11-23T03:30:00")
    picture = on_screen_at(manifest, t)
    assert found["layout"] == picture.layout
    assert utc(found["until"][:-1]) == next_change_after(manifest, t)
    showing = found["zones"]["main"]
    assert showing["item"] == picture.zones["main"].item
    assert utc(showing["since"][:-1]) == picture.zones["main"].since


def test_the_slate_and_an_empty_zone(tmp_path, capsys):
    path = tmp_path / "empty.json"
    path.write_bytes(encode(programme({"p0": Playlist(())})))
    assert main([str(path), "--at", LUNCH, "--json"]) == os.EX_OK
    (found,) = lines(capsys)
    assert (found["layout"], found["because"], found["zones"]) == (None, None, {})


def test_explain_has_a_sentence_for_everything(file, capsys):
    assert main([file, "--at", LUNCH, "--explain"]) == os.EX_OK
    out = capsys.readouterr().out
    told = [line for line in out.splitlines() if line.startswith(("  >", "  -"))]
    assert (
        "\n".join(told)
        == """\
  - Takeover gone lost: it ended at 2026-11-22T01:00:00.000Z.
  - Entry broken lost: its window is open, but nothing in its layout empty can be shown now.
  - Entry dinner lost: its window closed at 2026-11-22T11:00:00.000Z and opens next at \
2026-11-23T09:00:00.000Z.
  > Entry lunch has the screen: 2 entries of priority 5 take turns from \
2026-11-23T03:20:00.000Z, and it is its turn until 2026-11-23T03:30:08.000Z.
  - Entry menu waits for its turn: entry lunch of the same priority has the screen until \
2026-11-23T03:30:08.000Z.
  - Entry noise lost to entry lunch, whose priority is 5, above 1.
  - The default layout p0 lost to entry lunch."""
    )


def test_people_read_the_clock_of_the_screen(file, capsys):
    assert main([file, "--at", "2026-11-23T03:00:04Z"]) == os.EX_OK
    assert capsys.readouterr().out == (
        "2026-11-23 11:00:04.000+08:00, until 2026-11-23 11:00:10.000+08:00\n"
        "  layout p1: entry lunch, priority 5, counted from 2026-11-23 11:00:00.000+08:00\n"
        "  main  item rice, asset asset-rice “asset-rice”, 4 s in, "
        "until 2026-11-23 11:00:10.000+08:00\n"
    )


def test_an_envelope_is_opened_but_not_believed(manifest, tmp_path, capsys):
    path = tmp_path / "manifest.dsse"
    path.write_bytes(seal(DocumentType.MANIFEST, encode(manifest), ()))
    assert main([str(path), "--at", LUNCH, "--json"]) == os.EX_OK
    printed = capsys.readouterr()
    assert json.loads(printed.out)["layout"] == "p1"
    assert printed.err == f"yingbi-timeline: {path}: the signatures were not checked\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "$: expected"),
        (b"[]", "$"),
        (b'{"format":"yingbi/1"}', "$"),
        (b'{"payloadType":"x"}', "$"),
        (b"[" * 100_000, "$"),
        (b"\xff\xfe", "$"),
    ],
)
def test_a_refused_manifest_ends_with_65_and_one_line(content, complaint, tmp_path, capsys):
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    assert main([str(path), "--at", LUNCH]) == os.EX_DATAERR
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = [line for line in printed.err.splitlines() if "not checked" not in line]
    assert line.startswith(f"yingbi-timeline: {path}: ")
    assert complaint in line


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--at", "2026-11-23T11:30:00"],
        ["--at", "noon"],
        ["--at", LUNCH, "--at", LUNCH, "--until", "2026-11-24T00:00:00Z"],
        ["--at", LUNCH, "--until", LUNCH],
        ["--at", LUNCH, "--nonsense"],
    ],
    ids=[
        "no instant",
        "no offset",
        "no time",
        "two instants until",
        "until before",
        "no such flag",
    ],
)
def test_bad_usage_ends_with_64(arguments, file, capsys):
    with pytest.raises(SystemExit) as ended:
        main([file, *arguments])
    assert ended.value.code == os.EX_USAGE
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_that_cannot_be_read_ends_with_74(tmp_path, capsys):
    assert main([str(tmp_path / "none.json"), "--at", LUNCH]) == os.EX_IOERR
    assert capsys.readouterr().err.endswith("none.json cannot be read: No such file or directory\n")
