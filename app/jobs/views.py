"""How far a long job is, and the file it made. Seen by whoever started it, and by administrators."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.audit import journal
from app.jobs import queries
from app.jobs.events import FileTaken
from app.web.door import signed_in, traced
from app.web.listing import Listing, download
from app.web.render import render

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
@signed_in
def show_jobs() -> ResponseReturnValue:
    listing = Listing.read(descending=True)
    listing.page = queries.own_jobs(caller, listing.query)
    return render("jobs/jobs.html", fragment="list", listing=listing)


@bp.get("/jobs/<int:job_id>")
@signed_in
def show(job_id: int) -> ResponseReturnValue:
    job = queries.own_job(caller, job_id)
    return render("jobs/job.html", fragment="progress", job=job, remarks=queries.remarks(job))


@bp.get("/jobs/<int:job_id>/file")
@signed_in
@traced(FileTaken)
def file(job_id: int) -> ResponseReturnValue:
    job = queries.own_job(caller, job_id)
    made = queries.made_file(job)
    journal.trace(FileTaken(job.id, job.kind, made.id), by=caller, required=True)
    return download(made.content, made.media_type, made.filename)
