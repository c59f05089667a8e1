"""Keep with each seat where its holder worked when it was taken.

Revision ID: 0006
Revises: 0005

Rows there are get today's place, corrected backwards by the transfers the log remembers, and by the certificate of the
seat, whose institution was frozen when it was issued. The log holds no values: units, titles and registry numbers of
former institutions, former names, kinds and provinces, and whose seat it was before two records were joined are not
known any more. A row such a thing may have happened to says that it was guessed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("metropolitan", "district", "governorate", "central", "international", "other")
POINTERS = {"organisation_id": "organisations", "province_id": "provinces", "unit_id": "units", "title_id": "titles"}
SEATED = ("enrolled", "offered")
LOGGED = ("person.transferred", "person.changed", "organisation.changed")

SEATED = ("enrolled", "offered")
NAMES = {"name_tr", "name_en", "short_name"}
# Which entries of the log tell that something was otherwise before: of whom or what, and the fields that matter.
LOGGED = {
    "person.transferred": ("employee_id", None),
    "person.changed": ("employee_id", {"unit_id", "title_id", "registry_no"}),
    "organisation.changed": ("organisation_id", {"kind", "province_id", *NAMES}),
    "unit.changed": ("unit_id", NAMES),
}
PLACE = ("organisation_id", "organisation_kind", "province_id", "unit_id", "title_id", "registry_no")


def _table(name: str, *columns: str) -> Any:
    types = {"facts": sa.JSON(), "called": sa.JSON(none_as_null=True), "snapshot": sa.JSON()}
    types |= {"at": sa.DateTime(), "starts_on": sa.Date()}
    return sa.table(name, *(sa.column(column, types.get(column)) for column in columns))


enrolments = _table("enrolments", "id", "course_session_id", "employee_id", "status", "called", "place_guessed", *PLACE)
employees = _table("employees", "id", "organisation_id", "unit_id", "title_id", "registry_no", "merged_into_id")
organisations = _table("organisations", "id", "kind", "province_id", "name_tr", "name_en", "name_sort", "short_name")
units = _table("units", "id", "organisation_id", "function", "name_tr", "name_en")
sessions = _table("course_sessions", "id", "starts_on")
changes = _table("enrolment_changes", "enrolment_id", "old", "new", "at")
certificates = _table("certificates", "id", "enrolment_id", "status", "snapshot")
audit = _table("audit_entries", "id", "event", "facts", "at")


def upgrade() -> None:
    with op.batch_alter_table("enrolments") as batch:
        for name, table in POINTERS.items():
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_enrolments_{name}_{table}"), table, [name], ["id"])
            batch.create_index(op.f(f"ix_enrolments_{name}"), [name])
        batch.add_column(
            sa.Column(
                "organisation_kind",
                sa.Enum(*KINDS, name="organisationkind", native_enum=False, create_constraint=True, length=32),
                nullable=True,
            )
        )
        batch.add_column(sa.Column("called", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("registry_no", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("place_guessed", sa.Boolean(), server_default=sa.false(), nullable=False))
    _fill()
    with op.batch_alter_table("enrolments") as batch:
        batch.create_check_constraint(
            op.f("ck_enrolments_place"),
            "status NOT IN ('enrolled', 'offered')"
            " OR organisation_id IS NOT NULL AND organisation_kind IS NOT NULL AND title_id IS NOT NULL"
            " AND called IS NOT NULL",
        )


def _fill() -> None:
    """Today's place for whoever ever had a seat, or a trace of one; then what the log and the certificates say."""
    bind = op.get_bind()
    had = sa.or_(
        enrolments.c.status.in_(SEATED),
        enrolments.c.id.in_(sa.select(changes.c.enrolment_id).where(changes.c.new.in_(SEATED))),
        *(
            enrolments.c.id.in_(sa.select(_table(name, "enrolment_id").c.enrolment_id))
            for name in ("attendance_marks", "outcomes")
        ),
        enrolments.c.id.in_(sa.select(certificates.c.enrolment_id).where(certificates.c.enrolment_id.is_not(None))),
    )
    bind.execute(enrolments.update().where(had).values({column: _today(column) for column in PLACE}))
    homes = {row.id: row for row in bind.execute(sa.select(organisations))}
    offices = {row.id: row for row in bind.execute(sa.select(units))}
    for office in offices.values():
        there = enrolments.update().where(enrolments.c.unit_id == office.id)
        bind.execute(there.values(called=_called(homes[office.organisation_id], office)))
    for key, place in _corrected(bind, homes, offices).items():
        bind.execute(enrolments.update().where(enrolments.c.id == key).values(place))


def _today(column: str) -> Any:
    read = {"organisation_kind": organisations.c.kind, "province_id": organisations.c.province_id}
    return (
        sa.select(read.get(column, employees.c.get(column)))
        .select_from(employees.join(organisations, organisations.c.id == employees.c.organisation_id))
        .where(employees.c.id == enrolments.c.employee_id)
        .scalar_subquery()
    )


