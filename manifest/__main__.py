"""`yingbi-manifest`: checks, shows, signs and verifies documents, and makes keys.

The only module of this package that opens files.
"""

import errno
import os
import secrets
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from command import CommandParser, Failed, run
from manifest.documents import Root
from manifest.envelope import DocumentType, Envelope, seal, signed_by
from manifest.errors import BadSignature, KeyUnusable, ManifestError
from manifest.inspection import MAX_BYTES, Inspected, inspected, summary
from manifest.key_files import private_key_pem, public_key_pem, read_public_key, read_signer
from manifest.keys import LocalSigner, key_id
from manifest.roles import RoleName, require_approval, require_role
from manifest.writing import to_json

__all__ = ["main"]

K = TypeVar("K")

PROG = "yingbi-manifest"

_ROLE_OF: dict[DocumentType, RoleName] = {
    DocumentType.ROOT: "root",
    DocumentType.MANIFEST: "publisher",
    DocumentType.FRESHNESS: "freshness",
    DocumentType.BUNDLE: "bundle",
}


def _parser() -> CommandParser:
    parser = CommandParser(
        PROG,
        "Check, show, sign and verify the documents that screens trust, and make keys.",
        f"{PROG} check lobby.json",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, help_: str, example: str) -> ArgumentParser:
        text = help_[0].upper() + help_[1:] + "."
        return commands.add_parser(
            name, help=help_, description=text, example=f"{PROG} {name} {example}"
        )

    check = add("check", "say whether a document is well formed", "lobby.json")
    show = add("show", "print what a document says", "lobby.dsse")
    sign = add("sign", "put a document into a signed envelope, or add a signature to one",
               "lobby.json --key publisher.key --out lobby.dsse")  # fmt: skip
    verify = add("verify", "say whether the signatures of an envelope count",
                 "lobby.dsse --public-key publisher.pub")  # fmt: skip
    for subparser in (check, show, sign, verify):
        subparser.add_argument(
            "file", metavar="FILE", help="the document, bare or in an envelope; - is stdin"
        )
    sign.add_argument(
        "--key", type=Path, action="append", required=True, metavar="FILE",
        help="a private key; may be given more than once",
    )  # fmt: skip
    sign.add_argument("--out", type=Path, metavar="FILE", help="a new file, instead of stdout")
    trusted = verify.add_mutually_exclusive_group(required=True)
    trusted.add_argument(
        "--public-key", type=Path, action="append", metavar="FILE",
        help="a public key that must have signed; may be given more than once",
    )  # fmt: skip
    trusted.add_argument(
        "--root", metavar="FILE", help="an envelope of a root that says whose signatures count"
    )
    keygen = add("keygen", "make a key pair: NAME.key and NAME.pub", "publisher")
    keygen.add_argument("name", type=Path, metavar="NAME", help="where, and what to call it")
    for subparser in (sign, keygen):
        subparser.add_argument(
            "--passphrase-file", metavar="FILE",
            help="the passphrase of the private key is the first line of this; - is stdin",
        )  # fmt: skip
    return parser


def _check(options: Namespace) -> int:
    found = inspected(_read(options.file))
    print(f"{options.file}: a well-formed {found.kind.value[0]}, version {found.document.version}")
    return os.EX_OK


def _show(options: Namespace) -> int:
    for line in summary(inspected(_read(options.file))):
        print(line)
    return os.EX_OK


def _sign(options: Namespace) -> int:
    found = inspected(_read(options.file))
    passphrase = _passphrase(options)
    signers = [_key(path, lambda pem: read_signer(pem, passphrase)) for path in options.key]
    envelope = _signed(found, signers)
    if options.out is None:
        sys.stdout.buffer.write(envelope + b"\n")
    else:
        _write_new(options.out, envelope, 0o644)
    return os.EX_OK


def _signed(found: Inspected, signers: Sequence[LocalSigner]) -> bytes:
    """The envelope with these signatures, and those of others that it had."""
    mine = inspected(seal(found.kind, found.payload, signers)).envelope
    assert mine is not None
    ours = {each.keyid for each in mine.signatures}
    before = found.envelope.signatures if found.envelope else ()
    others = tuple(each for each in before if each.keyid not in ours)
    return to_json(Envelope(mine.payload_type, mine.payload, others + mine.signatures))


def _verify(options: Namespace) -> int:
    found = inspected(_read(options.file))
    if found.envelope is None:
        raise BadSignature(f"{options.file} is a bare document: nobody signed it")
    if options.root is None:
        _require_keys(found.envelope, options.public_key)
    else:
        _require_root(found, _read_root(options.root))
    print(f"{options.file}: a {found.kind.value[0]}, version {found.document.version}, verified")
    return os.EX_OK


def _require_keys(envelope: Envelope, paths: Sequence[Path]) -> None:
    for path in paths:
        public_key = _key(path, read_public_key)
        if not signed_by(envelope, {key_id(public_key): public_key}):
            raise BadSignature(f"{path} ({key_id(public_key)}) did not sign it")


def _read_root(path: str) -> Root:
    """A root that signed itself; whether it is the right one is for its fingerprint to say."""
    found = inspected(_read(path))
    if not isinstance(found.document, Root) or found.envelope is None:
        raise Failed(f"{path} is not the envelope of a root", os.EX_DATAERR)
    require_role(found.envelope, found.document, "root")
    return found.document


def _require_root(found: Inspected, root: Root) -> None:
    assert found.envelope is not None
    require_role(found.envelope, root, _ROLE_OF[found.kind])
    if found.kind is DocumentType.MANIFEST:
        require_approval(found.envelope, root)
    if isinstance(found.document, Root):  # a new root answers to the old one and to itself
        require_role(found.envelope, found.document, "root")


def _keygen(options: Namespace) -> int:
    private_key = secrets.token_bytes(32)
    public_key = LocalSigner(private_key).public_key
    pem = private_key_pem(private_key, _passphrase(options))
    public_path = options.name.with_name(options.name.name + ".pub")
    if public_path.exists():
        raise FileExistsError(
            errno.EEXIST, "it exists already, and keys are never overwritten", public_path
        )
    _write_new(options.name.with_name(options.name.name + ".key"), pem, 0o600)
    _write_new(public_path, public_key_pem(public_key), 0o644)
    print(f"key id      {key_id(public_key)}")
    print(f"public key  {public_key.hex()}")
    return os.EX_OK


def _key(path: Path, read: Callable[[bytes], K]) -> K:
    """What a key file holds; an error names that file, not the document."""
    try:
        return read(_read(str(path)))
    except KeyUnusable as error:
        raise Failed(f"{path}: {error}", os.EX_DATAERR) from error


def _passphrase(options: Namespace) -> bytes | None:
    if options.passphrase_file is None:
        return None
    passphrase = _read(options.passphrase_file).partition(b"\n")[0]
    if not passphrase:
        raise Failed(f"the first line of {options.passphrase_file} is empty", os.EX_DATAERR)
    return passphrase


def _read(path: str) -> bytes:
    """A file, or as much of it as tells that it is too large for any document or key."""
    if path == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that was not there, on the disk when this returns; half a file is removed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise


def _run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    actions = {
        "check": _check, "show": _show, "sign": _sign, "verify": _verify, "keygen": _keygen,
    }  # fmt: skip
    try:
        return actions[options.command](options)
    except ManifestError as error:
        place = getattr(options, "file", options.command)
        raise Failed(f"{place}: {error}", os.EX_DATAERR) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failed(f"{error.filename}: {error.strerror}", os.EX_IOERR) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return run(PROG, _run, arguments)


if __name__ == "__main__":
    sys.exit(main())
