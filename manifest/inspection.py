"""Documents as a person brings them to a command: bare or in an envelope, of whatever type.

For commands only.  What is read here is well formed, and that is all: nobody's signature has been
looked at, so nothing here may ever decide what a screen shows.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct

from manifest import times
from manifest.codec import decode
from manifest.documents import (
    Bundle,
    Freshness,
    Root,
    decode_bundle,
    decode_freshness,
    decode_root,
)
from manifest.envelope import DocumentType, Envelope, open_envelope
from manifest.errors import WrongDocument, quoted
from manifest.model import Manifest
from manifest.parsing import MISSING, load, refusal

__all__ = ["FORMATS", "MAX_BYTES", "Inspected", "inspected", "summary"]

Document = Manifest | Root | Freshness | Bundle

#: The formats there are, each with its type and decoder.
FORMATS: dict[str, tuple[DocumentType, Callable[[bytes], Document]]] = {
    "yingbi/1": (DocumentType.MANIFEST, decode),
    "yingbi-root/1": (DocumentType.ROOT, decode_root),
    "yingbi-freshness/1": (DocumentType.FRESHNESS, decode_freshness),
    "yingbi-bundle/1": (DocumentType.BUNDLE, decode_bundle),
}
_DECODERS = dict(FORMATS.values())

#: No document is larger, bare or in its envelope.
MAX_BYTES = max(kind.max_envelope_bytes for kind in DocumentType)


class Inspected(Struct, frozen=True):
    """A well-formed document; `envelope` is None if it came bare."""

    kind: DocumentType
    payload: bytes
    document: Document
    envelope: Envelope | None = None


def inspected(data: bytes) -> Inspected:
    """The document in these bytes; `ManifestFormatError` or another `ManifestError` if none is."""
    value = load(data, MAX_BYTES)
    if isinstance(value, dict) and "payloadType" in value:
        kind = _type_called(value["payloadType"])
        envelope = open_envelope(data, kind)
        return Inspected(kind, envelope.payload, _DECODERS[kind](envelope.payload), envelope)
    said = value.get("format", MISSING) if isinstance(value, dict) else MISSING
    if not isinstance(said, str) or said not in FORMATS:
        expected = " or ".join(map(quoted, FORMATS))
        raise refusal(expected, said).inside("format")
    kind, decode_bare = FORMATS[said]
    return Inspected(kind, data, decode_bare(data))


def _type_called(payload_type: object) -> DocumentType:
    for kind in DocumentType:
        if payload_type == kind.payload_type:
            return kind
    raise WrongDocument(f"the envelope holds none of our documents, but {payload_type!r:.80}")


def summary(found: Inspected) -> Iterator[str]:
    """Lines that tell a person what a document says."""
    yield f"type        {found.kind.value[0]}, {len(found.payload)} bytes"
    signers = [each.keyid for each in found.envelope.signatures] if found.envelope else []
    yield f"signatures  {', '.join(signers) or 'none'} (not verified)"
    yield from _SUMMARIES[type(found.document)](found.document)


def _manifest(manifest: Manifest) -> Iterator[str]:
    items = [item for playlist in manifest.playlists.values() for item in playlist.items]
    sizes = [each.bytes for each in manifest.files().values()]
    yield f"for         {manifest.site}/{manifest.screen}"
    yield f"version     {manifest.version}"
    yield from _span("issued", manifest.issued_at, manifest.expires_at)
    yield f"clock       {manifest.timezone}"
    yield f"canvas      {manifest.canvas.width} x {manifest.canvas.height}"
    yield f"assets      {len(manifest.assets)} with {len(sizes)} files, {sum(sizes)} bytes"
    yield f"playlists   {len(manifest.playlists)} with {len(items)} items"
    yield f"layouts     {', '.join(manifest.layouts)} (default: {manifest.default_layout})"
    yield f"entries     {', '.join(entry.id for entry in manifest.entries) or 'none'}"
    yield f"takeovers   {', '.join(each.id for each in manifest.takeovers) or 'none'}"


def _root(root: Root) -> Iterator[str]:
    yield f"of          {root.org}"
    yield f"version     {root.version} of epoch {root.epoch}"
    yield from _span("issued", root.issued_at, root.expires_at)
    for name in ("root", "publisher", "freshness", "approver", "bundle"):
        role = getattr(root.roles, name)
        yield f"{name:<11} {role.threshold} of {len(role.keyids)}: {', '.join(role.keyids)}"


def _freshness(freshness: Freshness) -> Iterator[str]:
    yield f"for         {freshness.org}/{freshness.site}/{freshness.screen}"
    yield f"version     {freshness.version}"
    yield from _span("said", freshness.server_time, freshness.expires_at)
    yield f"manifest    {freshness.manifest.version} {freshness.manifest.sha256}"


def _bundle(bundle: Bundle) -> Iterator[str]:
    yield f"for         {bundle.org}/{bundle.site}"
    yield f"version     {bundle.version}"
    yield from _span("issued", bundle.issued_at, bundle.expires_at)
    for screen, reference in bundle.manifests.items():
        yield f"manifest    {screen} {reference.version} {reference.sha256}"


def _span(verb: str, start: datetime, end: datetime) -> Iterator[str]:
    yield f"{verb:<11} {times.write(start)}"
    yield f"expires     {times.write(end)}"


_SUMMARIES: dict[type, Callable[..., Iterator[str]]] = {
    Manifest: _manifest,
    Root: _root,
    Freshness: _freshness,
    Bundle: _bundle,
}
