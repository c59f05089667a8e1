"""One renderer: a browser gets the page, htmx the block of that same page."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from jinja2_fragments.flask import render_block
from markupsafe import Markup, escape

from app.web.edge.incoming import path_of


def wants_fragment() -> bool:
    sent = request.headers
    return (
        sent.get("HX-Request") == "true"
        and sent.get("HX-Request-Type", "partial") == "partial"
        and "HX-History-Restore-Request" not in sent
    )


def oob() -> Markup:
    """`hx-swap-oob`, but only when the element travels beside a fragment."""
    return Markup('hx-swap-oob="true"') if wants_fragment() else Markup()


def render(template: str, /, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page `template`, or its block `fragment` (and the flash messages) where htmx asks for it."""
    if fragment and wants_fragment():
        html = render_block(template, fragment, **context) + render_template("web/flashes.html")
    else:
        html = render_template(template, **context)
    response = make_response(html, status)
    response.vary.add("HX-Request")
    return response


def form_page(template: str, form: Any, /, **context: Any) -> Response:
    """The page of a form, whose block `edit` holds it: shown, or shown again with what is wrong."""
    return render(template, fragment="edit", status=form.status, form=form, **context)


def done(location: str) -> Response:
    """After a change: 303 to where its result is seen.

    htmx follows it and swaps the block of the page it stands on; where the result is seen on another page,
    the browser is sent there instead (HX-Redirect), or that page would land inside this one.
    """
    if wants_fragment() and path_of(request.headers.get("HX-Current-URL", "")) != path_of(location):
        response = make_response("", 200)
        response.headers["HX-Redirect"] = location
    else:
        response = make_response("", 303)
        response.location = location
    return response


def destination(response: Response) -> str | None:
    """Where an answer made by `done` leads; None for any other."""
    if response.status_code == 303:
        return response.location
    return response.headers.get("HX-Redirect")


def breaking(address: str) -> Markup:
    """An e-mail address that breaks after @ and dots where it is too long."""
    return Markup(str(escape(address)).replace("@", "@<wbr>").replace(".", ".<wbr>"))  # noqa: S704  # escaped here
