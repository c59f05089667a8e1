"""Sign-ins that are open, one-time links, what was kept of a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access import limits
from app.access.caller import Caller
from app.access.models import Grant, KeptForm, OneTimeLink, SecondFactor, SignIn, Throttle, User
from app.access.queries import REACH, held, home, member
from app.access.scope import EVERYWHERE, within
from app.access.sign_in.secrets import digest
from app.core.clock import now
from app.core.db import db
from app.core.hooks import Hook
from app.core.tables.written import written_once
from app.language.turkish import initials

_OPENED = (
    EVERYWHERE.restrict(  # the token is the key
        sa.select(
            SignIn.id,
            SignIn.seen_at,
            SecondFactor.id,
            User.id,
            User.given_name,
            User.family_name,
            User.email,
            User.language,
            *REACH,
        ),
        SignIn,
        SecondFactor,
        User,
        Grant,
    )
    .select_from(SignIn)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .outerjoin(home, home.id == Grant.organisation_id)
    .outerjoin(member, member.province_id == Grant.province_id)
    .where(
        SignIn.token_hash == sa.bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        SignIn.created_at > sa.bindparam("since"),
        User.active.is_(True),
    )
    .order_by(Grant.id)
)


@dataclass(frozen=True)
class Beside:
    """What every page asks for besides, however few its rows: one value that the statement of the sign-in brings with
    it, and who takes it. A statement less of each page of somebody signed in.
    """

    value: sa.ColumnElement[Any]
    take: Callable[[Any], None]


BESIDE: Hook[list[Beside]] = Hook("beside the sign-in", list)


@written_once
def _opened() -> sa.Select[Any]:
    return _OPENED.add_columns(*(each.value for each in BESIDE.here))


@dataclass(frozen=True)
class OpenSignIn:
    """An open sign-in with whoever is signed in and everything their grants reach."""

    id: int
    seen_at: datetime
    has_second_factor: bool
    caller: Caller


def open_sign_in(token: str) -> OpenSignIn | None:
    """The sign-in this token opens: not ended, not over its absolute life, user active; one statement."""
    rows = db.session.execute(_opened(), {"token_hash": digest(token), "since": now() - limits.absolute()}).all()
    if not rows:
        return None
    sign_in_id, seen_at, factor, user_id, given, family, email, spoken = rows[0][:8]
    after = 8 + len(REACH)
    for each, value in zip(BESIDE.here, rows[0][after:], strict=True):
        each.take(value)
    grants = held([row[8:after] for row in rows])
    caller = Caller(user_id, f"{given} {family}", initials(given, family), email, grants, spoken)
    return OpenSignIn(sign_in_id, seen_at, factor is not None, caller)


def idle_too_long(sign_in: OpenSignIn) -> bool:
    """Administrators and coordinators are signed out after a while (half an hour) without a request."""
    return bool(sign_in.caller.roles & limits.WATCHED) and sign_in.seen_at < now() - limits.idle()


def too_weak(sign_in: OpenSignIn) -> bool:
    """By a password alone, where that is not enough (any more): whoever sets up a second factor signs in by it."""
    return not sign_in.has_second_factor and limits.needs_second_factor(sign_in.caller.roles)


def open_sign_ins(user_id: int) -> Sequence[SignIn]:
    """A person's own devices, latest first."""
    return db.session.scalars(
        within(User)
        .select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.created_at > now() - limits.absolute())
        .order_by(SignIn.seen_at.desc())
    ).all()


def sign_ins(user_id: int) -> Sequence[SignIn]:
    """All that are kept of a person, ended ones too, latest first."""
    theirs = within(User).select(SignIn).where(SignIn.user_id == user_id)
    return db.session.scalars(theirs.order_by(SignIn.id.desc())).all()


def user_by_email(email: str) -> User | None:
    return db.session.scalar(EVERYWHERE.select(User).where(User.email == email))  # whoever signs in has no scope yet


def throttle(key: str) -> Throttle | None:
    # counted by statements that the session does not see
    fresh = sa.select(Throttle).where(Throttle.key == key).execution_options(populate_existing=True)
    return db.session.scalar(fresh)


def one_time_link(token: str) -> OneTimeLink | None:
    """The link this token opens, unused and in time, with its user."""
    return db.session.scalar(
        EVERYWHERE.restrict(sa.select(OneTimeLink), OneTimeLink, User)  # the token is the key
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
    # the token is the key
    found = EVERYWHERE.restrict(sa.select(SignIn.user_id), SignIn).where(SignIn.token_hash == digest(token or ""))
    return db.session.scalar(found)


def kept_form(token: str | None) -> KeptForm | None:
    """What was typed when this sign-in had ended, or the one before it of the same person in the same browser."""
    return db.session.scalar(
        # the token is the key
        EVERYWHERE.select(KeptForm).where(KeptForm.key_hash == digest(token or ""), KeptForm.expires_at > now())
    )
