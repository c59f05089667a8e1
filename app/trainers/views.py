"""Trainers: the list, one of them, adding and changing."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core import slots
from app.core.clock import today
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.trainers import queries, services
from app.trainers.absences import queries as absences
from app.trainers.events import TrainerViewed
from app.trainers.forms import TrainerForm, suggestion
from app.trainers.models import Trainer
from app.trainers.pages import filters
from app.web.door import require, traced
from app.web.render import done, form_page, render

bp = Blueprint("trainers", __name__)


@bp.get("/trainers")
@require(Permission.TRAINER_READ)
@traced(Exported)
def show_trainers() -> ResponseReturnValue:
    may_write = caller.may(Permission.TRAINER_WRITE)
    return lists.answer(TRAINERS, "trainers/trainers.html", by=caller, filters=filters(), may_write=may_write)


def _columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("Kind"), lambda row: row.kind.label),
        (gettext("Institution"), lambda row: row.institution),
        (gettext("Province"), lambda row: in_language(row, "province") if row.province_tr else ""),
        (gettext("Competencies"), lambda row: row.expertise or None),
    ]


TRAINERS = ListOf(
    name="trainers",
    access=Permission.TRAINER_READ,
    title=lambda: gettext("Trainers"),
    columns=_columns,
    rows=queries.trainers,
    sorts=queries.TRAINER_SORTS,
    filters=("province", "competency", "kind", "active"),
)


@bp.get("/trainers/<int:trainer_id>")
@require(Permission.TRAINER_READ)
@traced(TrainerViewed)
def show_trainer(trainer_id: int) -> ResponseReturnValue:
    trainer = queries.trainer(caller.scope_for(Permission.TRAINER_READ), trainer_id)
    journal.trace(TrainerViewed(trainer.id), by=caller, required=True)
    return render(
        "trainers/trainer.html",
        trainer=trainer,
        colleague=queries.colleague_of(caller.scope_for(Permission.PERSON_READ), trainer),
        expertise=queries.expertise_of(trainer),
        absences=absences.absences_of(trainer, today()),
        sections=slots.collect("trainer.sections", caller, trainer),
        may_write=queries.writes(caller.scope_for(Permission.TRAINER_WRITE), trainer),
        may_give_access=queries.writes(caller.scope_for(Permission.USER_WRITE), trainer),
    )


def _form(trainer: Trainer | None = None) -> TrainerForm:
    return TrainerForm.of(caller.scope_for(Permission.TRAINER_WRITE), caller.scope_for(Permission.PERSON_READ), trainer)


def _trainer(trainer_id: int) -> Trainer:
    return queries.writable_trainer(caller.scope_for(Permission.TRAINER_WRITE), trainer_id)


def _page(form: TrainerForm, trainer: Trainer | None = None) -> ResponseReturnValue:
    return form_page("trainers/trainer_form.html", form, trainer=trainer)


@bp.route("/trainers/new", methods=["GET", "POST"])
@require(Permission.TRAINER_WRITE)
def create_trainer() -> ResponseReturnValue:
    form = _form()
    if form.sent():
        with form.attempt():
            scope = caller.scope_for(Permission.TRAINER_WRITE)
            trainer = services.create_trainer(form.details(), scope=scope, by=caller)
            flash(gettext("%(name)s was added.", name=trainer.name))
            return done(url_for("trainers.show_trainer", trainer_id=trainer.id))
    return _page(form)


@bp.get("/trainers/<int:trainer_id>/edit")
@require(Permission.TRAINER_WRITE)
@traced(TrainerViewed)
def show_edit_trainer(trainer_id: int) -> ResponseReturnValue:
    trainer = _trainer(trainer_id)
    journal.trace(TrainerViewed(trainer.id), by=caller, required=True)
    return _page(_form(trainer), trainer)


@bp.post("/trainers/<int:trainer_id>/edit")
@require(Permission.TRAINER_WRITE)
def edit_trainer(trainer_id: int) -> ResponseReturnValue:
    trainer = _trainer(trainer_id)
    form = _form(trainer)
    if form.sent():
        with form.attempt():
            form.same_version(trainer)
            scope = caller.scope_for(Permission.TRAINER_WRITE)
            services.change_trainer(trainer, form.details(), scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("trainers.show_trainer", trainer_id=trainer.id))
        trainer = _trainer(trainer_id)
    return _page(form, trainer)


@bp.post("/trainers/<int:trainer_id>/activate", defaults={"active": True})
@bp.post("/trainers/<int:trainer_id>/deactivate", defaults={"active": False})
@require(Permission.TRAINER_WRITE)
def set_trainer_active(trainer_id: int, active: bool) -> ResponseReturnValue:
    trainer = _trainer(trainer_id)
    services.set_active(trainer, active, by=caller)
    flash(
        gettext("%(name)s is active again.", name=trainer.name)
        if active
        else gettext("%(name)s is no longer active. The records stay.", name=trainer.name)
    )
    return done(url_for("trainers.show_trainer", trainer_id=trainer.id))


@bp.get("/trainers/staff")
@require(Permission.TRAINER_WRITE)
def suggest_staff() -> ResponseReturnValue:
    """Options for the field that names somebody on the staff, within the caller's own scope."""
    typed = request.args.get("colleague", "").strip()[:100]
    found = queries.staff_found(caller.scope_for(Permission.PERSON_READ), typed) if len(typed) > 1 else []
    return render("trainers/options.html", options=[suggestion(one) for one in found])
