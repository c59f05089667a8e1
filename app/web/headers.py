"""Headers that stand on every answer, static files included."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, g, request

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
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def static_headers(secure: bool) -> Any:
    """For WhiteNoise, which answers before Flask does."""

    def add(headers: Any, path: str, url: str) -> None:
        for name, value in EVERYWHERE.items():
            headers[name] = value
        if secure:
            headers[HSTS[0]] = HSTS[1]

    return add


def init_app(app: Flask) -> None:
    @app.before_request
    def refuse_foreign_origin() -> None:
        """An unsafe request comes from our own pages or from no page at all."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            abort(403)
        origin = request.headers.get("Origin")
        if origin not in (None, request.host_url.rstrip("/"), app.config["PUBLIC_URL"]):
            abort(403)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if app.config["SECURE"]:
            response.headers[HSTS[0]] = HSTS[1]
        if g.get("owner") or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        return response
