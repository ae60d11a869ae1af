"""Pages for the file: HTML in, PDF out, set by WeasyPrint in a child that opens nothing.

For views that give a record to print.  The child keeps a server's memory as it was, and what it may
take is bounded; what a page needs (its style) stands in the page itself.

As a command (`python -m server.paper`) it is that child: HTML from stdin, PDF to stdout.
"""

import resource
import subprocess
import sys

from django.utils.translation import gettext_noop as _

from server.errors import Unavailable

__all__ = ["pdf_of"]

#: What the child may take.
SECONDS, MEMORY_BYTES, PDF_BYTES = 30, 1 << 30, 32 << 20


def pdf_of(html: str) -> bytes:
    """Return the pages as PDF.  Raises `Unavailable` if they cannot be set."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server.paper"],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.stderr or b"").decode(errors="replace").strip()[-500:]
        raise Unavailable(
            _("The page could not be made into a PDF: print it from the browser."),
            details={"reason": said},
        ) from error
    return done.stdout


def main() -> None:
    """Be the child."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (PDF_BYTES, PDF_BYTES))
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    # A record names nothing outside itself: to open no file and no network is to fail.
    nothing = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    page = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=nothing)
    page.write_pdf(sys.stdout.buffer)


if __name__ == "__main__":
    main()
