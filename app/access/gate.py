"""The one door. Every view says who may enter; one that says nothing stops the start."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError

from app.access.caller import Caller
from app.access.current import Visitor, visitor_token
from app.access.events import AccessRefused
from app.access.models import SignIn, User
from app.access.permissions import Permission
from app.access.scope import EVERYWHERE
from app.access.sign_in import queries as sign_in_queries
from app.access.sign_in import services
from app.audit import journal
from app.core.afterwards import afterwards
from app.core.clock import now
from app.core.db import db
from app.language import gettext
from app.web import csrf
from app.web.door import PUBLIC, SIGNED_IN
from app.web.edge.errors import error_page, typed_fields
from app.web.edge.transaction import write
from app.web.render import wants_fragment

login_manager = LoginManager()
# the library's own ties a sign-in to an address, which a phone changes on its way
login_manager.session_protection = None  # type: ignore[assignment]  # documented way to turn it off
SEEN_EVERY = timedelta(minutes=1)


def _seen(sign_in: sign_in_queries.OpenSignIn) -> None:
    """At most once a minute, and never in the way of an answer."""
    if sign_in.seen_at > now() - SEEN_EVERY:
        return
    sign_in_id, user_id = sign_in.id, sign_in.caller.id

    def note() -> None:
        for model, key in ((SignIn, sign_in_id), (User, user_id)):
            column = "seen_at" if model is SignIn else "last_seen_at"
            statement = sa.update(model).where(model.id == key).values({column: now()})
            db.session.execute(EVERYWHERE.trusting(statement, model))  # the caller's own sign-in and account

    afterwards(note)


def _load(token: str) -> Visitor | None:
    sign_in = sign_in_queries.open_sign_in(token)
    if sign_in is None or sign_in_queries.idle_too_long(sign_in) or sign_in_queries.too_weak(sign_in):
        return None
    g.caller = sign_in.caller
    g.owner = f"user:{sign_in.caller.id}"
    _seen(sign_in)
    return Visitor(token)


def _expired(view: object) -> ResponseReturnValue:
    """Nobody is signed in: to the sign-in page, and back here afterwards.

    What was typed is kept for whoever was signed in here; for a browser where nobody was, nothing is. Nor is what was
    meant for them told to whoever comes next. A page that takes large files is not read for somebody unknown.
    """
    session.pop("_flashes", None)
    if wants_fragment():
        return error_page(401)
    if request.method in ("GET", "HEAD"):
        return redirect(f"{url_for('sign_in.show_sign_in')}?{urlencode({'next': request.full_path.rstrip('?')})}")
    if hasattr(view, "most_bytes"):
        return redirect(url_for("sign_in.show_sign_in"), 303)
    try:
        csrf.check()
    except CSRFError:
        if session.get("followed"):
            raise
        # signed out beside this page: sent from here before that is undone, all of it would be lost on the way
        return error_page(400, retry=True, advice=gettext("Sign in on another tab first, then send it from here."))
    token = visitor_token()
    if token and request.form and not request.files and sign_in_queries.whose(token) is not None:
        # no view follows whose transaction the edge would settle: it is begun and kept here
        write()
        services.keep_form(token, request.path, typed_fields())
        db.session.commit()
    return redirect(url_for("sign_in.show_sign_in"), 303)


def init_app(app: Flask) -> None:
    # no template asks who it is by itself: a page that says the database is gone must not ask it again
    login_manager.init_app(app, add_context_processor=False)
    login_manager.user_loader(_load)

    @app.before_request
    def gate() -> ResponseReturnValue | None:
        if hasattr(current_app.view_functions.get(request.endpoint or ""), "anonymous"):
            return None
        known = bool(current_user.is_authenticated)  # type: ignore[attr-defined]  # a proxy; asking loads the caller
        # an address there is none of: Flask answers 404
        if request.endpoint is None:
            return None
        view = current_app.view_functions[request.endpoint]
        access = getattr(view, "access", ())  # see check_doors
        if not known and access != PUBLIC:
            return _expired(view)
        if access not in (PUBLIC, SIGNED_IN):
            _refuse_others(cast("tuple[Permission, ...]", access))
        # before anything reads the body, which is what the token of a form is looked for in
        request.max_content_length = getattr(view, "most_bytes", current_app.config["MAX_CONTENT_LENGTH"])
        csrf.check()
        return None


def _refuse_others(access: tuple[Permission, ...]) -> None:
    caller = cast(Caller, g.caller)
    if not caller.may(*access):
        journal.trace(AccessRefused(str(request.endpoint), request.method), by=caller)
        abort(403)


def check_doors(app: Flask) -> None:
    """A route without a declared permission stops the start."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if silent:
        raise RuntimeError(
            f"views that do not say who may enter: {', '.join(sorted(silent))}."
            " Write @require(…), @signed_in or @public (app/web/door.py) under the route."
        )
