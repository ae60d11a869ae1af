"""Scripts, styles and icons from the installation itself, with whitenoise's headers.

They are small, so each answer holds the whole file: an open file would be read in a thread of its
own under ASGI, with a warning.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

__all__ = ["StaticFiles"]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no annotations
    """Serves /static/ and hands on everything else."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """Return the answer to a request for a file of ours."""
        found = static_file.get_response(request.method, request.META)
        try:
            content = found.file.read() if found.file is not None else b""
        finally:
            if found.file is not None:
                found.file.close()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response
