"""Files of lists too long for a request, made in the background: with the scope of whoever asked, as it is then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from app.access.caller import Caller
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.db import db, set_writing
from app.core.errors import Missing, Refused
from app.core.paging import ListQuery
from app.files.models import Document
from app.jobs import queries
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job
from app.jobs.services import start
from app.language import gettext, language
from app.lists.events import Exported
from app.lists.known import LISTS
from app.lists.models import File, ListOf

KIND = "export"


def ask(chosen: ListOf, query: ListQuery, format: str, *, by: Caller, of: int | None = None) -> Job:
    """Start the file of a list; `of`: the id of what it is a list of."""
    wanted = {"list": chosen.name, "of": of, "format": format, "query": asdict(query)}
    key = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:24]
    arguments = wanted | {"language": language()}
    return start(KIND, f"{by.id}:{key}", gettext("Export of a list"), [1], arguments, by=by)


def keep_file(job: Job, make: Callable[[Mapping[str, Any], Caller], File], *, what: str) -> None:
    """Let `make` (of the job's arguments, for its owner) make a file while only reading, then take the write lock to
    keep it and the trace that it was taken out. `what`: the word of it in `Exported`.
    """
    job_id, owner, arguments = job.id, queries.owner(job), dict(job.arguments)
    db.session.rollback()
    set_writing(False)
    try:
        made = make(arguments, owner)
    finally:
        db.session.rollback()
        set_writing(True)
    document = Document(
        sha256=hashlib.sha256(made.content).hexdigest(),
        media_type=made.media_type,
        filename=made.name,
        size=len(made.content),
        content=made.content,
        created_by=owner.id,
    )
    db.session.add(document)
    db.session.flush()
    EVERYWHERE.get(Job, job_id).document_id = document.id  # the worker does everybody's
    journal.trace(Exported(what, arguments["format"], made.rows), by=owner, required=True)


def _work(job: Job, items: Sequence[int]) -> Mapping[int, Done]:
    keep_file(job, _file, what=job.arguments.get("list", ""))
    return {item: Done() for item in items}


def _file(arguments: Mapping[str, Any], owner: Caller) -> File:
    """The list as its owner may see it now."""
    chosen = LISTS.here.get(arguments.get("list", ""))  # an earlier release asked by address
    try:
        if chosen is None:
            raise Missing
        return chosen.file(ListQuery(**arguments["query"]), arguments["format"], by=owner, of=arguments["of"])
    except Missing:
        raise Refused(gettext("This list is not there any more.")) from None


EXPORT = Kind(KIND, _work, chunk=1)
