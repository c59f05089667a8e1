"""Who is missing from a list that is whole: they left, if somebody says so. A step of its own after the import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import within
from app.core.db import db
from app.core.errors import Missing, Refused
from app.jobs import queries as jobs
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job, JobItemStatus
from app.jobs.services import start
from app.language import gettext, language, lazy_gettext
from app.people import queries as people
from app.people.imports import services
from app.people.leaving import services as leaving
from app.people.models import Employee, StaffImport

FEW, SHARE = 20, 0.05
"""Up to so many people, and so much of the staff, leave without a number typed."""


def missing(found: StaffImport) -> Sequence[Employee]:
    """Those of the list's `missing` who are still active there, by name."""
    keys = found.missing
    staff = within(found.organisation).select(Employee).where(Employee.active == sa.true())
    some = [staff.where(Employee.id.in_(keys[begin : begin + 5_000])) for begin in range(0, len(keys), 5_000)]
    return sorted((one for each in some for one in db.session.scalars(each)), key=lambda one: (one.name_sort, one.id))


def many(found: StaffImport, number: int) -> bool:
    """Whether so many leaving at once is to be typed."""
    staff = sa.select(sa.func.count(Employee.id)).where(Employee.active == sa.true())
    there = db.session.scalar(within(found.organisation).restrict(staff, Employee)) or 0
    return number > FEW or number > there * SHARE


def start_leaving(found: StaffImport, chosen: Sequence[int], *, typed: int | None, by: Caller) -> Job:
    """In the background, one after another, each as if said alone."""
    offered = {one.id for one in missing(found)}
    if not set(chosen) <= offered:
        raise Missing
    if not chosen:
        raise Refused(lazy_gettext("Choose who left."))
    if many(found, len(chosen)) and typed != len(chosen):
        raise Refused(lazy_gettext("Type how many people leave: it is %(num)s.", num=len(chosen)), field="number")
    title = gettext("People who left: %(file)s", file=found.filename)[:250]
    return start(LEAVE.name, str(found.id), title, sorted(chosen), {"language": language()}, by=by)


def _work(job: Job, items: Sequence[int]) -> Mapping[int, Done]:
    owner = jobs.owner(job)
    services.held(job, owner)
    return {item: _leave(item, owner) for item in items}


def _leave(employee_id: int, owner: Caller) -> Done:
    """In a savepoint: a refusal holds up nobody else."""
    name = ""
    try:
        employee = people.employee(owner.scope_for(Permission.PERSON_WRITE), employee_id)
        name = employee.name
        with db.session.begin_nested():
            leaving.leave(employee, by=owner)
    except Missing:
        return Done(JobItemStatus.SKIPPED, gettext("Somebody is not there any more."))
    except Refused as refusal:
        return Done(JobItemStatus.FAILED, f"{name}: {refusal.message}")
    return Done()


def _finish(job: Job) -> None:
    gone = job.done - jobs.left_out(job)
    job.message = gettext("People made inactive: %(num)s", num=gone)


LEAVE = Kind("staff_leave", _work, chunk=1, finish=_finish)
