"""Every error as a page that says what to do next, in the reader's language; nothing typed is lost."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, current_app, flash, g, make_response, render_template, request, session
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app.core.db import db
from app.core.errors import Missing, Refused, Stale, TooOften
from app.language import gettext, ngettext
from app.web.edge.incoming import path_of
from app.web.render import wants_fragment

log = structlog.get_logger()
HIDDEN = {"csrf_token", "request_key", "version"}
SECRET = {"password", "old_password", "new_password", "repeat_password", "code"}


def explain(status: int) -> tuple[str, str]:
    """What happened, and what to do next."""
    sentences = {
        400: (
            gettext("This page had expired."),
            gettext("Nothing was changed. What you typed is below; send it again."),
        ),
        401: (
            gettext("You have been signed out for your security."),
            gettext("Please sign in again. What you typed on this page stays."),
        ),
        403: (
            gettext("You are not allowed to see this page."),
            gettext("The office that opened your account can change that."),
        ),
        404: (
            gettext("The page you are looking for was not found."),
            gettext("The address may be mistyped, or what stood here is not yours to see."),
        ),
        405: (gettext("This address cannot be used in that way."), gettext("Go back and use the buttons of the page.")),
        409: (
            gettext("Somebody else was faster."),
            gettext("Nothing was changed. Go back, look at how it stands now, and try again."),
        ),
        413: (gettext("The file is too large."), _how_large()),
        422: (gettext("This could not be done."), gettext("Go back, correct it and try again.")),
        429: (gettext("Too many attempts."), gettext("Please wait a little and try again.")),
        503: (
            gettext("The system cannot save at the moment."),
            gettext("Nothing was changed. Please try again in a minute."),
        ),
    }
    return sentences.get(
        status,
        (
            gettext("Something went wrong."),
            gettext("Your data has not changed; please try again. If it happens again, give us the reference below."),
        ),
    )


def _how_large() -> str:
    """A file of the page that was asked for may be: its form holds a little more."""
    most = (request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"]) // 1024**2 - 1
    return gettext("Here a file may have up to %(num)s MB. Make it smaller.", num=most)


def typed_fields() -> list[tuple[str, str]]:
    """What a failed POST carried, to be shown and sent again; no files, no secrets."""
    if request.method != "POST":
        return []
    return [(k, v) for k, v in request.form.items(multi=True) if k not in HIDDEN | SECRET]


def came_from() -> str | None:
    """The page of ours somebody came from, if it is another one."""
    try:
        here = request.host_url
    except SecurityError:  # a host that is not ours is what this error is about
        return None
    path = path_of(request.referrer or "")
    own = (request.referrer or "").startswith(here)
    # a browser takes //elsewhere.example for another host
    return path if own and path != request.path and not path.startswith("//") else None


def waiting(seconds: int) -> str:
    """How long a door stays closed, in words."""
    if seconds < 60:
        return ngettext(
            "Please wait %(num)s second, then try again.", "Please wait %(num)s seconds, then try again.", seconds
        )
    minutes = -(-seconds // 60)
    return ngettext(
        "Please wait %(num)s minute, then try again.", "Please wait %(num)s minutes, then try again.", minutes
    )


def error_page(
    status: int,
    *,
    what: Any = None,
    advice: Any = None,
    retry: bool = False,
    headers: dict[str, str] | None = None,
) -> Response:
    """The page of an error; htmx gets the flash region alone. `what` happened and `advice` replace the usual words."""
    happened, usual = explain(status)
    happened, advice = str(what or happened), str(advice or usual)
    if wants_fragment():
        flash(f"{happened} {advice}", "sign-in" if status == 401 else "error")
        response = make_response(render_template("web/flashes.html"), status)
        # what stands on the page stays there; the message goes beside it, into the flash region
        response.headers["HX-Reswap"] = "none"
    else:
        response = make_response(
            render_template(
                "web/error.html",
                status=status,
                happened=happened,
                advice=advice,
                reference=g.get("request_id"),
                back=came_from(),
                typed=typed_fields() if retry else [],
            ),
            status,
        )
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def unavailable() -> Response:
    return error_page(503, retry=True, headers={"Retry-After": "60"})


def init_app(app: Flask) -> None:
    @app.errorhandler(Missing)
    def missing(_: Missing) -> Response:
        return error_page(404)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return error_page(409 if isinstance(error, Stale) else 422, what=error.message)

    @app.errorhandler(TooOften)
    def too_often(error: TooOften) -> Response:
        return error_page(429, advice=waiting(error.retry_after), headers={"Retry-After": str(error.retry_after)})

    @app.errorhandler(CSRFError)
    def expired(_: CSRFError) -> Response:
        """A page drawn for another sign-in; where somebody else had been before, it may be theirs."""
        if wants_fragment():
            advice = gettext("Nothing was changed. Copy what you typed and load the page again.")
            return error_page(400, advice=advice)
        if session.get("followed"):
            return error_page(400, advice=gettext("Nothing was changed. Open the page again."))
        return error_page(400, retry=True)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        wait = getattr(error, "retry_after", None)
        headers = {"Retry-After": str(wait)} if wait else None
        return error_page(error.code or 500, headers=headers)

    app.register_error_handler(Exception, unforeseen)
    _speak_for_the_database(app)


def unforeseen(error: Exception) -> Response:
    """A fault of ours: the page carries the reference under which the log has it."""
    db.session.rollback()
    log.exception("unexpected", endpoint=request.endpoint, error=type(error).__name__)
    if current_app.config["PROPAGATE"]:
        raise error
    return error_page(500)


def _speak_for_the_database(app: Flask) -> None:
    """What a database says no with, each as the page it means."""

    @app.errorhandler(IntegrityError)
    def conflicting(error: IntegrityError) -> Response:
        db.session.rollback()
        # behind the colon PostgreSQL tells the values, which somebody typed
        log.warning("integrity", error=str(error.orig).split(":")[0])
        return error_page(409, retry=True)

    @app.errorhandler(StaleDataError)
    def outrun(_: StaleDataError) -> Response:
        """A row was changed by somebody else for a second time (`web.edge.transaction` begins anew once)."""
        db.session.rollback()
        return error_page(409, retry=True)

    @app.errorhandler(DataError)
    def unfit(error: DataError) -> Response:
        """A value no form refused and the database does not take (PostgreSQL is stricter than SQLite)."""
        db.session.rollback()
        log.warning("unfit value", endpoint=request.endpoint, error=type(error.orig).__name__)
        return error_page(422, retry=True)

    @app.errorhandler(OperationalError)
    @app.errorhandler(NoConnection)
    def database_gone(error: DatabaseError | NoConnection) -> Response:
        db.session.rollback()
        log.error("database", error=str(getattr(error, "orig", error))[:200])
        return unavailable()

    @app.errorhandler(DatabaseError)
    def unreadable(error: DatabaseError) -> Response:
        """A file that is no database (any more) is said with this very class; its subclasses are faults of ours, but
        for a PostgreSQL that only reads (a standby, a full disk).
        """
        reads_only = getattr(error.orig, "sqlstate", None) == "25006"
        return database_gone(error) if type(error) is DatabaseError or reads_only else unforeseen(error)
