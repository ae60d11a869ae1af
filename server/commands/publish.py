"""`yingbi-server publish`: files and a playlist onto screens, for scripts; approvals by file.

Takes the files into the library, waits until they are prepared, puts them into a playlist and
publishes.  With `--pending` and `--approve` it is the way of a level 2 publication to its
approvers and back (docs/publishing.md, section 4).
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import Failed
from server.commands.naming import acting, chosen_screens, home
from server.project import set_up_initialised

if TYPE_CHECKING:
    from server.accounts.models import Staff
    from server.library.models import Asset
    from server.programme.models import Playlist
    from server.publishing.models import Release
    from server.screens.models import Screen

__all__ = ["add"]

DEFAULT_PLAYLIST = "yingbi-server publish"


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "publish",
        help="put files onto screens, or publish what was arranged",
        description="Put files into a playlist and onto screens; without files, publish what was"
        " arranged.",
        example="yingbi-server publish poster.jpg film.mp4 --playlist Lobby --group Lobbies",
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="what to show")
    parser.add_argument(
        "--playlist",
        default=DEFAULT_PLAYLIST,
        metavar="NAME",
        help="the playlist that holds the files and nothing else; made if it is not there",
    )
    parser.add_argument("--append", action="store_true", help="add the files to the playlist")
    _add_where(parser)
    parser.add_argument(
        "--seconds", type=float, metavar="S",
        help="how long each file is shown (default: 10, or the length of a video)",
    )  # fmt: skip
    parser.add_argument("--reason", default="", metavar="TEXT", help="why, for the record")
    parser.add_argument("--by", metavar="NAME", help="whose act it is (default: an administrator)")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be published, and publish nothing"
    )
    parser.add_argument(
        "--yes", action="store_true", help="publish although a screen or a zone would be empty"
    )
    parser.add_argument(
        "--timeout", type=float, default=3600.0, metavar="S",
        help="how long to wait until the files are prepared (default: 3600)",
    )  # fmt: skip
    approvals = parser.add_mutually_exclusive_group()
    approvals.add_argument(
        "--pending", type=Path, metavar="FOLDER",
        help="write what waits for approval (level 2) into this folder, for approvers to sign",
    )  # fmt: skip
    approvals.add_argument(
        "--approve", action="store_true", help="the files are manifests that approvers signed"
    )
    parser.set_defaults(run=_publish)


def _add_where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--screen", action="append", default=[], metavar="SCREEN",
        help="a screen, as SITE/SCREEN or SCREEN; may be given more than once",
    )  # fmt: skip
    parser.add_argument(
        "--group", action="append", default=[], metavar="NAME",
        help="all screens of a group; may be given more than once",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="all screens")


def _publish(options: argparse.Namespace) -> int:
    set_up_initialised()
    if options.pending:
        return _write_pending(options.pending)
    if options.approve:
        return _approve(options)
    screens = chosen_screens(options)
    actor = acting(options.by)
    if not options.files:
        return _tell(options, screens, actor)
    assets = _prepared(options, actor)
    return _put_and_tell(options, assets, screens, actor)


# --- files -------------------------------------------------------------------------------------


def _prepared(options: argparse.Namespace, actor: "Staff") -> "list[Asset]":
    """The files as assets that are ready.  Raises `Failed` with what cannot be used, and why."""
    from server.clock import SystemClock
    from server.library.models import AssetState
    from server.publishing.from_files import Waiting, taken_in, why_failed

    clock = SystemClock()
    try:
        assets = taken_in(options.files, actor=actor, department=home(actor), now=clock.now())
    except OSError as error:
        raise Failed(f"{error.filename}: {error.strerror}", os.EX_NOINPUT) from error
    with _bar() as report:
        waiting = Waiting(clock, time.sleep, report)
        assets = waiting.until_done(assets, timedelta(seconds=options.timeout))
    unusable = [
        f"{path}: {why_failed(asset)}"
        for path, asset in zip(options.files, assets, strict=True)
        if asset.state != AssetState.READY
    ]
    if unusable:
        raise Failed("\n".join(["nothing was published", *unusable]), os.EX_DATAERR)
    return assets


class _bar:  # noqa: N801  (reads as what it is: with _bar() as report)
    """A progress bar on a terminal, nothing elsewhere; as a context it gives what reports."""

    def __enter__(self) -> Callable[[float], None]:
        from tqdm import tqdm

        self._tqdm = tqdm(
            total=100, desc="Preparing", unit="%", leave=False, delay=2,
            disable=not sys.stderr.isatty(),
        )  # fmt: skip
        return self._report

    def _report(self, share: float) -> None:
        self._tqdm.update(round(share * 100) - self._tqdm.n)

    def __exit__(self, *_error: object) -> None:
        self._tqdm.close()


# --- publishing --------------------------------------------------------------------------------


def _put_and_tell(
    options: argparse.Namespace,
    assets: "Sequence[Asset]",
    screens: "Sequence[Screen]",
    actor: "Staff",
) -> int:
    """Arrange and publish in one transaction; a dry run, and a refusal, leave nothing arranged."""
    from django.db import transaction

    from server.clock import SystemClock
    from server.programme.versions import hold_still
    from server.publishing.from_files import filled_playlist, read_before

    read_before(assets, SystemClock().now())
    with transaction.atomic():
        hold_still()
        playlist = filled_playlist(
            options.playlist,
            assets,
            seconds=options.seconds,
            append=options.append,
            department=home(actor),
            actor=actor,
            now=SystemClock().now(),
        )
        _show(playlist, screens, actor)
        status = _tell(options, screens, actor)
        transaction.set_rollback(options.dry_run)
    return status


def _show(playlist: "Playlist", screens: "Sequence[Screen]", actor: "Staff") -> None:
    """Screens that show nothing yet get the playlist; those that show other things keep them."""
    from server.clock import SystemClock
    from server.publishing.from_files import fallback_to, not_showing

    without = not_showing(playlist, screens)
    bare = [each for each in without if each.default_layout_id is None]
    fallback_to(playlist, bare, actor=actor, now=SystemClock().now())
    for screen in without:
        if screen not in bare:
            print(
                f"{screen.site.slug}/{screen.slug}: shows “{screen.default_layout}”, which does not"
                f" play “{playlist.name}”: arrange it on the pages of staff",
                file=sys.stderr,
            )


def _tell(options: argparse.Namespace, screens: "Sequence[Screen]", actor: "Staff") -> int:
    from server.clock import SystemClock
    from server.publishing.services import plan, publish

    now = SystemClock().now()
    if options.dry_run:
        _print_plan(plan(screens, now))
        return os.EX_OK
    release = publish(
        screens=screens, actor=actor, reason=options.reason, now=now, confirmed=options.yes
    )
    _print_release(release, screens)
    return os.EX_OK


def _print_plan(found: Any) -> None:
    for each in found.screens:
        print(f"{each.name}: {each.state}")
        for sentence in (*each.changes, *each.cautions):
            print(f"  {'! ' if sentence.needs_confirmation else '  '}{sentence}")


def _print_release(release: "Release | None", screens: "Sequence[Screen]") -> None:
    told = {} if release is None else {each.screen_id: each for each in release.publications.all()}
    for screen in screens:
        name, publication = f"{screen.site.slug}/{screen.slug}", told.get(screen.pk)
        if publication is None:
            print(f"{name}  unchanged")
        elif publication.complete:
            print(f"{name}  version {publication.version}")
        else:
            print(f"{name}  version {publication.version} waits for approval (--pending)")


# --- approvals (level 2) -----------------------------------------------------------------------


def _write_pending(folder: Path) -> int:
    from server.publishing.approvals import file_name, pending
    from server.publishing.keyring import write_new_file

    folder.mkdir(parents=True, exist_ok=True)
    for publication in pending():
        path = folder / file_name(publication)
        if not path.exists():
            write_new_file(path, bytes(publication.envelope), 0o644)
        print(path)
    return os.EX_OK


def _approve(options: argparse.Namespace) -> int:
    from server.clock import SystemClock
    from server.publishing.approvals import approve

    if not options.files:
        raise Failed("name the files that approvers signed", os.EX_USAGE)
    for path in options.files:
        try:
            envelope = path.read_bytes()
        except OSError as error:
            raise Failed(f"{path}: {error.strerror}", os.EX_NOINPUT) from error
        found = approve(envelope=envelope, actor=None, now=SystemClock().now())
        name = f"{found.publication.screen.site.slug}/{found.publication.screen.slug}"
        still = "" if not found.missing else f", {found.missing} signatures are missing"
        print(f"{name}  version {found.publication.version}{still}")
    return os.EX_OK
