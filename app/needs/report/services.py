"""Asking for a report, and making it in the background: with the scope of whoever asked, as it is then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.errors import Missing, Refused
from app.core.paging import ListQuery
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job
from app.jobs.services import start
from app.language import gettext, language
from app.lists.exports import keep_file
from app.lists.models import MEDIA_TYPES, File
from app.needs.report import contents
from app.needs.report.queries import report

FORMATS = {"pdf": "application/pdf", "xlsx": MEDIA_TYPES["xlsx"]}
"""The media type of each."""


def ask(filters: Mapping[str, str], format: str, *, by: Caller) -> Job:
    """Start the report of the group these filters name (see `select_group`); the same asked twice is made once."""
    wanted = {"filters": dict(filters), "format": format, "language": language()}
    key = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:24]
    return start(REPORT.name, f"{by.id}:{key}", gettext("Report of a needs analysis"), [1], wanted, by=by)


def _work(job: Job, items: Sequence[int]) -> Mapping[int, Done]:
    keep_file(job, _make, what="needs_report")
    return {item: Done() for item in items}


def _make(arguments: Mapping[str, Any], owner: Caller) -> File:
    if not owner.may(Permission.NEED_READ):
        raise Refused(gettext("You are not allowed to export this list."))
    try:
        found = report(owner.scope_for(Permission.NEED_READ), ListQuery(filters=arguments["filters"]))
    except Missing:
        raise Refused(gettext("This needs analysis, or this group of it, is not there any more.")) from None
    format = arguments["format"]
    content = contents.as_pdf(found) if format == "pdf" else contents.as_workbook(found)
    name = f"{contents.title(found)} {today():%Y-%m-%d}.{format}"
    return File(name, FORMATS[format], content, len(found.result.rows))


REPORT = Kind("needs.report", _work, chunk=1)
