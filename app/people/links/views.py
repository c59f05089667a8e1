"""What a personal link opens, and taking somebody's links back."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.people import queries as people
from app.people.links import pages, queries, services
from app.people.links.models import OTHERS, PURPOSES
from app.web.door import public, require
from app.web.edge.compression import keep_plain
from app.web.render import done, render

bp = Blueprint("links", __name__)


@bp.get("/k/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Programs that look at mails open it, too: looking changes nothing."""
    for other in OTHERS.here:
        if (shown := other(token)) is not None:
            keep_plain()  # the token stands in the page's forms
            return cast("ResponseReturnValue", shown)
    link = pages.opened(token)
    page: ResponseReturnValue = PURPOSES.here[link.purpose].page(link, token)
    return page


@bp.get("/people/<int:employee_id>/links")
@require(Permission.PERSON_WRITE)
def show_links(employee_id: int) -> ResponseReturnValue:
    """Somebody's links that work: when they were made and last answered by. The links themselves nobody sees again."""
    employee = people.employee(caller.scope_for(Permission.PERSON_WRITE), employee_id)
    return render("people/links/links.html", employee=employee, links=queries.living(employee), purposes=PURPOSES.here)


@bp.post("/people/<int:employee_id>/links/revoke")
@require(Permission.PERSON_WRITE)
def revoke_links(employee_id: int) -> ResponseReturnValue:
    employee = people.employee(caller.scope_for(Permission.PERSON_WRITE), employee_id)
    services.revoke(employee.id, by=caller)
    flash(gettext("None of this person's links works any more."))
    return done(url_for("links.show_links", employee_id=employee_id))
