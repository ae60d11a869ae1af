"""Scripts, styles and icons from the installation itself, with whitenoise's headers.

They are small, so each answer holds the whole file: an open file would be read in a thread of its
own under ASGI, with a warning.  Text goes compressed to browsers that take it (all do); pages never
do, since what is secret in them could be guessed from their length.
"""

import gzip
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

__all__ = ["StaticFiles"]

#: What is worth compressing, by the end of its address.
TEXT = (".css", ".js", ".svg", ".json")


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
        if request.path.endswith(TEXT) and request.method == "GET" and found.status == 200:
            _compress(request, response)
        return response


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    """Compress the answer for a browser that takes it; the tag, of the plain bytes, goes."""
    response["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return
    response.content = _compressed(response.content)
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    del response["ETag"]


@lru_cache(maxsize=256)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