def _called(home: Any, office: Any) -> dict[str, str]:
    return {
        "organisation_tr": home.name_tr,
        "organisation_en": home.name_en,
        "organisation_sort": home.name_sort,
        "short_name": home.short_name,
        "unit_tr": office.name_tr if office else "",
        "unit_en": office.name_en if office else "",
    }


def _corrected(bind: sa.Connection, homes: dict[int, Any], offices: dict[int, Any]) -> dict[int, dict[str, Any]]:
    """What differs from today's place or may do so, by enrolment."""
    log = _log(bind)
    joined = set(bind.scalars(sa.select(employees.c.merged_into_id).where(employees.c.merged_into_id.is_not(None))))
    printed = _printed(bind)
    named: dict[str, list[int]] = defaultdict(list)
    for home in homes.values():
        named[home.name_tr].append(home.id)
    equivalent = {(office.organisation_id, office.function): office for office in offices.values()}
    taken = sa.select(sa.func.max(changes.c.at)).where(
        changes.c.enrolment_id == enrolments.c.id, changes.c.new.in_(SEATED), changes.c.old.not_in(SEATED)
    )
    rows = bind.execute(
        sa.select(*enrolments.c, sessions.c.starts_on, taken.scalar_subquery().label("taken"))
        .join(sessions, sessions.c.id == enrolments.c.course_session_id)
        .where(enrolments.c.organisation_id.is_not(None))
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        since = [entry for entry in log["employee_id", row.employee_id] if _after(entry.at, row)]
        sources = [e.facts["from_id"] for e in since if e.event == "person.transferred" and e.facts["from_id"] in homes]
        key, (tr, en) = sources[0] if sources else row.organisation_id, printed.get(row.id, ("", ""))
        if tr and key not in named[tr] and len(named[tr]) == 1:
            key = named[tr][0]
        home, office = homes[key], offices.get(row.unit_id)
        others = (*log["organisation_id", key], *log["unit_id", row.unit_id])
        place: dict[str, Any] = {}
        if key != row.organisation_id:
            office = equivalent.get((key, office.function if office else ""))
            place = {"organisation_id": key, "organisation_kind": home.kind, "province_id": home.province_id}
            place |= {"unit_id": office.id if office else None, "called": _called(home, office)}
        if tr and tr != home.name_tr:
            place["called"] = _called(home, office) | {"organisation_tr": tr, "organisation_en": en or tr}
        if any("registry_no" in entry.facts["fields"] for entry in since):
            place["registry_no"] = ""
        if place or since or row.employee_id in joined or any(_after(entry.at, row) for entry in others):
            found[row.id] = place | {"place_guessed": True}
    return found


def _log(bind: sa.Connection) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for entry in bind.execute(sa.select(audit).where(audit.c.event.in_(LOGGED)).order_by(audit.c.id)):
        what, fields = LOGGED[entry.event]
        if fields is None or fields & set(entry.facts["fields"]):
            found[what, entry.facts[what]].append(entry)
    return found


def _after(moment: datetime, row: Any) -> bool:
    """Whether this came after the seat was taken. One that is held goes along until the training begins."""
    if row.taken is not None and moment <= row.taken:
        return False
    return row.status not in SEATED or (row.starts_on is not None and moment.date() >= row.starts_on)


def _printed(bind: sa.Connection) -> dict[int, tuple[str, str]]:
    """What the certificate of a seat calls the institution (the valid one, or the last), by enrolment."""
    last = (sa.case((certificates.c.status == "valid", 1), else_=0), certificates.c.id)
    names = [certificates.c.snapshot[f"organisation_{language}"].as_string() for language in ("tr", "en")]
    papers = sa.select(certificates.c.enrolment_id, *names).where(certificates.c.enrolment_id.is_not(None))
    return {key: (tr or "", en or "") for key, tr, en in bind.execute(papers.order_by(*last))}


def downgrade() -> None:
    # What stands there today too is computed again; what differs has no place in the older schema and stops the way.
    names = (("organisation_tr", organisations.c.name_tr), ("unit_tr", units.c.name_tr))
    called = (
        sa.select(employees.c.id)
        .join(organisations, organisations.c.id == employees.c.organisation_id)
        .join(units, units.c.id == employees.c.unit_id)
        .where(employees.c.id == enrolments.c.employee_id)
        .where(*(enrolments.c.called[name].as_string() == today for name, today in names))
    )
    same = [getattr(enrolments.c, name) == _today(name) for name in PLACE if name != "province_id"] + [called.exists()]
    gone = dict.fromkeys((*PLACE, "called")) | {"place_guessed": sa.false()}
    with op.batch_alter_table("enrolments") as batch:
        batch.drop_constraint(op.f("ck_enrolments_place"), type_="check")
    op.get_bind().execute(enrolments.update().where(*same).values(gone))
    with op.batch_alter_table("enrolments") as batch:
        for name, table in POINTERS.items():
            batch.drop_index(op.f(f"ix_enrolments_{name}"))
            batch.drop_constraint(op.f(f"fk_enrolments_{name}_{table}"), type_="foreignkey")
    for name in (*PLACE, "called", "place_guessed"):
        op.drop_column("enrolments", name)
