from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.caller import Caller, HeldGrant
from app.access.models import Grant, KeptForm, OneTimeLink, Organisation, Province, SignIn, Throttle, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE, Scope
from app.access.secrets import digest
from app.core.clock import now
from app.core.db import db
from app.language.turkish import initials

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
WATCHED = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})


def open_sign_in(token: str) -> SignIn | None:
    """The sign-in this token opens, with its user: not ended, not over its absolute life, user active."""
    return db.session.scalar(
        EVERYWHERE.restrict(sa.select(SignIn), SignIn, User)
        .join(SignIn.user)
        .options(contains_eager(SignIn.user))
        .where(
            SignIn.token_hash == digest(token),
            SignIn.ended_at.is_(None),
            SignIn.created_at > now() - ABSOLUTE,
            User.active.is_(True),
        )
    )


def idle_too_long(sign_in: SignIn, caller: Caller) -> bool:
    """Administrators and coordinators are signed out after half an hour without a request."""
    return bool(caller.roles & WATCHED) and sign_in.seen_at < now() - IDLE


def open_sign_ins(user_id: int) -> Sequence[SignIn]:
    """A person's own devices, latest first."""
    return db.session.scalars(
        EVERYWHERE.select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.created_at > now() - ABSOLUTE)
        .order_by(SignIn.seen_at.desc())
    ).all()


def caller_of(user: User) -> Caller:
    """The caller a user is, with everything her grants reach."""
    grants = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(Grant.role, Grant.province_id, Grant.organisation_id, Organisation.province_id), Grant
        )
        .outerjoin(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.user_id == user.id)
        .order_by(Grant.id)
    ).all()
    wanted = {province for _, province, _, _ in grants if province is not None}
    reached: dict[int, set[int]] = {province: set() for province in wanted}
    if wanted:
        found = sa.select(Organisation.id, Organisation.province_id).where(Organisation.province_id.in_(wanted))
        for organisation_id, home_id in db.session.execute(found):
            if home_id is not None:
                reached[home_id].add(organisation_id)
    held = []
    for role, province, organisation, home in grants:
        if province is not None:
            organisations: frozenset[int] | None = frozenset(reached[province])
        else:
            organisations = None if organisation is None else frozenset({organisation})
        held.append(HeldGrant(role, province, organisation, organisations, home))
    return Caller(
        user.id,
        user.name,
        initials(user.given_name, user.family_name),
        user.email,
        tuple(held),
        user.language,
    )


def user_by_email(email: str) -> User | None:
    return db.session.scalar(EVERYWHERE.select(User).where(User.email == email))


def throttle(key: str) -> Throttle | None:
    return db.session.scalar(sa.select(Throttle).where(Throttle.key == key))


def one_time_link(token: str) -> OneTimeLink | None:
    """The link this token opens, unused and in time, with its user."""
    return db.session.scalar(
        EVERYWHERE.restrict(sa.select(OneTimeLink), OneTimeLink, User)
        .join(OneTimeLink.user)
        .options(contains_eager(OneTimeLink.user))
        .where(
            OneTimeLink.token_hash == digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
            User.active.is_(True),
        )
    )


def kept_form(key: str) -> KeptForm | None:
    return db.session.scalar(
        EVERYWHERE.select(KeptForm).where(KeptForm.key_hash == digest(key), KeptForm.expires_at > now())
    )


def provinces() -> Sequence[Province]:
    return db.session.scalars(sa.select(Province).order_by(Province.name_sort)).all()


def organisations(scope: Scope, *, province_id: int | None = None) -> Sequence[Organisation]:
    """Institutions whose people this scope sees, by name; for choices in forms and filters."""
    statement = sa.select(Organisation).order_by(Organisation.name_sort)
    if not scope.everything:
        statement = statement.where(Organisation.id.in_(sorted(scope.organisations)))
    if province_id is not None:
        statement = statement.where(Organisation.province_id == province_id)
    return db.session.scalars(statement).all()


def grants(users: Sequence[User]) -> dict[int, list[Grant]]:
    """The grants of some users (loaded through a scope), with their province or organisation."""
    found = db.session.scalars(
        EVERYWHERE.select(Grant)
        .where(Grant.user_id.in_([user.id for user in users]))
        .options(joinedload(Grant.province), joinedload(Grant.organisation))
        .order_by(Grant.id)
    )
    result: dict[int, list[Grant]] = {user.id: [] for user in users}
    for grant in found:
        result[grant.user_id].append(grant)
    return result
