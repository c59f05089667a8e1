"""The edge: one request, one transaction. Kept if it was a write that succeeded, else dropped.

A GET changes nothing. A form that arrives twice (double click, refresh, retry) is carried out once and
answered with the place the first one led to. What must be remembered whatever the answer follows in a
short transaction of its own (`core.afterwards`).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from functools import wraps
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, make_response, request, session
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.core import afterwards
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.postgresql import answering
from app.web.edge.models import SubmittedForm
from app.web.render import destination, done

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SENT_AGAIN_WITHIN = timedelta(days=1)
UNSAID = frozenset({"csrf_token", "version"})
"""What a form brings that nobody typed; the token is masked anew in each answer."""
log = structlog.get_logger()


def write() -> None:
    """In a `@reads_first` view: the long work is done, take the write lock. What was loaded is loaded again."""
    # a transaction begun for reading fails where it would write (core/db.py): it ends, the next is begun for writing
    db.session.rollback()
    set_writing(True)
    _wait_for_its_twin()


def _wait_for_its_twin() -> None:
    """PostgreSQL: the same form sent over two hosts is carried out by one, and the other looks where that one led.
    SQLite lets one write at a time anyway.
    """
    if (key := _key()) and db.engine.dialect.name == "postgresql":
        number = int.from_bytes(blake2b(f"{_owner()} {key}".encode(), digest_size=8).digest(), signed=True)
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _key() -> str:
    """Of the form that was sent, with what was typed: whoever goes back, changes it and sends it again, means that.
    Nothing where it cannot be told from others.
    """
    if not (shown := request.form.get("request_key")) or not _owner():
        return ""
    said = [(name, text) for name, text in request.form.items(multi=True) if name not in UNSAID]
    brought = [(name, file.filename) for name, file in request.files.items(multi=True)]
    return blake2b(repr((shown, said, brought)).encode(errors="surrogatepass"), digest_size=32).hexdigest()


def _owner() -> str:
    """Whose form it is: the signed-in user, else this browser."""
    return str(g.get("owner") or session.get("browser") or "")


def _earlier() -> str | None:
    """Where this very form led when it was first carried out."""
    if not (key := _key()):
        return None
    return db.session.scalar(
        sa.select(SubmittedForm.location).where(
            SubmittedForm.request_key == key,
            SubmittedForm.owner == _owner(),
            SubmittedForm.path == request.path[:500],
        )
    )


def _remember(location: str) -> None:
    if key := _key():
        db.session.add(
            SubmittedForm(request_key=key, owner=_owner(), path=request.path[:500], location=location[:1000])
        )


def forget_old() -> None:
    """Drop the keys of forms nobody sends a second time any more."""
    db.session.execute(sa.delete(SubmittedForm).where(SubmittedForm.at < now() - SENT_AGAIN_WITHIN))


def _settled(view: Callable[..., Any]) -> Callable[..., Response]:
    """The view, with its transaction settled before anything else happens to its answer. Of two at once that cannot
    both be kept, the second begins anew, once: it then sees what the first has changed.
    """

    @wraps(view)
    def run(**arguments: Any) -> Response:
        if request.method in SAFE:
            return _carried_out(view, arguments)
        before, pending = deepcopy(dict(session)), afterwards.waiting()
        try:
            return _carried_out(view, arguments)
        except (StaleDataError, OperationalError, IntegrityError) as error:
            if not _came_second(error) or request.files:  # a file was read to its end
                raise
            log.info("once more", endpoint=request.endpoint, error=type(error).__name__)
        session.clear()
        session.update(before)
        afterwards.opened(pending)
        set_writing(False)
        return _carried_out(view, arguments)

    return run


def _came_second(error: Exception) -> bool:
    """Another transaction was faster: its row is a newer version, is what ours would be, or is gone; or PostgreSQL
    ended us in a deadlock.
    """
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, StaleDataError) or code in ("40001", "40P01", "23505", "23503")


def _carried_out(view: Callable[..., Any], arguments: dict[str, Any]) -> Response:
    unsafe = request.method not in SAFE
    if unsafe and not getattr(view, "reads_first", False):
        write()
    try:
        if unsafe and (location := _earlier()):
            db.session.rollback()
            return done(location)
        response = make_response(view(**arguments))
        # such a view was looked up before it had the lock: the same form may have been carried out meanwhile
        if unsafe and getattr(view, "reads_first", False) and (location := _earlier()):
            db.session.rollback()
            return done(location)
        if not unsafe or response.status_code >= 400:
            db.session.rollback()
            return response
        if (led := destination(response)) is not None:
            _remember(led)
        db.session.commit()
        return response
    # whatever it is: the lock is given back before the page of the error is drawn
    except BaseException:
        db.session.rollback()
        raise


def settle_traces(response: Response) -> Response:
    """Write what must be remembered whatever the answer; where that fails, a page that needs it does not leave."""
    pending = afterwards.taken()
    if not pending:
        return response
    db.session.rollback()
    set_writing(True)
    try:
        for item in pending:
            item.task()
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.error("trace not written", error=type(error).__name__)
        if any(item.required for item in pending):
            from app.web.edge.errors import unavailable  # errors renders pages, and pages settle here

            response.close()  # with the file it may be read from
            return unavailable()
    return response


def init_app(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        """Who is asking is read without the write lock; it is taken when the view begins."""
        afterwards.opened()
        answering()
        set_writing(False)

    app.after_request(settle_traces)


def wrap_views(app: Flask) -> None:
    """Once, when every room has registered its views."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _settled(view)
