"""Two records become one; upper rooms move the rows."""

from __future__ import annotations

import sqlalchemy as sa

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people.events import EmployeesMerged
from app.people.leaving.services import hold
from app.people.models import Employee, Unit
from app.people.services import refuse_merged, run


def merge(kept: Employee, merged: Employee, *, by: Actor) -> None:
    """Make two records one: `merged` becomes inactive and points at `kept`, and upper rooms move its rows.

    Both come through the scope of whoever asks. Of the merged record only missing contact data is taken over, and
    the account where the kept one has none. Refused for one record twice, for one merged before, and where an upper
    room's listener refuses.
    """
    if kept.id == merged.id:
        raise Refused(lazy_gettext("These are not two records: choose another one."))
    refuse_merged(kept)
    refuse_merged(merged)
    hold(kept, merged)
    if not kept.active and merged.active:
        kept.active = True
    email = kept.email or merged.email
    if email != kept.email:
        kept.set_identity(kept.given_name, kept.family_name, kept.registry_no, email)
    kept.phone = kept.phone or merged.phone
    account, merged.user_id = merged.user_id, None
    merged.active = False
    merged.merged_into_id = kept.id
    db.session.flush()  # the account is free before it is given: it belongs to one person at most
    kept.user_id = kept.user_id or account
    _repoint(kept, merged)
    journal.record(EmployeesMerged(kept.id, merged.id), by=by)


def _repoint(kept: Employee, merged: Employee) -> None:
    """Whoever pointed at the merged record: their staff, their unit, records merged into it before."""
    same_place = kept.organisation_id == merged.organisation_id
    heir = kept.id if same_place else None
    moved = sa.update(Employee).where(Employee.supervisor_id == merged.id, Employee.id != kept.id)
    run(moved.values(supervisor_id=heir, version=Employee.version + 1), Employee)
    if kept.supervisor_id == merged.id:
        kept.supervisor_id = None
    run(sa.update(Unit).where(Unit.head_id == merged.id).values(head_id=heir, version=Unit.version + 1), Unit)
    earlier = sa.update(Employee).where(Employee.merged_into_id == merged.id)
    run(earlier.values(merged_into_id=kept.id), Employee)
