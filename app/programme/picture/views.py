"""The page of the programme."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.clock import today
from app.programme.picture import queries
from app.web.door import require
from app.web.render import render

bp = Blueprint("picture", __name__)


@bp.get("/programme")
@require(Permission.PROGRAMME_READ)
def show_programme() -> ResponseReturnValue:
    parts = slots.collect("programme.parts", caller)
    return render("programme/picture/programme.html", parts=parts, targets=queries.targets(today().year))
