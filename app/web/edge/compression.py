"""Pages travel compressed, and what is secret on them cannot be guessed from how long that makes them (BREACH).

Whoever can make a browser ask for a page that repeats their text, and sees how many bytes come back, learns what else
stands on it, letter by letter. So the token of forms is masked anew in each answer, and a page that shows another
secret (a one-time link, the address of a calendar) calls `keep_plain` and goes out as it is.
"""

from __future__ import annotations

import base64
import gzip
import secrets

import brotli
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

KINDS = frozenset({"text/html", "text/csv", "application/json"})
SMALLEST = 1_000
"""Bytes: what is shorter fits into the packet that goes anyway."""
BROTLI, GZIP = 5, 6
"""Levels: a page of 70 KB takes 0.7 ms; the next level of each takes longer and saves 1 % (docs/performance.md)."""


def keep_plain() -> None:
    """This answer shows a secret: its length must not say anything of it."""
    g.plain = True


def compress(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if g.get("plain") or response.is_streamed or response.mimetype not in KINDS or response.content_encoding:
        return response
    content = response.get_data()
    chosen = request.accept_encodings.best_match(("br", "gzip")) if len(content) >= SMALLEST else None
    if chosen is not None:
        packed = brotli.compress(content, quality=BROTLI) if chosen == "br" else gzip.compress(content, GZIP, mtime=0)
        response.set_data(packed)
        response.content_encoding = chosen
    return response


class Protect(CSRFProtect):
    """Flask-WTF's protection, with the token of a form masked. One from a page of an earlier release is taken, too.

    The gate asks for it (`access.gate`): to find the token the whole body is read, so how large that may be has to be
    known before.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # nothing in Flask-WTF has types

    def init_app(self, app: Flask) -> None:
        super().init_app(app)  # type: ignore[no-untyped-call]  # as above
        app.config["WTF_CSRF_CHECK_DEFAULT"] = False
        app.jinja_env.globals["csrf_token"] = masked
        app.context_processor(lambda: {"csrf_token": masked})  # over the one Flask-WTF has just put there

    def check(self) -> None:
        """The form of this request is of a page of ours, drawn for this browser; a `CSRFError` where it is not."""
        if current_app.config["WTF_CSRF_ENABLED"]:
            self.protect(apply_exemptions=True)  # type: ignore[no-untyped-call]  # as above

    def _get_csrf_token(self) -> str | None:
        return unmasked(super()._get_csrf_token())  # type: ignore[no-untyped-call]  # as above


def masked() -> str:
    """The token of this browser's forms, under a mask of this answer's own (the same in all its forms)."""
    if "masked_token" not in g:
        token = generate_csrf().encode()
        mask = secrets.token_bytes(len(token))
        g.masked_token = base64.urlsafe_b64encode(mask + _crossed(mask, token)).decode()
    return str(g.masked_token)


def unmasked(typed: str | None) -> str | None:
    try:
        both = base64.urlsafe_b64decode((typed or "").encode())
        half = len(both) // 2
        return _crossed(both[:half], both[half:]).decode("ascii")
    except ValueError:
        return typed


def _crossed(mask: bytes, text: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, text, strict=True))


def init_app(app: Flask) -> None:
    app.after_request(compress)
