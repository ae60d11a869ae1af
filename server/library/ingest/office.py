"""The step for office documents: LibreOffice makes a PDF of them.  Runs in the child.

Each job has a profile of its own, so that two never meet and nothing is kept from one to the
next.  Macros never run (and documents that have any were refused before), links are not
followed; there is no network and no file of ours to follow them to.
"""

import shutil
import subprocess
from pathlib import Path

from server.library.ingest.failures import Refused
from server.library.ingest.protocol import Job, Made, Product
from server.library.ingest.steps import Report

__all__ = ["make_pdf"]

_FILTERS = {
    "pptx": "impress", "ppt": "impress", "odp": "impress",
    "docx": "writer", "doc": "writer", "odt": "writer",
    "xlsx": "calc", "xls": "calc", "ods": "calc",
}  # fmt: skip

#: Settings of a fresh profile (org.openoffice.Office.Common): macros off, links never updated.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def make_pdf(job: Job, report: Report) -> Made:
    """The document at `job.source` as `document.pdf`.  Raises `Refused`."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise Refused("TOOL_MISSING", tool="LibreOffice")
    folder = Path(job.folder)
    # LibreOffice goes by the name as well as by the content: give it the name that fits.
    document = folder / f"document.{job.kind}"
    document.symlink_to(job.source)
    report(5)
    words = [*_words(soffice, folder, job.kind), str(document)]
    done = subprocess.run(words, capture_output=True, check=False)
    document.unlink()
    pdf = folder / "document.pdf"
    if not pdf.exists() or pdf.stat().st_size == 0:
        raise _refusal(done.stdout + done.stderr)
    report(100)
    return Made((Product(pdf.name, "pdf", "application/pdf", 0, 0),))


def _words(soffice: str, folder: Path, kind: str) -> list[str]:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return [
        *(soffice, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--nofirststartwizard", f"-env:UserInstallation={profile.as_uri()}"),
        *("--convert-to", f"pdf:{_FILTERS[kind]}_pdf_Export", "--outdir", str(folder)),
    ]


def _refusal(said: bytes) -> Refused:
    if b"password" in said.lower():
        return Refused("DOCUMENT_ENCRYPTED")
    return Refused("DAMAGED")
