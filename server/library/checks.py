"""What `yingbi-server check` says of conversions: whether they are locked in, and possible."""

import shutil
from typing import Any

from django.core import checks

from server.library.ingest import sandbox

__all__ = ["check_sandbox", "check_tools"]

_TOOLS = {
    "ffmpeg": "videos cannot be prepared: apt install ffmpeg",
    "soffice": "PowerPoint and Word files cannot be prepared: apt install"
    " libreoffice-impress-nogui libreoffice-writer-nogui libreoffice-calc-nogui",
}


@checks.register(checks.Tags.security)
def check_sandbox(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.W020: uploads are converted without a sandbox, or with half of one."""
    said = sandbox.warning(sandbox.available())
    if said is None:
        return []
    what, _colon, cure = said.partition(": ") if ": " in said else said.partition("; ")
    return [checks.Warning(what, cure, id="yingbi.W020")]


@checks.register()
def check_tools(**_options: Any) -> list[checks.CheckMessage]:
    """yingbi.W021: a program that conversions need is not installed."""
    missing = [text for name, text in _TOOLS.items() if shutil.which(name) is None]
    return [
        checks.Warning(what, cure, id="yingbi.W021")
        for what, _colon, cure in (text.partition(": ") for text in missing)
    ]
