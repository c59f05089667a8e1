from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.events import PasswordSet, SignedIn, SignedOut, SignInFailed
from app.access.models import HalfOpenSignIn, KeptForm, KnownDevice, OneTimeLink, SignIn, User
from app.access.rules import plain_email
from app.access.scope import EVERYWHERE, within
from app.access.sign_in import secrets, throttling
from app.access.sign_in.queries import user_by_email, whose
from app.audit import journal
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused
from app.core.identity import without_identity_numbers
from app.language import lazy_gettext

KEPT_FOR = timedelta(hours=1)
KEPT_BYTES = 64 * 1024
LINK_FOR = timedelta(days=7)
SIGN_INS_FOR = timedelta(days=7)  # a page left open over a holiday is still known to be somebody's


def check_sign_in(email: str, password: str, address: str) -> tuple[int, bool] | None:
    """Who this is, before anything is written: (user id, whether the hash wants renewing); None if nobody.

    Slow on purpose, and as slow for an unknown account as for a known one. Call it outside the write lock.
    """
    plain = plain_email(email)
    keys = (throttling.key_of("account", plain or email), throttling.key_of("address", address))
    throttling.check(*keys)
    user = user_by_email(plain) if plain else None
    fits = secrets.password_fits(user.password_hash if user else None, password)
    if user is None or not fits or not user.active:
        throttling.failed(keys[1], free=50)  # a whole town hall may come from one address
        _failed(keys[0])
        return None
    return user.id, secrets.wants_rehash(user.password_hash or "")


def sign_in(user: User, *, device: str, replaces: str | None = None) -> str:
    """Open a sign-in for a user who has shown who they are: the new token. An earlier one of this browser ends."""
    throttling.succeeded(throttling.key_of("account", user.email))
    token = secrets.token()
    if replaces:
        if whose(replaces) == user.id:
            _pass_on(replaces, token)
        end_sign_in(replaces)
    db.session.add(SignIn(token_hash=secrets.digest(token), user_id=user.id, device=device[:120]))
    seen = sa.update(User).where(User.id == user.id).values(last_seen_at=now())
    db.session.execute(within(user).trusting(seen, User))
    journal.trace(SignedIn(user.id), by=Self(user.id))
    return token


class Self:
    """The user themselves, where there is no caller yet."""

    def __init__(self, user_id: int) -> None:
        self.id = user_id


def own_password(user: User, typed: str, *, field: str) -> None:
    """Refuse unless this is the user's own password: asked anew before what whoever found a browser open may not do.

    Slow, and counted like a failure at sign-in. Call it outside the write lock.
    """
    key = throttling.key_of("account", user.email)
    throttling.check(key)
    if not secrets.password_fits(user.password_hash, typed):
        _failed(key)
        raise Refused(lazy_gettext("This is not your present password."), field=field)


def _failed(account: str) -> None:
    throttling.failed(account, free=5)
    journal.trace(SignInFailed(account.partition(":")[2][:12]), by=journal.SYSTEM)


def end_sign_in(token: str) -> None:
    """This sign-in is over in its own browser: gone, whatever cookie is replayed, and with it what was kept for it."""
    forget_form(token)
    ended = sa.delete(SignIn).where(SignIn.token_hash == secrets.digest(token))
    db.session.execute(EVERYWHERE.trusting(ended, SignIn))  # the token is the key


def sign_out(token: str, *, by: Caller) -> None:
    end_sign_in(token)
    journal.trace(SignedOut(by.id, False), by=by)


def end_all_sign_ins(user_id: int, *, except_token: str | None = None) -> None:
    """Every open sign-in of a user ends: after a password change, a role change, deactivation, or at their wish."""
    # the rows stay: a page left open still belongs to somebody, for whom its form is kept
    statement = sa.update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)).values(ended_at=now())
    if except_token:
        statement = statement.where(SignIn.token_hash != secrets.digest(except_token))
    db.session.execute(within(User).trusting(statement, SignIn))


