"""Giving a trainer an account, and taking it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.language import gettext
from app.trainers import queries
from app.trainers.accounts import services
from app.trainers.events import TrainerViewed
from app.trainers.models import Trainer
from app.users.pages import given
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("trainer_accounts", __name__)


@bp.get("/trainers/<int:trainer_id>/give-access")
@require(Permission.USER_WRITE)
@traced(TrainerViewed)
def show_give_access(trainer_id: int) -> ResponseReturnValue:
    trainer = _trainer(trainer_id)
    if trainer.user_id is not None:
        return redirect(url_for("trainers.show_trainer", trainer_id=trainer_id))
    journal.trace(TrainerViewed(trainer.id), by=caller, required=True)
    return _page(Form(), trainer)


@bp.post("/trainers/<int:trainer_id>/give-access")
@require(Permission.USER_WRITE)
def give_access(trainer_id: int) -> ResponseReturnValue:
    trainer, form = _trainer(trainer_id), Form()
    if form.sent():
        with form.attempt():
            return given(trainer.name, *services.give_access(trainer, by=caller))
        trainer = _trainer(trainer_id)
    return _page(form, trainer)


@bp.post("/trainers/<int:trainer_id>/withdraw-access")
@require(Permission.USER_WRITE)
def withdraw_access(trainer_id: int) -> ResponseReturnValue:
    trainer = _trainer(trainer_id)
    services.withdraw_access(trainer, by=caller)
    flash(gettext("%(name)s can no longer sign in as a trainer.", name=trainer.name))
    return done(url_for("trainers.show_trainer", trainer_id=trainer.id))


def _trainer(trainer_id: int) -> Trainer:
    return queries.writable_trainer(caller.scope_for(Permission.USER_WRITE), trainer_id)


def _page(form: Form, trainer: Trainer) -> ResponseReturnValue:
    known = queries.staff_account(trainer)
    return render(
        "users/give_access.html",
        status=form.status,
        form=form,
        name=trainer.name,
        email=known.email if known else trainer.email,
        role=gettext("Trainer"),
        back=url_for("trainers.show_trainer", trainer_id=trainer.id),
        known=known,
        missing=gettext("Enter the e-mail address first: it is what one signs in with."),
        besides=gettext("If somebody signs in with this address already, that account gets the trainer role too."),
    )
