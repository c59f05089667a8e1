from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

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


_home, _member = aliased(Organisation), aliased(Organisation)
_REACH = (Grant.role, Grant.province_id, Grant.organisation_id, _home.province_id, _member.id)
_OPENED = (
    EVERYWHERE.restrict(
        sa.select(
            SignIn.id, SignIn.seen_at, User.id, User.given_name, User.family_name, User.email, User.language, *_REACH
        ),
        SignIn,
        User,
        Grant,
    )
    .select_from(SignIn)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .outerjoin(_home, _home.id == Grant.organisation_id)
    .outerjoin(_member, _member.province_id == Grant.province_id)
    .where(
        SignIn.token_hash == sa.bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        SignIn.created_at > sa.bindparam("since"),
        User.active.is_(True),
    )
    .order_by(Grant.id)
)


@dataclass(frozen=True)
class OpenSignIn:
    """An open sign-in with whoever is signed in and everything their grants reach."""

    id: int
    seen_at: datetime
    caller: Caller


def open_sign_in(token: str) -> OpenSignIn | None:
    """The sign-in this token opens: not ended, not over its absolute life, user active; one statement."""
    rows = db.session.execute(_OPENED, {"token_hash": digest(token), "since": now() - ABSOLUTE}).all()
    if not rows:
        return None
    sign_in_id, seen_at, user_id, given, family, email, spoken = rows[0][:7]
    caller = Caller(
        user_id, f"{given} {family}", initials(given, family), email, _held([row[7:] for row in rows]), spoken
    )
    return OpenSignIn(sign_in_id, seen_at, caller)


def idle_too_long(sign_in: OpenSignIn) -> bool:
    """Administrators and coordinators are signed out after half an hour without a request."""
    return bool(sign_in.caller.roles & WATCHED) and sign_in.seen_at < now() - IDLE


def open_sign_ins(user_id: int) -> Sequence[SignIn]:
    """A person's own devices, latest first."""
    return db.session.scalars(
        EVERYWHERE.select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.created_at > now() - ABSOLUTE)
        .order_by(SignIn.seen_at.desc())
    ).all()


def caller_of(user: User) -> Caller:
    """The caller a user is, with everything their grants reach."""
    rows = db.session.execute(
        EVERYWHERE.restrict(sa.select(*_REACH), Grant)
        .select_from(Grant)
        .outerjoin(_home, _home.id == Grant.organisation_id)
        .outerjoin(_member, _member.province_id == Grant.province_id)
        .where(Grant.user_id == user.id)
        .order_by(Grant.id)
    ).all()
    return Caller(
        user.id, user.name, initials(user.given_name, user.family_name), user.email, _held(rows), user.language
    )


def _held(rows: Sequence[Any]) -> tuple[HeldGrant, ...]:
    """Grants from rows of `_REACH`: a grant over a province has a row for each institution in it."""
    reached: dict[tuple[Role, int | None, int | None, int | None], set[int]] = {}
    for role, province, organisation, home, member in rows:
        if role is not None:  # somebody without any grant has one empty row
            reached.setdefault((role, province, organisation, home), set()).add(
                member if organisation is None else organisation
            )
    return tuple(
        HeldGrant(
            role,
            province,
            organisation,
            None if province is None and organisation is None else frozenset(found - {None}),
            home,
        )
        for (role, province, organisation, home), found in reached.items()
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


def whose(token: str | None) -> int | None:
    """The user this sign-in is or was of, open or ended; None for a token nobody was given, or long ago."""
    found = EVERYWHERE.restrict(sa.select(SignIn.user_id), SignIn).where(SignIn.token_hash == digest(token or ""))
    return db.session.scalar(found)


def kept_form(token: str | None) -> KeptForm | None:
    """What was typed when this sign-in had ended, or the one before it of the same person in the same browser."""
    return db.session.scalar(
        EVERYWHERE.select(KeptForm).where(KeptForm.key_hash == digest(token or ""), KeptForm.expires_at > now())
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
