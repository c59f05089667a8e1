"""Accounts and their roles.

Two questions decide who may do what to whom. May the caller give (or take) this role here? Only below their own
role, and within the very grant that lets them. May they manage the account: name, address, link, whether it is active?
Only if they could give every role it holds: whoever makes a one-time link for an account can become its owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.access import queries, rules
from app.access.caller import Caller
from app.access.events import (
    LinkMade,
    PasswordSet,
    RoleGranted,
    RoleTaken,
    UserActivated,
    UserChanged,
    UserCreated,
    UserInvited,
)
from app.access.models import Grant, User
from app.access.permissions import GRANTS, Permission, Role, below
from app.access.scope import EVERYWHERE
from app.access.second_factor import services as second_factor
from app.access.sign_in import queries as sign_in
from app.access.sign_in import services
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.users import letters
from app.users import queries as users
from app.users.models import Invitation

AGAIN_AFTER = timedelta(hours=1)
"""Asked again sooner, nobody gets a second letter: a double click and an impatient colleague do no harm."""


@dataclass(frozen=True)
class Person:
    """Whom an account belongs to."""

    given_name: str
    family_name: str
    email: str
    language: str = "tr"


@dataclass(frozen=True)
class Place:
    """Where a role holds: a province, an institution, or (both empty) the whole programme."""

    province_id: int | None = None
    organisation_id: int | None = None


def place_of(grant: Grant) -> Place:
    return Place(grant.province_id, grant.organisation_id)


def may_grant(by: Caller, role: Role, place: Place) -> bool:
    """Whether one of their own grants lets them give this role in this place."""
    for held in by.grants:
        if Permission.ACCESS_GIVE not in GRANTS[held.role] or role not in below(held.role):
            continue
        if held.organisations is None:
            return True
        if place.organisation_id is not None and place.organisation_id in held.organisations:
            return True
        if place.province_id is not None and place.province_id == held.province_id:
            return True
    return False


def may_manage(by: Caller, held: Sequence[Grant]) -> bool:
    """Whether they may change the account that holds these roles (one without any: only from the whole programme)."""
    if not held:
        return by.scope_for(Permission.USER_WRITE).everything
    return all(may_grant(by, grant.role, place_of(grant)) for grant in held)


def _managed(user: User, by: Caller) -> None:
    if not may_manage(by, queries.grants([user])[user.id]):
        raise Refused(lazy_gettext("This account holds roles you may not give, so you cannot change it."))


def create_user(person: Person, role: Role, place: Place, *, by: Caller) -> User:
    """A new account with its first role and no password: they set one through a one-time link."""
    user = User(active=True, language=person.language)
    user.set_name(person.given_name, person.family_name, _free(person.email, None))
    _check_grant(by, role, place)
    db.session.add(user)
    db.session.flush()
    journal.record(UserCreated(user.id), by=by)
    _give(user, role, place, by)
    return user


def account_for(
    person: Person, role: Role, place: Place, *, known: User | None = None, by: Caller, link: bool = True
) -> tuple[User, str | None]:
    """Somebody's account with this role in this place, and the token of a link where there is no password yet; none
    without `link`, where it is sent by mail.

    `known`, or the account that has the address already, becomes theirs if the caller may manage it: it keeps its roles
    and its password, is made active, and signs in anew where a role is added. Otherwise an account is made. A `known`
    one that lost every role when they left is nobody's to manage: whoever may give this role gives it back.
    """
    user = known or sign_in.user_by_email(rules.plain_email(person.email))
    if user is None:
        user = create_user(person, role, place, by=by)
        return user, make_one_time_link(user, by=by) if link else None
    held = queries.grants([user])[user.id]
    bare = user is known and not held
    if not (bare or may_manage(by, held)):
        raise Refused(lazy_gettext("Another account has this e-mail address."))
    if not any((each.role, place_of(each)) == (role, place) for each in held):
        grant_role(user, role, place, by=by)
    set_active(user, True, by=by)
    return user, make_one_time_link(user, by=by) if link and user.password_hash is None else None


def change_user(user: User, person: Person, *, by: Caller) -> None:
    _managed(user, by)
    wanted = replace(person, email=_free(person.email, user.id))
    if changed := set_changed(user, asdict(wanted)):
        user.set_name(wanted.given_name, wanted.family_name)
        journal.record(UserChanged(user.id, changed), by=by)


def _free(email: str, user_id: int | None) -> str:
    """The address as an identity, if nobody else signs in with it."""
    plain = rules.plain_email(email)
    if not plain:
        raise Refused(lazy_gettext("An e-mail address is written without Turkish letters."), field="email")
    other = sign_in.user_by_email(plain)
    if other is not None and other.id != user_id:
        raise Refused(lazy_gettext("Another account has this e-mail address."), field="email")
    return plain


def set_active(user: User, active: bool, *, by: Caller) -> None:
    """Whether they may sign in. Deactivation ends their open sign-ins."""
    _managed(user, by)
    if user.active is active:
        return
    if not active:
        if user.id == by.id:
            raise Refused(lazy_gettext("You cannot deactivate your own account."))
        _another_administrator(user)
        services.end_all_sign_ins(user.id)
    user.active = active
    journal.record(UserActivated(user.id, active), by=by)


def make_one_time_link(user: User, *, by: Caller) -> str:
    """The token of a link to set a password; earlier links stop working."""
    _managed(user, by)
    if not user.active:
        raise Refused(lazy_gettext("The account is not active. Activate it first."))
    token = services.make_link(user)
    journal.record(LinkMade(user.id), by=by)
    return token


def reset_second_factor(user: User, *, by: Caller) -> None:
    """Somebody lost their phone and their recovery codes: their sign-ins end, and they set another one up.

    An administrator's alone, for whoever can also make a link to a password opens the account.
    """
    if user.id == by.id or not by.is_a(Role.ADMINISTRATOR):
        raise Refused(lazy_gettext("Only another administrator can reset a second factor."))
    _managed(user, by)
    second_factor.remove(user, by=by)


def invite(user: User, *, by: Caller) -> bool:
    """Write them a letter with a one-time link; False where one was written within the hour, which is enough."""
    _managed(user, by)
    if not user.active:
        raise Refused(lazy_gettext("The account is not active. Activate it first."))
    if user.password_hash is not None:
        raise Refused(lazy_gettext("This person has set a password already and can sign in."))
    known = users.invitation(user)
    if known is not None and known.invited_at > now() - AGAIN_AFTER:
        return False
    if known is None:
        known = Invitation(user_id=user.id, times=0)
        db.session.add(known)
    known.times, known.invited_at = known.times + 1, now()
    letters.welcome(user, known.times)
    journal.record(UserInvited(user.id, known.times), by=by)
    return True


def accepted(event: PasswordSet, by: Actor) -> None:
    """Whoever was invited has set a password."""
    user = EVERYWHERE.get(User, event.user_id)  # it is their own
    known = users.invitation(user)
    if known is not None and known.accepted_at is None:
        known.accepted_at = now()


def old_invitations(before: datetime) -> sa.Select[Any]:
    # whosever it was
    return EVERYWHERE.restrict(sa.select(Invitation.id).where(Invitation.invited_at < before), Invitation)


def forget_invitations(before: datetime) -> int:
    """That somebody was invited is of no use any more; their account stays."""
    over = sa.delete(Invitation).where(Invitation.invited_at < before)
    gone: Any = db.session.execute(EVERYWHERE.trusting(over, Invitation))  # what is over goes, whosever it was
    return int(gone.rowcount)


# --- roles ---------------------------------------------------------------------------------------------


def grant_role(user: User, role: Role, place: Place, *, by: Caller) -> None:
    """Give a role in a place. The user signs in anew, so that what they may do is clear from the first page."""
    _not_herself(user, by)
    _check_grant(by, role, place)
    if any((held.role, place_of(held)) == (role, place) for held in _held(user)):
        raise Refused(lazy_gettext("This person has this role already."), field="role")
    _give(user, role, place, by)
    services.end_all_sign_ins(user.id)


def take_role(user: User, grant: Grant, *, by: Caller) -> None:
    """Take a role away; never one's own, never the last one of an account, never the last administrator's."""
    _not_herself(user, by)
    if not may_grant(by, grant.role, place_of(grant)):
        raise Refused(lazy_gettext("You may not give this role here, so you cannot take it either."))
    if grant.role is Role.ADMINISTRATOR:
        _another_administrator(user)
    if len(_held(user)) == 1:
        raise Refused(lazy_gettext("An account keeps at least one role. Give another one first, or deactivate it."))
    journal.record(RoleTaken(user.id, grant.role.value, grant.province_id, grant.organisation_id), by=by)
    db.session.delete(grant)
    db.session.flush()
    services.end_all_sign_ins(user.id)


def move_home(user: User, was: int, becomes: int, *, by: Caller) -> None:
    """Their person works at another institution: roles at the old one end, and they are a staff member of the new one.

    Being staff follows the record, whoever moves it; any other role is taken only by whoever could give it.
    """
    left = [grant for grant in _held(user) if grant.organisation_id == was]
    for grant in left:
        if grant.role is not Role.STAFF and not may_grant(by, grant.role, place_of(grant)):
            raise Refused(
                lazy_gettext(
                    "Their account has a role there that you may not take away: %(role)s.", role=grant.role.label
                )
            )
    _end(user, left, by)
    if not left:
        return
    home = Place(organisation_id=becomes)
    if not any((held.role, place_of(held)) == (Role.STAFF, home) for held in queries.grants([user])[user.id]):
        _give(user, Role.STAFF, home, by)


def leave_home(user: User, was: int, *, by: Caller) -> None:
    """Their person left an institution: roles there end, whoever says so. What they are elsewhere stays; an account
    with nothing left is no longer active.
    """
    held = _held(user)
    left = [grant for grant in held if grant.organisation_id == was]
    _end(user, left, by)
    if len(left) == len(held) and user.active:
        user.active = False
        journal.record(UserActivated(user.id, False), by=by)


def _end(user: User, grants: Sequence[Grant], by: Caller) -> None:
    """These roles end, and with them every sign-in, for what they may do is another."""
    for grant in grants:
        journal.record(RoleTaken(user.id, grant.role.value, grant.province_id, grant.organisation_id), by=by)
        db.session.delete(grant)
    db.session.flush()
    services.end_all_sign_ins(user.id)


def _not_herself(user: User, by: Caller) -> None:
    if user.id == by.id:
        raise Refused(lazy_gettext("Nobody can change their own roles. Ask another administrator."))


def _check_grant(by: Caller, role: Role, place: Place) -> None:
    """A role needs its kind of place, and the caller must be able to give it there."""
    if role in (Role.FOCAL_POINT, Role.STAFF):
        if place.organisation_id is None:
            raise Refused(lazy_gettext("This role is given for an institution. Choose one."), field="organisation_id")
        if place.province_id is not None:
            raise Refused(lazy_gettext("This role is given for an institution: leave this empty."), field="province_id")
    elif place.organisation_id is not None:
        raise Refused(
            lazy_gettext("This role is not given for an institution: leave this empty."), field="organisation_id"
        )
    if role is Role.COORDINATOR and place.province_id is None:
        raise Refused(lazy_gettext("This role is given for a province. Choose one."), field="province_id")
    if role is Role.ADMINISTRATOR and place.province_id is not None:
        raise Refused(lazy_gettext("This role holds for the whole programme: leave this empty."), field="province_id")
    if not may_grant(by, role, place):
        field = "province_id" if role in below(Role.COORDINATOR) else "role"
        raise Refused(lazy_gettext("You can give roles only below your own, within your own province."), field=field)


def _give(user: User, role: Role, place: Place, by: Caller) -> None:
    db.session.add(Grant(user_id=user.id, role=role, **asdict(place)))
    journal.record(RoleGranted(user.id, role.value, **asdict(place)), by=by)


def _held(user: User) -> list[Grant]:
    """An account's roles, as they stay until the transaction ends: whoever gives or takes one of its roles, or ends the
    account, waits. Accounts come after the people they belong to, several in the order of their ids.
    """
    db.session.flush()  # reading anew would undo what is changed and not written yet
    db.session.refresh(user, ["active", "version"], with_for_update={"key_share": True})
    return queries.grants([user])[user.id]


def _another_administrator(user: User) -> None:
    """Refuse unless somebody else, active, administers the programme. Locks the accounts of all of them and their
    roles: of two who let each other go at once the second looks again when the first is done.
    """
    db.session.flush()
    statement = (
        EVERYWHERE.restrict(sa.select(Grant.user_id), Grant, User)  # every administrator counts
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.ADMINISTRATOR, User.active == sa.true())
        .order_by(User.id)
        .with_for_update(of=(Grant, User), key_share=True)
    )
    administrators = set(db.session.scalars(statement))
    if user.id in administrators and len(administrators) == 1:
        raise Refused(lazy_gettext("The last administrator stays. Make somebody else administrator first."))
