"""What each role sees first."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.web.door import signed_in
from app.web.render import render

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def show_home() -> ResponseReturnValue:
    return render("home/home.html")
