"""What the page of every list does: read its address, and answer with its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.access.caller import Caller
from app.audit import journal
from app.core.paging import TooManyRows
from app.lists.events import Exported
from app.lists.models import Columns, File, ListOf
from app.web.listing import Listing, download
from app.web.render import render

DIRECT_ROWS = 5_000
"""A longer file takes more time than a request has."""


def asked(of: ListOf, given: Mapping[str, str] | None = None) -> Listing:
    """What the request's address asks of a list (or what is `given`), without its rows."""
    return Listing.read(of.sorts, filters=of.filters, descending=of.descending, given=given)


def read(of: ListOf, *, by: Caller) -> Listing:
    """The same with the page asked for, where it is one; of a list that is of nothing else."""
    listing = asked(of)
    if not listing.format:
        listing.page = of.rows(by.scope_for(of.access), listing.query).page()
    return listing


def answer(of: ListOf, page: str, *, by: Caller, **shown: Any) -> ResponseReturnValue:
    """The list as its address asks for it: a file, or the page (its fragment is `list`) with what else is `shown`."""
    listing = read(of, by=by)
    if listing.format:
        return file(of, listing, by=by)
    return render(page, fragment="list", listing=listing, **shown)


def file(of: ListOf, listing: Listing, *, by: Caller, whole: int | None = None) -> Response:
    """A list as a file, which leaves a trace; a long one is offered in the background. `whole`: id of what it is of."""
    try:
        made = of.file(listing.query, listing.format, by=by, of=whole, most=DIRECT_ROWS)
    except TooManyRows as many:
        query = listing.query
        hidden = {"list": of.name, "of": whole or "", "format": listing.format, "q": query.q, "sort": query.sort}
        hidden |= {"direction": listing.direction, **query.filters}
        return render("lists/long_export.html", total=many.total, hidden=hidden, back=request.path)
    return _handed_out(of.name, listing.format, made, by)


def file_of(name: str, listing: Listing, title: str, columns: Columns, rows: Sequence[Any], *, by: Caller) -> Response:
    """A short list whose rows the page has already."""
    return _handed_out(name, listing.format, File.of(title, columns, rows, listing.format), by)


def _handed_out(name: str, format: str, made: File, by: Caller) -> Response:
    journal.trace(Exported(name, format, made.rows), by=by, required=True)
    return download(made.content, made.media_type, made.name)
