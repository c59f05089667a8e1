"""When a trainer cannot teach: the days, adding and removing them."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.clock import today
from app.language import gettext
from app.trainers import queries as trainers
from app.trainers.absences import queries, services
from app.trainers.absences.forms import AbsenceForm
from app.trainers.models import Trainer
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("absences", __name__)


def _trainer(trainer_id: int) -> Trainer:
    return trainers.writable_trainer(caller.scope_for(Permission.TRAINER_WRITE), trainer_id)


def _here(trainer_id: int) -> str:
    return url_for("absences.add_absence", trainer_id=trainer_id)


def _page(trainer: Trainer, form: AbsenceForm) -> ResponseReturnValue:
    found = queries.absences_of(trainer, today())
    return render("trainers/absences/absences.html", trainer=trainer, absences=found, form=form, status=form.status)


@bp.route("/trainers/<int:trainer_id>/absences", methods=["GET", "POST"])
@require(Permission.TRAINER_WRITE)
def add_absence(trainer_id: int) -> ResponseReturnValue:
    trainer, form = _trainer(trainer_id), AbsenceForm()
    if form.sent():
        with form.attempt():
            services.add(trainer, form.first_day.data, form.last_day.data, form.note.data or "", by=caller)
            flash(gettext("The days were added. New sittings on them are warned about."))
            return done(_here(trainer_id))
        trainer = _trainer(trainer_id)
    return _page(trainer, form)


@bp.post("/trainers/<int:trainer_id>/absences/<int:absence_id>/remove")
@require(Permission.TRAINER_WRITE)
def remove_absence(trainer_id: int, absence_id: int) -> ResponseReturnValue:
    services.remove(queries.absence(_trainer(trainer_id), absence_id), by=caller)
    flash(gettext("The days were removed."))
    return done(_here(trainer_id))
