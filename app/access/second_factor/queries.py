from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.models import HalfOpenSignIn, KnownDevice, RecoveryCode, SecondFactor, User
from app.access.scope import EVERYWHERE, within
from app.access.sign_in.secrets import digest
from app.core.clock import now
from app.core.db import db


def second_factor(user: User) -> SecondFactor | None:
    return db.session.scalar(within(user).select(SecondFactor))


def unused_codes(user: User) -> Sequence[RecoveryCode]:
    return db.session.scalars(within(user).select(RecoveryCode).where(RecoveryCode.used_at.is_(None))).all()


def known_devices(user: User) -> Sequence[KnownDevice]:
    """Where a person is asked for no code now, the latest first."""
    alive = KnownDevice.expires_at > now()
    return db.session.scalars(
        within(user).select(KnownDevice).where(alive).order_by(KnownDevice.created_at.desc())
    ).all()


def is_known(user: User, token: str) -> bool:
    found = sa.select(KnownDevice.id).where(KnownDevice.token_hash == digest(token), KnownDevice.expires_at > now())
    return db.session.scalar(within(user).restrict(found, KnownDevice)) is not None


def half_open(token: str) -> User | None:
    """Whose password was right in this browser a moment ago."""
    found = db.session.scalar(
        EVERYWHERE.restrict(sa.select(HalfOpenSignIn), HalfOpenSignIn, User)  # the token is the key
        .join(HalfOpenSignIn.user)
        .options(contains_eager(HalfOpenSignIn.user))
        .where(
            HalfOpenSignIn.token_hash == digest(token),
            HalfOpenSignIn.expires_at > now(),
            User.active.is_(True),
        )
    )
    return None if found is None else found.user
