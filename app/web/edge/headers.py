"""Headers that stand on every answer, static files included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, g, request

from app.web.edge.logs import masked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# data: are the pictures that stand in the stylesheets
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECRET_ADDRESS = {
    # under "no-referrer" forms are sent as from "null", and refused in browsers without Sec-Fetch-Site
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Who knows the address may enter: no page is told more of it than the host, no search engine keeps it."""
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def everywhere(secure: bool) -> list[tuple[str, str]]:
    """The headers of every answer; `secure` where it travels under TLS."""
    return [*EVERYWHERE.items(), *([HSTS] if secure else [])]


class Everywhere:
    """The headers on whatever leaves: pages, files, what WhiteNoise answers before Flask does, a 304 too."""

    def __init__(self, application: WSGIApplication, secure: bool) -> None:
        self._application = application
        self._headers = everywhere(secure)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            there = {name.lower() for name, _ in headers}
            missing = [header for header in self._headers if header[0].lower() not in there]
            return start_response(status, [*headers, *missing], *failure)

        return self._application(environ, start)


def init_app(app: Flask) -> None:
    @app.before_request
    def refuse_foreign_origin() -> None:
        """An unsafe request comes from our own pages or from no page at all."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        # a browser that sends none is asked for its Origin below
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            abort(403)
        origin = request.headers.get("Origin")
        # behind a proxy the host of a request may be another than the one people see
        if origin not in (None, request.host_url.rstrip("/"), app.config["PUBLIC_URL"]):
            abort(403)

    @app.after_request
    def private(response: Response) -> Response:
        # what somebody saw signed in is not for whoever presses "back" at the same computer
        if g.get("owner") or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        if masked(request.path) != request.path:
            response.headers.update(SECRET_ADDRESS)
        return response
