"""Records that may be one person: side by side, then merged or told apart."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.people.doubles import pages, queries, services
from app.web.door import require
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("doubles", __name__)


@bp.get("/people/doubles")
@require(Permission.PERSON_MERGE)
def show_doubles() -> ResponseReturnValue:
    listing = Listing.read(queries.PAIR_SORTS, filters=("sign",), descending=True)
    listing.page = queries.doubles(caller.scope_for(Permission.PERSON_MERGE), listing.query).page()
    tallies = pages.tallies(caller, listing.page.rows)
    return render("people/doubles/doubles.html", fragment="list", listing=listing, why=pages.why(), tallies=tallies)


@bp.post("/people/doubles/<int:pair_id>/different")
@require(Permission.PERSON_MERGE)
def tell_apart(pair_id: int) -> ResponseReturnValue:
    services.tell_apart(queries.pair(caller.scope_for(Permission.PERSON_MERGE), pair_id), by=caller)
    flash(gettext("They are two people, and are not shown together again."))
    return done(url_for("doubles.show_doubles"))
