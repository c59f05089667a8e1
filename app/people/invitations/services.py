"""Accounts and letters for many, in the background; each person in a savepoint of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.access.sign_in.secrets import digest
from app.core.db import db
from app.core.errors import Refused
from app.jobs import queries as job_queries
from app.jobs import services as jobs
from app.jobs.kinds import Done
from app.jobs.models import Job, JobItemStatus
from app.language import gettext, language, ngettext
from app.people.accounts import services as accounts
from app.people.invitations import queries
from app.people.models import Employee
from app.post.addresses import path_to

INVITE = "invite"
CHUNK = 20


def start_invite(employee_ids: Sequence[int], role: Role = Role.STAFF, *, by: Caller) -> Job:
    """Invite these people, all with this role; the same choice made twice is one job."""
    if not employee_ids:
        raise Refused(gettext("Nobody among those ticked needs access."))
    subject = f"{by.id}:{digest(repr((sorted(employee_ids), role.value)))[:16]}"
    arguments = {"language": language(), "role": role.value}
    return jobs.start(INVITE, subject, gettext("Invitations"), employee_ids, arguments, by=by)


def invite_chunk(job: Job, employee_ids: Sequence[int]) -> Mapping[int, Done]:
    """With what its owner may do now."""
    owner = job_queries.owner(job)
    if not owner.may(Permission.ACCESS_GIVE):
        raise Refused(gettext("You may no longer give anybody access."))
    found = queries.employees(owner.scope_for(Permission.ACCESS_GIVE), employee_ids)
    role = Role(job.arguments.get("role", Role.STAFF.value))  # one asked for before an update names none
    return {employee.id: _invite_one(employee, role, owner) for employee in found}


def _invite_one(employee: Employee, role: Role, by: Caller) -> Done:
    name = employee.name
    try:
        with db.session.begin_nested():
            if accounts.invite(employee, role, by=by):
                return Done()
    except Refused as refusal:
        return Done(JobItemStatus.FAILED, f"{name}: {refusal.message}")
    return Done(JobItemStatus.SKIPPED, gettext("%(name)s: invited less than an hour ago.", name=name))


def finish_invite(job: Job) -> None:
    sent = job.done - job_queries.left_out(job)
    job.message = ngettext("%(num)s person was invited.", "%(num)s people were invited.", sent)
    job.result_url = path_to("users.show_invitations")
