"""Exports too long for a request, made in the background by asking the list's own view for its file.

The job carries the address of the list and who asked; the worker answers that address for them, with their scope
as it is then, and keeps the file. So a long export can differ from a short one in nothing.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import unquote

from flask import current_app, g, make_response, request
from werkzeug.routing import RequestRedirect

from app.access.caller import Caller
from app.access.scope import EVERYWHERE
from app.core import afterwards
from app.core.db import db, set_writing
from app.core.errors import Missing, Refused
from app.core.paging import in_background
from app.files.models import Document
from app.jobs import queries
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job
from app.jobs.services import start
from app.language import force_locale, gettext, language
from app.web.door import PUBLIC, SIGNED_IN

KIND = "export"


def ask(address: str, *, by: Caller) -> Job:
    """Start the export of the list at this address (a path of ours with its query)."""
    key = hashlib.sha256(address.encode()).hexdigest()[:24]
    arguments = {"address": address, "language": language()}
    return start(KIND, f"{by.id}:{key}", gettext("Export of a list"), [1], arguments, by=by)


def _work(job: Job, items: Sequence[int]) -> Mapping[int, Done]:
    """Make the file while only reading, then take the write lock to keep it."""
    job_id, owner, arguments = job.id, queries.owner(job), dict(job.arguments)
    db.session.rollback()
    set_writing(False)
    afterwards.opened()
    try:
        document = _file(str(arguments["address"]), owner, str(arguments["language"]))
    finally:
        db.session.rollback()
        set_writing(True)
        traces = afterwards.taken()
    for trace in traces:
        trace.task()
    db.session.add(document)
    db.session.flush()
    EVERYWHERE.get(Job, job_id).document_id = document.id  # the worker does everybody's
    return {item: Done() for item in items}


def _file(address: str, caller: Caller, words: str) -> Document:
    """The answer of the list's view to its owner. Refused where they may not (any more) or it is no file."""
    base = current_app.config["PUBLIC_URL"]
    with current_app.test_request_context(address, base_url=base), force_locale(words), _signed_in(caller):
        try:
            endpoint, values = request.url_rule.endpoint if request.url_rule else "", request.view_args or {}
        except RequestRedirect:
            raise Refused(gettext("This list is not there any more.")) from None
        view = current_app.view_functions.get(endpoint)
        access = getattr(view, "access", ())
        if view is None:
            raise Refused(gettext("This list is not there any more."))
        if access in (PUBLIC, SIGNED_IN) or not caller.may(*access):
            raise Refused(gettext("You are not allowed to export this list."))
        try:
            with in_background():
                answer = make_response(inspect.unwrap(view)(**values))  # without the edge, which this work has already
        except Missing:
            raise Refused(gettext("This list is not there any more.")) from None
        disposition = answer.headers.get("Content-Disposition", "")
        if not disposition.startswith("attachment"):
            raise Refused(gettext("No file can be made of this page."))
        content = answer.get_data()
        return Document(
            sha256=hashlib.sha256(content).hexdigest(),
            media_type=answer.headers["Content-Type"],
            filename=_filename(disposition),
            size=len(content),
            content=content,
            created_by=caller.id,
        )


@contextmanager
def _signed_in(caller: Caller) -> Iterator[None]:
    """She asks, for so long: the worker's context goes on after this request, and nobody may be left in it."""
    g.caller, g.owner = caller, f"user:{caller.id}"
    try:
        yield
    finally:
        del g.caller, g.owner


def _filename(disposition: str) -> str:
    """The name in its own letters (RFC 6266: filename* first)."""
    for part in disposition.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "filename*":
            return unquote(value.split("''", 1)[-1])[:200]
    return disposition.partition("filename=")[2].strip('"')[:200] or "liste"


EXPORT = Kind(KIND, _work, chunk=1)
