from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.access.events import (
    CodeFailed,
    DeviceForgotten,
    DeviceRemembered,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorRemoved,
    SecondFactorSet,
)
from app.access.models import HalfOpenSignIn, KnownDevice, RecoveryCode, SecondFactor, User
from app.access.scope import EVERYWHERE, within
from app.access.second_factor import queries, secrets
from app.access.sign_in import secrets as hashing
from app.access.sign_in import services as sign_in
from app.access.sign_in import throttling
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Missing, Refused
from app.language import lazy_gettext

HALF_OPEN_FOR = timedelta(minutes=10)
KNOWN_FOR = timedelta(days=30)


# --- between the password and the code ------------------------------------------------------------------


def begin(user: User) -> str:
    """The password was right: the token of a sign-in that waits for its code."""
    token = hashing.token()
    expires = now() + HALF_OPEN_FOR
    db.session.add(HalfOpenSignIn(token_hash=hashing.digest(token), user_id=user.id, expires_at=expires))
    return token


def end(user: User) -> None:
    """Nothing waits for a code of theirs any more."""
    _drop(user, HalfOpenSignIn)


@dataclass(frozen=True)
class Proof:
    """A code that fits: of the app, by its step, or a recovery code, by its id."""

    step: int = 0
    recovery_id: int = 0


def _throttled(user: User) -> str:
    return throttling.key_of("code", str(user.id))


def check(user: User, typed: str) -> Proof:
    """What a typed code proves, before anything is written. Slow for a recovery code: call it outside the lock."""
    throttling.check(_throttled(user))
    code, factor = secrets.figures(typed), queries.second_factor(user)
    if factor is not None and len(code) == secrets.DIGITS:
        secret = secrets.unsealed(factor.sealed)
        step = secrets.step_of(secret, code, after=factor.last_step) if secret else None
        if step is not None:
            return Proof(step=step)
    if factor is not None and len(code) == secrets.CODE_DIGITS:
        for row in queries.unused_codes(user):
            if hashing.password_fits(row.code_hash, code):
                return Proof(recovery_id=row.id)
    raise _wrong(user)


def _wrong(user: User) -> Refused:
    throttling.failed(_throttled(user), free=5)
    journal.trace(CodeFailed(user.id), by=sign_in.Self(user.id))
    return Refused(lazy_gettext("This code is wrong, or was used before."), field="code")


def use(user: User, proof: Proof) -> None:
    """The code is used up, by whoever is first: of two requests with one code, one is refused."""
    if proof.recovery_id:
        mine, values = RecoveryCode.id == proof.recovery_id, {"used_at": now()}
        statement: Any = sa.update(RecoveryCode).where(mine, RecoveryCode.used_at.is_(None)).values(**values)
    else:
        mine = sa.and_(SecondFactor.user_id == user.id, SecondFactor.last_step < proof.step)
        statement = sa.update(SecondFactor).where(mine).values(last_step=proof.step)
    used = db.session.execute(within(user).trusting(statement, RecoveryCode, SecondFactor))
    if not used.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise _wrong(user)
    throttling.succeeded(_throttled(user))
    if proof.recovery_id:
        journal.record(RecoveryCodeUsed(user.id), by=sign_in.Self(user.id))
    _seal_anew(user)


def _seal_anew(user: User) -> None:
    """Under the present key: earlier ones may go once everybody has signed in."""
    factor = queries.second_factor(user)
    if factor is not None and secrets.unsealed(factor.sealed) and not secrets.is_sealed_anew(factor.sealed):
        factor.sealed = secrets.resealed(factor.sealed)


# --- the factor itself ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """An app that has shown it has the secret, and fresh recovery codes with their hashes."""

    secret: str
    step: int
    codes: Sequence[str]
    hashes: Sequence[str]


def chosen(secret: str, typed: str) -> Chosen:
    """Slow: call it outside the write lock."""
    step = secrets.step_of(secret, secrets.figures(typed))
    if step is None:
        raise Refused(
            lazy_gettext("This code does not fit. Wait for the app's next code and type that one."), field="code"
        )
    codes = secrets.new_codes()
    return Chosen(secret, step, codes, hashed(codes))


def hashed(codes: Sequence[str]) -> list[str]:
    """Slow: call it outside the write lock."""
    return [hashing.hash_password(code) for code in codes]


def set_up(user: User, chosen: Chosen, *, token: str | None = None) -> None:
    """From now on sign-ins ask for the codes of this app and no other. All of theirs end, but for `token`."""
    _clear(user)
    db.session.add(SecondFactor(user_id=user.id, sealed=secrets.seal(chosen.secret), last_step=chosen.step))
    _add_codes(user, chosen.hashes)
    sign_in.end_all_sign_ins(user.id, except_token=token)
    journal.record(SecondFactorSet(user.id), by=sign_in.Self(user.id))


def make_codes(user: User, code_hashes: Sequence[str]) -> None:
    """Fresh recovery codes; the earlier ones end."""
    _drop(user, RecoveryCode)
    _add_codes(user, code_hashes)
    journal.record(RecoveryCodesMade(user.id), by=sign_in.Self(user.id))


def _add_codes(user: User, code_hashes: Sequence[str]) -> None:
    db.session.add_all([RecoveryCode(user_id=user.id, code_hash=each) for each in code_hashes])


def remove(user: User, *, by: Actor, token: str | None = None) -> None:
    """No code is asked for any more; where one is required, another app is set up at the next sign-in."""
    if queries.second_factor(user) is None:
        return
    _clear(user)
    sign_in.end_all_sign_ins(user.id, except_token=token)
    journal.record(SecondFactorRemoved(user.id, by.id != user.id), by=by)


def _clear(user: User) -> None:
    for model in (SecondFactor, RecoveryCode, KnownDevice, HalfOpenSignIn):
        _drop(user, model)


def _drop(user: User, model: Any) -> None:
    db.session.execute(within(user).trusting(sa.delete(model).where(model.user_id == user.id), model))


# --- devices that are known -----------------------------------------------------------------------------


def remember_device(user: User, *, device: str, replaces: str) -> str:
    """The token of a browser in which this person is asked for no code for a while."""
    token = hashing.token()
    replaced = sa.delete(KnownDevice).where(KnownDevice.token_hash == hashing.digest(replaces))
    db.session.execute(EVERYWHERE.trusting(replaced, KnownDevice))  # the token is the key
    row = KnownDevice(
        token_hash=hashing.digest(token), user_id=user.id, device=device[:120], expires_at=now() + KNOWN_FOR
    )
    db.session.add(row)
    journal.record(DeviceRemembered(user.id), by=sign_in.Self(user.id))
    return token


def forget_device(user: User, device_id: int) -> None:
    mine = sa.delete(KnownDevice).where(KnownDevice.user_id == user.id, KnownDevice.id == device_id)
    if not db.session.execute(within(user).trusting(mine, KnownDevice)).rowcount:  # type: ignore[attr-defined]  # as above
        raise Missing
    journal.record(DeviceForgotten(user.id), by=sign_in.Self(user.id))


def forget_devices(user_id: int) -> None:
    theirs = sa.delete(KnownDevice).where(KnownDevice.user_id == user_id)
    db.session.execute(within(User).trusting(theirs, KnownDevice))
