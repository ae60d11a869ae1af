"""`yingbi-cache`: looks at the offline store of a box, checks it, tidies it, fills it by hand.

A composition root: reads the settings, builds the store, says what happened.  Nothing is decided
here.  Exit statuses: 0 done, 64 usage, 65 a package that is refused, 69 not paired yet, 74 the
disk or the cache is damaged, 75 another process writes to the cache, 77 run it as another user.
"""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from command import CommandParser, Failed, run
from config.loader import DEFAULT_PATH, load_for_player
from config.model import PlayerSettings
from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.errors import BundleError, CacheLocked, StorageError
from content_cache.eviction import Eviction, Room
from content_cache.generations import Generations
from content_cache.health import Health, look
from content_cache.lock import exclusive
from content_cache.package import Package, Store, export_to, import_from
from content_cache.status import as_json, as_text
from manifest.errors import ManifestError
from manifest.trust_state import TrustState, decode_state

__all__ = ["main"]

PROG = "yingbi-cache"

#: A progress bar appears when work takes longer than this, in seconds.
PROGRESS_AFTER_S = 2.0

_GIB = 1 << 30

_DISK = RealDisk()

_STATUSES: dict[type[Exception], int] = {
    CacheLocked: os.EX_TEMPFAIL,
    StorageError: os.EX_IOERR,
    BundleError: os.EX_DATAERR,
    ManifestError: os.EX_DATAERR,
}


def _system_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (a command is where the clock is read)


def main(
    arguments: Sequence[str] | None = None, clock: Callable[[], datetime] = _system_clock
) -> int:
    """Run the command; returns its exit status."""
    return run(PROG, lambda given: _command(given, clock), arguments, _STATUSES)


def _command(arguments: Sequence[str], clock: Callable[[], datetime]) -> int:
    options = _parser().parse_args(arguments, Namespace(clock=clock))
    settings = load_for_player(options.settings, None).settings
    root: Path = options.cache or settings.cache.directory
    commands = {
        "status": _status,
        "verify": _verify,
        "gc": _collect,
        "import": _import,
        "export": _export,
    }
    return commands[options.command](root, settings, options)


def _parser() -> CommandParser:
    parser = CommandParser(
        PROG,
        "Look at, check, tidy and fill the offline store of a box.",
        "yingbi-cache status --cache /var/lib/yingbi",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text, example in _COMMANDS:
        sentence = f"{text[0].upper()}{text[1:]}."
        added = commands.add_parser(
            name, help=text, description=sentence, example=f"{PROG} {name} {example}".strip()
        )
        _ARGUMENTS.get(name, lambda _parser: None)(added)
        added.add_argument(
            "--cache", type=Path, metavar="DIR", help="the store (default: cache.directory)"
        )
        added.add_argument(
            "--settings",
            type=Path,
            default=DEFAULT_PATH,
            metavar="FILE",
            help=f"the box's settings (default: {DEFAULT_PATH})",
        )
    return parser


_COMMANDS = (
    ("status", "say what is current, what is kept, and what is wrong", "--json"),
    ("verify", "read every blob and name those that are damaged", "--quarantine"),
    ("gc", "delete what no kept generation needs", ""),
    ("import", "take in an offline package", "/media/stick/yingbi"),
    ("export", "write the current generation into a folder", "/media/stick/yingbi"),
)


def _verify_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--quarantine",
        action="store_true",
        help="set damaged blobs aside, so that they are fetched again",
    )


def _import_arguments(parser: CommandParser) -> None:
    _folder_argument(parser)
    parser.add_argument("--screen", metavar="ID", help="which screen this is (not paired yet)")
    parser.add_argument(
        "--root",
        metavar="SHA256",
        help="the fingerprint of the root to trust (not paired yet; default: trust.root_sha256)",
    )


