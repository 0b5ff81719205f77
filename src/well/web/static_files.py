"""Static files, served whole.

Invariant: the files and headers are WhiteNoise's; the body is read at once, because an
asynchronous server would otherwise complain of every file it is handed piece by piece. Our files
are small (the largest is 40 kB). It serves nothing that a finder does not list.
"""

from django.http import HttpRequest, HttpResponse
from whitenoise.base import StaticFile
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Named in django_settings, before sessions: a static file costs no query."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file as one body, with WhiteNoise's status and headers."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        answer = HttpResponse(body, status=int(found.status))
        del answer["content-type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
