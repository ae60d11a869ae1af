"""How a cache is, in words for a person and in JSON for a program.

For `yingbi-cache status` only; what is looked at is `health`'s to decide.
"""

from pathlib import Path
from typing import Any

from content_cache.generations import Generation
from content_cache.health import Health

__all__ = ["as_json", "as_text"]


def as_json(root: Path, health: Health) -> dict[str, Any]:
    """What `status --json` prints; the keys are listed in docs/cache.md."""
    space = health.space
    return {
        "cache": str(root),
        "current": _generation_json(health.view.current),
        "previous": _generation_json(health.view.previous),
        "missing": list(health.missing),
        "blobs": {"count": health.blobs, "bytes": health.blob_bytes},
        "partial": health.parts,
        "quarantined": health.quarantined,
        "outbox_bytes": health.outbox_bytes,
        "free_bytes": space.free_bytes if space else None,
        "writer": health.writer,
        "faults": [
            {"code": fault.code, "severity": fault.severity, "sentence": fault.sentence}
            for fault in health.faults
        ],
    }


def _generation_json(generation: Generation | None) -> dict[str, Any] | None:
    if generation is None:
        return None
    manifest = generation.manifest
    return {
        "site": manifest.site,
        "screen": manifest.screen,
        "version": manifest.version,
        "issued_at": manifest.issued_at.isoformat(),
        "expires_at": manifest.expires_at.isoformat(),
        "files": len(manifest.files()),
        "bytes": sum(file.bytes for file in manifest.files().values()),
        "confirmed": generation.confirmed,
    }


def as_text(root: Path, health: Health) -> list[str]:
    """What `status` prints, in lines."""
    free = f"{health.space.free_bytes:,} bytes free" if health.space else "unknown room"
    unready = (
        f"{health.parts} partial, {health.quarantined} quarantined, {len(health.missing)} missing"
    )
    return [
        f"cache     {root} ({free})",
        f"current   {_generation_text(health.view.current)}",
        f"previous  {_generation_text(health.view.previous)}",
        f"blobs     {health.blobs:,} with {health.blob_bytes:,} bytes; {unready}",
        f"outbox    {health.outbox_bytes:,} bytes",
        f"writer    {health.writer or 'none'}",
    ]


def _generation_text(generation: Generation | None) -> str:
    if generation is None:
        return "none"
    manifest, files = generation.manifest, generation.manifest.files()
    size = sum(file.bytes for file in files.values())
    confirmed = "confirmed" if generation.confirmed else "not confirmed"
    return (
        f"{manifest.site}/{manifest.screen} version {manifest.version}, issued "
        f"{manifest.issued_at:%Y-%m-%d %H:%M}Z, {len(files)} files with {size:,} bytes, {confirmed}"
    )
