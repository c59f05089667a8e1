"""How far a long job is, and the file it made. Seen by whoever started it, and by administrators."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.audit import journal
from app.core.errors import Missing
from app.core.paging import TooManyRows
from app.jobs import exports, queries
from app.jobs.events import FileTaken
from app.web.door import signed_in, traced
from app.web.listing import Listing, download
from app.web.render import done, render

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
@signed_in
def show_jobs() -> ResponseReturnValue:
    listing = Listing.read({"": None}, default="", descending=True)
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


def too_many(error: TooManyRows) -> Response:
    """Instead of a long export: what will happen, and the button that makes it happen."""
    address = request.full_path.rstrip("?")
    return render("jobs/long_export.html", total=error.total, address=address, back=request.path)


@bp.post("/exports")
@signed_in
def start_export() -> ResponseReturnValue:
    address = request.form.get("address", "")
    if not address.startswith("/") or address.startswith(("//", "/\\")) or len(address) > 1_000:
        raise Missing
    return done(url_for("jobs.show", job_id=exports.ask(address, by=caller).id))
