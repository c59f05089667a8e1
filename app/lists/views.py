"""Starting the file of a long list."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.core.errors import Missing
from app.lists import exports, pages
from app.lists.known import LISTS
from app.web.door import signed_in
from app.web.render import done

bp = Blueprint("lists", __name__)


@bp.post("/exports")
@signed_in
def start_export() -> ResponseReturnValue:
    chosen, whole = LISTS.here.get(request.form.get("list", "")), request.form.get("of", type=int)
    listing = pages.asked(chosen, request.form) if chosen is not None else None
    if chosen is None or listing is None or not listing.format:
        raise Missing
    job = exports.ask(chosen, listing.query, listing.format, by=caller, of=whole)
    return done(url_for("jobs.show", job_id=job.id))
