"""How far a long job is, and the file it made. Seen by whoever started it, and by administrators."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.jobs import queries
from app.web.door import signed_in
from app.web.listing import download
from app.web.render import render

bp = Blueprint("jobs", __name__)


@bp.get("/jobs/<int:job_id>")
@signed_in
def show(job_id: int) -> ResponseReturnValue:
    job = queries.job(queries.own_scope(caller), job_id)
    return render("jobs/job.html", fragment="progress", job=job, remarks=queries.remarks(job))


@bp.get("/jobs/<int:job_id>/file")
@signed_in
def file(job_id: int) -> ResponseReturnValue:
    made = queries.made_file(queries.job(queries.own_scope(caller), job_id))
    return download(made.content, made.media_type, made.filename)
