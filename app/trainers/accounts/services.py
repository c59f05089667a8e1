"""An account for a trainer."""

from __future__ import annotations

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission, Role
from app.audit import journal
from app.core.errors import Refused
from app.language import lazy_gettext
from app.trainers import queries
from app.trainers.events import TrainerLinked, TrainerUnlinked
from app.trainers.models import Trainer
from app.users import queries as accounts
from app.users import services as users
from app.users.services import Person, Place


def give_access(trainer: Trainer, *, by: Caller) -> tuple[User, str | None]:
    """Their account, as a trainer, and the token of the one-time link where it has no password yet.

    A trainer who is on some institution's staff and signs in as such keeps that account; so does whoever has an
    account with their address. The role is added to it, if the caller may manage it.
    """
    if not trainer.active:
        raise Refused(lazy_gettext("This trainer is no longer active."))
    if trainer.user_id is not None:
        raise Refused(lazy_gettext("This trainer has an account already."))
    known = queries.staff_account(trainer)
    if known is None and not trainer.email:
        raise Refused(lazy_gettext("Enter the e-mail address first: it is what one signs in with."))
    person = Person(trainer.given_name, trainer.family_name, trainer.email)
    user, token = users.account_for(person, Role.TRAINER, place_of(trainer, by), known=known, by=by)
    if queries.trainer_of_user(user.id) is not None:
        raise Refused(lazy_gettext("This account belongs to another trainer."))
    trainer.user_id = user.id
    journal.record(TrainerLinked(trainer.id, user.id), by=by)
    return user, token


def withdraw_access(trainer: Trainer, *, by: Caller) -> None:
    """The account no longer acts for them. It loses the trainer role; where that is its only one, it is deactivated."""
    if trainer.user_id is None:
        return
    user = queries.account(trainer)
    held = accounts.grants(user)
    as_trainer = [grant for grant in held if grant.role is Role.TRAINER]
    if len(as_trainer) == len(held):
        users.set_active(user, False, by=by)
    else:
        for grant in as_trainer:
            users.take_role(user, grant, by=by)
    trainer.user_id = None
    journal.record(TrainerUnlinked(trainer.id, user.id), by=by)


def place_of(trainer: Trainer, by: Caller) -> Place:
    """Where the role holds: the trainer's province, else one the caller runs, else the whole programme.

    It decides only who may manage the account; a trainer sees their own sittings wherever they are.
    """
    if trainer.province_id is not None:
        return Place(province_id=trainer.province_id)
    scope = by.scope_for(Permission.USER_WRITE)
    return Place(province_id=min(scope.provinces, default=None))