def _folder_argument(parser: CommandParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the package's folder")


def _status_arguments(parser: CommandParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


_ARGUMENTS = {
    "status": _status_arguments,
    "verify": _verify_arguments,
    "import": _import_arguments,
    "export": _folder_argument,
}


def _status(root: Path, _settings: PlayerSettings, options: Namespace) -> int:
    """Print how the cache is; 74 if anything is wrong with it."""
    _require_cache(root)
    health = look(root, _DISK)
    if options.json:
        print(json.dumps(as_json(root, health), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_text(root, health)))
    return _tell_faults(health)


def _verify(root: Path, _settings: PlayerSettings, options: Namespace) -> int:
    """Read every blob; 74 if one is damaged, or the generations are."""
    _require_cache(root)
    blobs = BlobStore(root, _DISK)
    digests = blobs.digests()
    bad = []
    with _progress(sum(map(blobs.size, digests)), "verifying") as bar:
        for sha256 in digests:
            size = blobs.size(sha256)
            if not blobs.verify(sha256):
                bad.append(sha256)
            bar.update(size)
    if bad and options.quarantine:
        with exclusive(root, _DISK, PROG):
            for sha256 in bad:
                blobs.quarantine(sha256, "verify")
    done = "set aside, to be fetched again" if options.quarantine else "left in place"
    for sha256 in bad:
        print(f"{PROG}: blob {sha256} is damaged ({done})", file=sys.stderr)
    print(f"{len(digests)} blobs read, {len(bad)} damaged")
    faults = _tell_faults(look(root, _DISK))
    return os.EX_IOERR if bad else faults


def _collect(root: Path, settings: PlayerSettings, _options: Namespace) -> int:
    """Delete what nothing needs."""
    _require_cache(root)
    with _writing(root, settings) as store:
        gone = store.eviction.clean()
    print(
        f"{len(gone.blobs)} blobs deleted ({gone.blob_bytes:,} bytes), {gone.left_overs} left-overs"
    )
    return os.EX_OK


def _import(root: Path, settings: PlayerSettings, options: Namespace) -> int:
    """Take a package in."""
    package = Package(options.folder, _DISK)
    with _writing(root, settings) as store:
        state = _paired(store, package, settings, options)
        with _progress(None, "importing") as bar:
            generation = import_from(package, store, state, options.clock(), bar.update)
    if generation is None:
        print("nothing to do: this manifest is current, and complete")
    else:
        print(f"manifest {generation.manifest.version} is current")
    return os.EX_OK


def _export(root: Path, settings: PlayerSettings, options: Namespace) -> int:
    """Write a package, all but its signature."""
    _require_cache(root)
    with _progress(None, "exporting") as bar:
        unsigned = export_to(options.folder, _store(root, settings), options.clock(), bar.update)
    signed = unsigned.with_name("bundle.json")
    print(f"written; now: yingbi-manifest sign {unsigned} --key bundle.key --out {signed}")
    return os.EX_OK


def _paired(
    store: Store, package: Package, settings: PlayerSettings, options: Namespace
) -> TrustState:
    """Whom this screen trusts: as remembered, or as this very call says."""
    if remembered := store.generations.trust():
        return decode_state(remembered)
    fingerprint = (options.root or settings.trust.root_sha256).lower()
    if not fingerprint:
        raise Failed(
            "this screen is not paired: give --root with the fingerprint of the organisation's "
            "root, or set trust.root_sha256",
            os.EX_UNAVAILABLE,
        )
    site, screens = package.screens()
    screen = options.screen or (screens[0] if len(screens) == 1 else None)
    if screen is None:
        raise Failed(f"say --screen: the package is for {', '.join(screens)}", os.EX_USAGE)
    return package.paired(fingerprint, site, screen)


def _require_cache(root: Path) -> None:
    if not root.is_dir():
        raise Failed(f"there is no cache at {root}: say --cache DIR", os.EX_IOERR)


@contextmanager
def _writing(root: Path, settings: PlayerSettings) -> Iterator[Store]:
    """The store, with its lock held; never as root in somebody else's cache."""
    if os.geteuid() == 0 and root.is_dir() and root.stat().st_uid != 0:
        raise Failed(
            f"{root} belongs to {root.owner()}: run `sudo -u {root.owner()} {PROG} ...`, or files "
            "of root will be in the player's way",
            os.EX_NOPERM,
        )
    with exclusive(root, _DISK, PROG):
        yield _store(root, settings)


def _store(root: Path, settings: PlayerSettings) -> Store:
    blobs = BlobStore(root, _DISK)
    generations = Generations(root, _DISK, blobs)
    room = Room(int(settings.cache.quota_gib * _GIB), int(settings.cache.min_free_gib * _GIB))
    return Store(root, blobs, generations, Eviction(root, blobs, generations, _DISK, room), _DISK)


class _Bar(tqdm):  # type: ignore[type-arg]  # generic to the checker only
    """A progress bar without tqdm's monitor thread."""

    monitor_interval = 0


def _progress(total_bytes: int | None, what: str) -> _Bar:
    return _Bar(
        total=total_bytes,
        desc=what,
        unit="B",
        unit_scale=True,
        delay=PROGRESS_AFTER_S,
        disable=not sys.stderr.isatty(),
        leave=False,
    )


def _tell_faults(health: Health) -> int:
    for fault in health.faults:
        print(f"{PROG}: {fault.code}: {fault.sentence}", file=sys.stderr)
    return os.EX_IOERR if health.faults else os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
