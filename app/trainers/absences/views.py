"""When a trainer cannot teach: the days, adding and removing them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission, Role
from app.core.clock import today
from app.core.errors import Missing
from app.language import gettext
from app.trainers import queries as trainers
from app.trainers.absences import queries, services
from app.trainers.absences.forms import AbsenceForm
from app.trainers.models import Trainer
from app.web.door import require, signed_in
from app.web.render import done, render

bp = Blueprint("absences", __name__)


def _trainer(trainer_id: int) -> Trainer:
    return trainers.writable_trainer(caller.scope_for(Permission.TRAINER_WRITE), trainer_id)


def _here(trainer_id: int) -> str:
    return url_for("absences.add_absence", trainer_id=trainer_id)


def _own() -> Trainer:
    """The trainer the caller is; Missing for anybody else."""
    trainer = trainers.trainer_of_user(caller.id)
    if trainer is None or not caller.is_a(Role.TRAINER):
        raise Missing
    return trainer


def _page(trainer: Trainer, form: AbsenceForm, *, own: bool = False) -> ResponseReturnValue:
    found = queries.absences_of(trainer, today())
    back = "" if own else url_for("trainers.show_trainer", trainer_id=trainer.id)
    page = "trainers/absences/absences.html"
    return render(page, trainer=trainer, absences=found, form=form, own=own, back=back, status=form.status)


def _add(load: Callable[[], Trainer], here: str, *, own: bool = False) -> ResponseReturnValue:
    trainer, form = load(), AbsenceForm()
    if form.sent():
        with form.attempt():
            services.add(trainer, form.first_day.data, form.last_day.data, form.note.data or "", by=caller)
            flash(gettext("The days were added. New sittings on them are warned about."))
            return done(here)
        trainer = load()
    return _page(trainer, form, own=own)


@bp.route("/assignments/absences", methods=["GET", "POST"])
@signed_in
def add_own_absence() -> ResponseReturnValue:
    """A trainer enters their own."""
    return _add(_own, url_for("absences.add_own_absence"), own=True)


@bp.post("/assignments/absences/<int:absence_id>/remove")
@signed_in
def remove_own_absence(absence_id: int) -> ResponseReturnValue:
    return _remove(_own(), absence_id, url_for("absences.add_own_absence"))


def _remove(trainer: Trainer, absence_id: int, here: str) -> ResponseReturnValue:
    services.remove(queries.absence(trainer, absence_id), by=caller)
    flash(gettext("The days were removed."))
    return done(here)


@bp.route("/trainers/<int:trainer_id>/absences", methods=["GET", "POST"])
@require(Permission.TRAINER_WRITE)
def add_absence(trainer_id: int) -> ResponseReturnValue:
    return _add(lambda: _trainer(trainer_id), _here(trainer_id))


@bp.post("/trainers/<int:trainer_id>/absences/<int:absence_id>/remove")
@require(Permission.TRAINER_WRITE)
def remove_absence(trainer_id: int, absence_id: int) -> ResponseReturnValue:
    return _remove(_trainer(trainer_id), absence_id, _here(trainer_id))
