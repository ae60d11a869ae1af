"""`yingbi-server keys`: makes, replaces, installs and shows the keys that sign for this server.

What is done, and in which order a person does it: docs/publishing.md, section 2.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import Failed
from server.project import set_up_initialised

if TYPE_CHECKING:
    from server.publishing.ceremony import Approval

__all__ = ["add"]

#: A passphrase of root keys that is shorter than this is refused, in characters.
LEAST_PASSPHRASE = 12

#: No key file and no root is larger, in bytes.
MAX_FILE_BYTES = 128 * 2**10


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "keys",
        help="make, replace and show the signing keys",
        description="Make, replace, install and show the keys that sign for this server.",
        example="yingbi-server keys init --to /media/stick/root-keys",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_init(actions)
    _add_rotate(actions)
    install = actions.add_parser(
        "install",
        help="install a signed root, and publish everything anew under it",
        description="Install a signed root: the first, or the one after the newest.",
        example="yingbi-server keys install root.2",
    )
    install.add_argument("root", type=Path, metavar="ROOT", help="the envelope of the signed root")
    install.set_defaults(run=_install)
    show = actions.add_parser(
        "show",
        help="show the root, and which keys are here",
        description="Show the newest root, its fingerprint, and which keys are on this server.",
        example="yingbi-server keys show",
    )
    show.set_defaults(run=_show)


def _add_init(actions: Any) -> None:
    init = actions.add_parser(
        "init",
        help="make the first keys",
        description="Make root keys in a folder that you move away, online keys here, and root 1;"
        " or, with --root-public, a draft of root 1 for root keys that were made elsewhere.",
        example="yingbi-server keys init --to /media/stick/root-keys",
    )
    where = init.add_mutually_exclusive_group(required=True)
    where.add_argument("--to", type=Path, metavar="FOLDER", help="where the root keys are written")
    where.add_argument(
        "--root-public",
        type=Path,
        action="append",
        metavar="FILE",
        help="the public half of a root key made elsewhere; may be given more than once",
    )
    init.add_argument(
        "--root-keys", type=int, default=3, metavar="N", help="how many root keys (default: 3)"
    )
    init.add_argument(
        "--threshold",
        type=int,
        default=2,
        metavar="N",
        help="how many of them sign a root (default: 2)",
    )
    init.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="the first line is the passphrase of the root keys; - is stdin (default: ask)",
    )
    init.add_argument("--out", type=Path, metavar="FILE", help="where the draft is written")
    _add_approval(init)
    init.set_defaults(run=_init)


def _add_rotate(actions: Any) -> None:
    rotate = actions.add_parser(
        "rotate",
        help="make new online keys, and a draft of the next root",
        description="Make new online keys, and a draft of the next root that names them, for the"
        " holders of the root keys to sign.",
        example="yingbi-server keys rotate --out root-2.json",
    )
    rotate.add_argument(
        "--role",
        action="append",
        choices=["publisher", "freshness", "none"],
        help="whose key is replaced (default: both; none: only what else is asked for)",
    )
    rotate.add_argument(
        "--new-epoch",
        action="store_true",
        help="forget what screens have seen: for a thief who may have published ahead of us",
    )
    rotate.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where the draft is written"
    )
    _add_approval(rotate)
    rotate.set_defaults(run=_rotate)


def _add_approval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--approver",
        type=Path,
        action="append",
        metavar="FILE",
        help="the public key of an approver (level 2); may be given more than once",
    )
    parser.add_argument(
        "--approvals",
        type=int,
        metavar="N",
        help="how many approvers sign a manifest (default: 1 with --approver; 0: level 1)",
    )


# --- actions -----------------------------------------------------------------------------------


def _init(options: argparse.Namespace) -> int:
    configuration = set_up_initialised()
    from server.clock import SystemClock
    from server.publishing import ceremony
    from server.publishing.signing import keyring

    now = SystemClock().now()
    organisation = configuration.organisation.id
    approval = _approval(options) or ceremony.NO_APPROVAL

    def draft(public_keys: Sequence[bytes]) -> Any:
        if not 1 <= options.threshold <= len(public_keys):
            raise Failed(
                f"--threshold {options.threshold} of {len(public_keys)} root keys cannot be met",
                os.EX_USAGE,
            )
        return ceremony.draft_first_root(
            organisation=organisation,
            keyring=keyring(),
            root_keys=public_keys,
            threshold=options.threshold,
            approval=approval,
            now=now,
        )

    if options.root_public:
        root = draft([_public_key(path) for path in options.root_public])
        _write_draft(root, options.out or Path("root-1.json"))
        return os.EX_OK
    passphrase = _passphrase(options.passphrase_file)
    signers = ceremony.make_root_keys(options.to, options.root_keys, passphrase)
    root = draft([each.public_key for each in signers])
    ceremony.begin(root, signers, options.to, actor=None, now=now)
    print(f"root keys    {options.to} ({options.root_keys}, {options.threshold} sign)")
    print(f"online keys  {keyring().folder}")
    _print_root()
    print(f"Now move {options.to} away: each key to a stick of its own, none stays on this server.")
    return os.EX_OK


def _rotate(options: argparse.Namespace) -> int:
    set_up_initialised()
    from server.clock import SystemClock
    from server.publishing import ceremony
    from server.publishing.signing import keyring

    chosen = options.role or ["publisher", "freshness"]
    root = ceremony.draft_next_root(
        keyring=keyring(),
        roles=[role for role in chosen if role != "none"],
        approval=_approval(options),
        new_epoch=options.new_epoch,
        now=SystemClock().now(),
    )
    _write_draft(root, options.out)
    return os.EX_OK


def _install(options: argparse.Namespace) -> int:
    configuration = set_up_initialised()
    from server.clock import SystemClock
    from server.publishing.renewal import install_and_renew

    organisation = configuration.organisation.id
    row, renewed = install_and_renew(
        _read(options.root), organisation=organisation, actor=None, now=SystemClock().now()
    )
    print(f"root {row.version} of epoch {row.epoch} is installed")
    print(f"{renewed} screens were published anew")
    _print_root()
    return os.EX_OK


def _show(_options: argparse.Namespace) -> int:
    set_up_initialised()
    _print_root()
    return os.EX_OK


# --- files and words ---------------------------------------------------------------------------


def _write_draft(root: Any, path: Path) -> None:
    from manifest.documents import encode_root
    from server.publishing.keyring import write_new_file

    write_new_file(path, encode_root(root), 0o644)
    signed = path.with_suffix("")
    print(f"A draft of root {root.version} is in {path}. On the machine of the root keys:")
    print(f"  yingbi-manifest show {path}")
    print(f"  yingbi-manifest sign {path} --key root-1.key --passphrase-file - --out {signed}.1")
    print(f"  yingbi-manifest sign {signed}.1 --key root-2.key --passphrase-file - --out {signed}")
    print(f"({root.roles.root.threshold} signatures). Then here:")
    print(f"  yingbi-server keys install {signed}")


def _print_root() -> None:
    from server.publishing.key_report import report

    for line in report():
        print(line)


def _approval(options: argparse.Namespace) -> "Approval | None":
    """What the options say of approvers; None if they say nothing."""
    if options.approver is None and options.approvals is None:
        return None
    keys = [_public_key(path) for path in options.approver or ()]
    number = options.approvals if options.approvals is not None else 1
    if not (number == 0 and not keys) and not 1 <= number <= len(keys):
        raise Failed(f"--approvals {number} of {len(keys)} approvers cannot be met", os.EX_USAGE)
    return keys, number


def _public_key(path: Path) -> bytes:
    from manifest.errors import KeyUnusable
    from manifest.key_files import read_public_key

    try:
        return read_public_key(_read(path))
    except KeyUnusable as error:
        raise Failed(f"{path}: {error}", os.EX_DATAERR) from error


def _passphrase(path: Path | None, ask: Callable[[str], str] = getpass.getpass) -> bytes:
    if path is not None:
        text = _read(path).partition(b"\n")[0].decode()
    elif sys.stdin.isatty():
        text = ask("Passphrase of the root keys: ")
        if text != ask("Again: "):
            raise Failed("the two passphrases differ; nothing was made", os.EX_DATAERR)
    else:
        raise Failed("there is no terminal to ask on; give --passphrase-file", os.EX_USAGE)
    if len(text) < LEAST_PASSPHRASE:
        raise Failed(f"the passphrase needs {LEAST_PASSPHRASE} characters", os.EX_DATAERR)
    return text.encode()


def _read(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_FILE_BYTES)
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}", os.EX_NOINPUT) from error
