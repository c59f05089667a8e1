"""A staff list that was looked at is stored: as a whole, in one transaction; and taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import Organisation
from app.access.scope import within
from app.audit import journal
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused, Stale
from app.core.search import in_bulk
from app.core.tables.bulk import NewRows, uncollected
from app.jobs import queries as jobs
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job
from app.jobs.services import start
from app.language import gettext, language, lazy_gettext
from app.people.events import StaffImported, StaffImportUndone
from app.people.imports import queries, services, undoing
from app.people.matching.rules import Outcome, Person, Summary
from app.people.models import Employee, ImportRowKind, StaffImport, search_columns
from app.people.models import StaffImportStatus as Status
from app.people.rules import fold

NAMED = ("given_name", "family_name", "registry_no", "email")
OF_A_NEW_ONE = (
    *NAMED, "name_sort", "search_text", "registry_key", "unit_id", "title_id", "employment_type", "sex", "phone",
)  # fmt: skip
NAMED_AT_ONCE = 3
TABLE: Any = Employee.__table__
QUICKLY = {"synchronize_session": False}


@dataclass
class Prepared:
    """What storing a list comes to, made while nothing is locked.

    `mark`: the staff it was made for; `moment`: when, which all who are `new` have in common; `was`: what changes of
    people, by their id; `chiefs`: (person or None, their folded number, that of their supervisor); `seen`: who stands
    in the list, `leaves`: whom it says to have left.
    """

    mark: tuple[int, ...]
    moment: datetime
    new: NewRows
    state: str = ""
    changes: dict[tuple[str, ...], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    was: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)
    chiefs: list[tuple[Person | None, str, str]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    leaves: set[int] = field(default_factory=set)


def is_short(found: StaffImport) -> bool:
    """Whether it is stored while somebody waits."""
    return found.total <= services.AT_ONCE and found.status is Status.CHECKED


def prepare(found: StaffImport) -> Prepared:
    """As things are now; nothing is changed."""
    moment, summary = now(), Summary()
    alike = {"organisation_id": found.organisation_id, "active": True, "created_at": moment, "version": 1}
    made = Prepared(_mark(found.organisation), moment, NewRows(Employee, OF_A_NEW_ONE, alike, long=True))
    with uncollected():
        for one in summary.passing(services.check(found)):
            _take(made, one)
    made.state = summary.state
    return made


def _take(made: Prepared, one: Outcome) -> None:
    made.seen.update(one.twins)
    if one.person:
        made.seen.add(one.person.id)
    if one.leaves and one.person:
        made.leaves.add(one.person.id)
    if one.kind is ImportRowKind.NEW:
        made.new.add(one.values | _keys(*(one.values[name] for name in NAMED)))
    elif one.kind is ImportRowKind.CHANGED and one.person:
        _change(made, one.person, one.values)
    if one.supervisor and one.kind in (ImportRowKind.NEW, ImportRowKind.CHANGED):
        made.chiefs.append((one.person, fold(one.values.get("registry_no", "")), one.supervisor))


def _change(made: Prepared, person: Person, values: Mapping[str, Any]) -> None:
    made.was[person.id] = {"was": {name: getattr(person, name) for name in values}, "now": dict(values)}
    if values:
        row = _changed(person, values)
        made.changes[tuple(name for name in row if not name.startswith("b_"))].append(row)


def _mark(home: Organisation) -> tuple[int, ...]:
    """Changes with anybody of the staff: how many there are, the newest, and how often all of them were changed."""
    staff = within(home).restrict(
        sa.select(sa.func.count(), sa.func.max(Employee.id), sa.func.sum(Employee.version)), Employee
    )
    return tuple(int(number or 0) for number in db.session.execute(staff).one())


def _changed(person: Person, values: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: values[name] for name in sorted(values)}
    if set(row) & set(NAMED):
        row |= _keys(*(row.get(name, getattr(person, name)) for name in NAMED))
    return row | {"b_id": person.id, "b_version": person.version}


def _keys(given: str, family: str, registry_no: str, email: str) -> dict[str, str]:
    name_sort, search_text = search_columns(given, family, registry_no, email)
    return {"name_sort": name_sort, "search_text": search_text, "registry_key": fold(registry_no)}


# --- storing -------------------------------------------------------------------------------------------


def store(found: StaffImport, made: Prepared, *, state: str, by: Caller) -> None:
    """Store what was `prepare`d, all of it or nothing. `state` is that of the preview that was looked at."""
    db.session.refresh(found, ["status"], with_for_update=True)
    if found.status is Status.COMMITTED:
        raise Refused(lazy_gettext("This list is stored already."))
    if made.state != state or _mark(found.organisation) != made.mark:
        raise Stale(
            lazy_gettext("The staff of this institution changed after you opened this page. Look at it once more.")
        )
    if not made.new and not made.changes and not made.chiefs:
        raise Refused(lazy_gettext("Everything in this list is stored already. Nothing would change."))
    services.move(found, Status.COMMITTED)
    added = _write(found, made)
    _set_chiefs(found, made)
    found.undo = {"new": added, "changed": {str(key): said for key, said in made.was.items()}}
    found.missing = sorted(_gone(found, made, set(added)))
    services.forget(found, but=queries.WRONG)
    found.committed_at, found.committed_by = now(), by.id
    changed = sorted(int(key) for key in found.undo["changed"])
    fields = sorted({name for one in found.undo["changed"].values() for name in one["now"]})
    kinds = found.counts["kinds"]
    journal.record(
        StaffImported(
            found.id, found.organisation_id, len(added), len(changed), kinds["same"], tuple(changed), tuple(fields)
        ),
        by=by,
    )


def _write(found: StaffImport, made: Prepared) -> list[int]:
    """The rows themselves; answers the ids of those that are new."""
    last = db.session.scalar(within(Organisation).restrict(sa.select(sa.func.max(Employee.id)), Employee)) or 0
    named = [row["b_id"] for columns, rows in made.changes.items() if "search_text" in columns for row in rows]
    with in_bulk(Employee, named):
        for rows in made.changes.values():
            _update(rows)
        made.new.insert()
    if not made.new:
        return []
    those = sa.select(Employee.id).where(Employee.id > last, Employee.created_at == made.moment)
    return [*db.session.scalars(within(found.organisation).restrict(those, Employee).order_by(Employee.id))]


def _update(rows: Sequence[dict[str, Any]]) -> None:
    """Change people, each as they were when they were compared."""
    names = [name for name in rows[0] if not name.startswith("b_")]
    statement = (
        sa.update(TABLE)
        .where(TABLE.c.id == sa.bindparam("b_id"), TABLE.c.version == sa.bindparam("b_version"))
        .values({name: sa.bindparam(name) for name in names} | {"version": TABLE.c.version + 1})
    )
    db.session.execute(within(Employee).trusting(statement, Employee), list(rows), execution_options=QUICKLY)


def _set_chiefs(found: StaffImport, made: Prepared) -> None:
    """Who supervises whom, once everybody is there."""
    if not made.chiefs:
        return
    home = within(found.organisation)
    staff = home.restrict(sa.select(Employee.registry_key, Employee.id).where(Employee.active == sa.true()), Employee)
    keys = {row[0]: row[1] for row in db.session.execute(staff)}
    told = []
    for person, number, chief in made.chiefs:
        key = person.id if person else keys.get(number)  # whoever is new has a number nobody had
        if key is None or chief not in keys:
            continue
        if person is not None:
            made.was[key]["was"]["supervisor_id"], made.was[key]["now"]["supervisor_id"] = (
                person.supervisor_id,
                keys[chief],
            )
        told.append({"b_id": key, "chief": keys[chief], "more": int(person is not None)})
    statement = (
        sa.update(TABLE)
        .where(TABLE.c.id == sa.bindparam("b_id"))
        .values(supervisor_id=sa.bindparam("chief"), version=TABLE.c.version + sa.bindparam("more"))
    )
    if told:
        db.session.execute(within(Employee).trusting(statement, Employee), told, execution_options=QUICKLY)


def _gone(found: StaffImport, made: Prepared, added: set[int]) -> set[int]:
    """Who left as the list has it: it says so, or they do not stand in one that is whole (in a row with an error they
    do).
    """
    if not found.complete:
        return made.leaves
    staff = sa.select(Employee.id).where(Employee.active == sa.true(), Employee.merged_into_id.is_(None))
    return (
        made.leaves | set(db.session.scalars(within(found.organisation).restrict(staff, Employee))) - made.seen - added
    )


# --- in the background ---------------------------------------------------------------------------------


def start_store(found: StaffImport, *, state: str, by: Caller) -> Job:
    """The same for a long list."""
    db.session.refresh(found, ["status"], with_for_update=True)
    if found.state != state:
        raise Stale(lazy_gettext("This list was checked anew after you opened this page. Look at it once more."))
    services.move(found, Status.STORING)
    title = gettext("Staff list: %(file)s", file=found.filename)[:250]
    return start(STORE.name, str(found.id), title, [found.id], {"language": language(), "state": state}, by=by)


def _work(job: Job, items: Sequence[int]) -> Mapping[int, Done]:
    job_id, owner, state = job.id, jobs.owner(job), str(job.arguments["state"])
    found = services.held(job, owner)
    services.reading()
    try:
        made = prepare(found)
    finally:
        services.writing()
    found = services.held(services.job_of(job_id), owner)
    if found.status is not Status.COMMITTED:
        try:
            store(found, made, state=state, by=owner)
        except Refused as refusal:
            db.session.rollback()
            found = services.held(services.job_of(job_id), owner)
            found.status = Status.CHECKED
            db.session.commit()
            raise refusal
    return {item: Done() for item in items}


STORE = Kind("staff_store", _work, chunk=1)


# --- taking it back ------------------------------------------------------------------------------------


def undo(found: StaffImport, *, by: Caller) -> None:
    """As it was before, unless something hangs on what it brought (`undoing.hindrances`)."""
    db.session.refresh(found, ["status"], with_for_update=True)
    services.move(found, Status.UNDONE)
    if barred := undoing.hindrances(found):
        names = ", ".join(dict.fromkeys(one.name or gettext("Somebody") for one in barred[:NAMED_AT_ONCE]))
        more = " …" if len(barred) > NAMED_AT_ONCE else ""
        raise Refused(
            lazy_gettext("This import can no longer be taken back because of %(people)s.", people=names + more)
        )
    undoing.remove(found.organisation, found.undo["new"])
    rows = defaultdict(list)
    people = undoing.people(found)
    for key, one in found.undo["changed"].items():
        row = undoing.restored(people[int(key)], one["was"])
        rows[tuple(row)].append(row)
    named = [row["b_id"] for names, those in rows.items() if "search_text" in names for row in those]
    with in_bulk(Employee, named):
        for those in rows.values():
            _update(those)
    removed, changed = len(found.undo["new"]), sorted(int(key) for key in found.undo["changed"])
    fields = sorted({name for one in found.undo["changed"].values() for name in one["was"]})
    found.undo, found.missing = {}, []
    services.forget(found)
    found.undone_at, found.undone_by = now(), by.id
    event = StaffImportUndone(found.id, found.organisation_id, removed, len(changed), tuple(changed), tuple(fields))
    journal.record(event, by=by)
