"""All chains from what asks to what people learned."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme.thread import pages, queries
from app.web.door import require, traced

bp = Blueprint("thread", __name__)
CHAINS = ListOf(
    name="thread",
    access=Permission.PROGRAMME_READ,
    title=lambda: gettext("The thread"),
    columns=pages.columns,
    rows=queries.chains,
    sorts=queries.SORTS,
    filters=("kind", "province", "theme", "reach"),
)


@bp.get("/programme/thread")
@require(Permission.PROGRAMME_READ)
@traced(Exported)
def show_chains() -> ResponseReturnValue:
    return lists.answer(CHAINS, "programme/thread/chains.html", by=caller, filters=pages.filters(caller))
