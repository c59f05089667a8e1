"""A trainer's weeks, and their hours by course and quarter."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns
from app.trainers import queries as trainers
from app.trainers.models import Trainer
from app.training.weeks import pages, queries
from app.web.door import require, traced
from app.web.listing import Listing
from app.web.render import render

bp = Blueprint("weeks", __name__)


def _trainer(trainer_id: int) -> Trainer:
    return trainers.trainer(caller.scope_for(Permission.TRAINER_READ), trainer_id)


@bp.get("/trainers/<int:trainer_id>/weeks")
@require(Permission.TRAINER_READ)
def show_weeks(trainer_id: int) -> ResponseReturnValue:
    trainer = _trainer(trainer_id)
    return render("training/weeks/trainer.html", fragment="weeks", trainer=trainer, weeks=pages.of_trainer(trainer))


def _columns() -> Columns:
    return [
        (gettext("Year"), lambda row: row.year),
        (gettext("Quarter"), lambda row: row.quarter),
        (gettext("Code"), lambda row: row.code),
        (gettext("Course"), lambda row: in_language(row, "name")),
        (gettext("Planned hours"), lambda row: row.planned / 60),
        (gettext("Delivered hours"), lambda row: row.delivered / 60),
    ]


@bp.get("/trainers/<int:trainer_id>/ledger")
@require(Permission.TRAINER_READ)
@traced(Exported)
def show_ledger(trainer_id: int) -> ResponseReturnValue:
    """Hours planned and delivered."""
    trainer = _trainer(trainer_id)
    rows, listing = queries.ledger(trainer), Listing.read()
    if listing.format:
        title = gettext("Hours of %(name)s", name=trainer.name)
        return lists.file_of("trainer_hours", listing, title, _columns(), rows, by=caller)
    totals = sum(row.planned for row in rows), sum(row.delivered for row in rows)
    return render("training/weeks/ledger.html", trainer=trainer, rows=rows, listing=listing, totals=totals)