def end_everybodys() -> None:
    """Every open sign-in there is: those a backup brings back may have ended since."""
    ended = sa.update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now())
    db.session.execute(EVERYWHERE.trusting(ended, SignIn))  # whosever they are


def end_other_sign_ins(token: str, *, by: Caller) -> None:
    """Signed out everywhere but here, at one's own wish."""
    end_all_sign_ins(by.id, except_token=token)
    journal.trace(SignedOut(by.id, True), by=by)


def make_link(user: User, *, lasts: timedelta = LINK_FOR) -> str:
    """A fresh one-time link's token. Earlier ones stop working where it lasts as long: what anybody may ask for, for a
    short while, takes no link away that somebody was given.
    """
    if lasts == LINK_FOR:
        _use_up_links(user)
    token = secrets.token()
    db.session.add(OneTimeLink(token_hash=secrets.digest(token), user_id=user.id, expires_at=now() + lasts))
    return token


def _use_up_links(user: User) -> None:
    unused = sa.update(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
    db.session.execute(within(user).trusting(unused.values(used_at=now()), OneTimeLink))


def set_password(link: OneTimeLink, password_hash: str) -> None:
    """Use a one-time link: the password is set, every sign-in of the user ends."""
    if link.used_at is not None or link.expires_at <= now():
        raise Refused(lazy_gettext("This link has been used or has expired. Ask for a new one."))
    change_password(link.user, password_hash)


def change_password(user: User, password_hash: str, *, except_token: str | None = None) -> None:
    """By themselves. Every other sign-in of theirs ends, and no link that was sent before sets another one."""
    user.password_hash = password_hash
    _use_up_links(user)
    end_all_sign_ins(user.id, except_token=except_token)
    journal.record(PasswordSet(user.id), by=Self(user.id))


def keep_form(token: str, path: str, fields: Sequence[tuple[str, str]]) -> None:
    """Keep what was typed after this sign-in ended, in place of what was; not if it is too much.

    Identity numbers are left out: where one was typed in place of another number, that is asked for anew.
    """
    kept_fields = [(name, without_identity_numbers(value, "")) for name, value in fields]
    text = json.dumps(kept_fields, ensure_ascii=False)
    forget_form(token)
    if len(text.encode()) <= KEPT_BYTES:
        kept = KeptForm(key_hash=secrets.digest(token), path=path[:500], fields=text, expires_at=now() + KEPT_FOR)
        db.session.add(kept)


def _pass_on(token: str, new: str) -> None:
    """The same person is back in the same browser."""
    kept = sa.update(KeptForm).where(KeptForm.key_hash == secrets.digest(token))
    db.session.execute(EVERYWHERE.trusting(kept.values(key_hash=secrets.digest(new)), KeptForm))  # the token is the key


def forget_form(token: str) -> None:
    kept = sa.delete(KeptForm).where(KeptForm.key_hash == secrets.digest(token))
    db.session.execute(EVERYWHERE.trusting(kept, KeptForm))  # the token is the key


def forget_old() -> None:
    """Drop what nobody can use any more: kept forms, sign-ins, one-time links, devices, counters."""
    for statement in (
        sa.delete(KeptForm).where(KeptForm.expires_at < now()),
        sa.delete(SignIn).where(SignIn.created_at < now() - SIGN_INS_FOR),
        sa.delete(OneTimeLink).where(sa.or_(OneTimeLink.expires_at < now(), OneTimeLink.used_at.is_not(None))),
        sa.delete(HalfOpenSignIn).where(HalfOpenSignIn.expires_at < now()),
        sa.delete(KnownDevice).where(KnownDevice.expires_at < now()),
    ):
        # what is over goes, whosever it was
        db.session.execute(EVERYWHERE.trusting(statement, KeptForm, SignIn, OneTimeLink, HalfOpenSignIn, KnownDevice))
    throttling.forget_old()
