"""Keep with each seat where its holder worked when it was taken.

Revision ID: 0006
Revises: 0005

Rows there are get today's place, corrected backwards: by the transfers the log remembers, from the latest to the one
after the seat was taken; and by the certificate of the seat, whose institution was frozen when it was issued. Units and
titles of former institutions, and the kinds and provinces institutions had, are not known any more: such a row says
that it was guessed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
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

PLACE = ("organisation_id", "organisation_kind", "province_id", "unit_id", "title_id")


def _table(name: str, *columns: str) -> Any:
    typed = {"facts": sa.JSON(), "snapshot": sa.JSON(), "at": sa.DateTime(), "starts_on": sa.Date()}
    return sa.table(name, *(sa.column(column, typed.get(column)) for column in columns))


enrolments = _table("enrolments", "id", "course_session_id", "employee_id", "status", "place_guessed", *PLACE)
employees = _table("employees", "id", "organisation_id", "unit_id", "title_id", "merged_into_id")
organisations = _table("organisations", "id", "kind", "province_id", "name_tr")
units = _table("units", "id", "organisation_id", "function")
sessions = _table("course_sessions", "id", "starts_on")
changes = _table("enrolment_changes", "enrolment_id", "new", "at")
certificates = _table("certificates", "id", "enrolment_id", "snapshot")
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
        batch.add_column(sa.Column("place_guessed", sa.Boolean(), server_default=sa.false(), nullable=False))
    _fill()
    with op.batch_alter_table("enrolments") as batch:
        batch.create_check_constraint(
            op.f("ck_enrolments_place"),
            "status NOT IN ('enrolled', 'offered')"
            " OR organisation_id IS NOT NULL AND organisation_kind IS NOT NULL AND title_id IS NOT NULL",
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
    for key, place in _corrected(bind, homes).items():
        bind.execute(enrolments.update().where(enrolments.c.id == key).values(place))


def _today(column: str) -> Any:
    read = {"organisation_kind": organisations.c.kind, "province_id": organisations.c.province_id}
    return (
        sa.select(read.get(column, employees.c.get(column)))
        .select_from(employees.join(organisations, organisations.c.id == employees.c.organisation_id))
        .where(employees.c.id == enrolments.c.employee_id)
        .scalar_subquery()
    )


def _corrected(bind: sa.Connection, homes: dict[int, Any]) -> dict[int, dict[str, Any]]:
    """What differs from today's place, by enrolment."""
    moved: dict[int, list[Any]] = defaultdict(list)
    altered: dict[int, datetime] = {}
    for entry in bind.execute(sa.select(audit).where(audit.c.event.in_(LOGGED)).order_by(audit.c.id)):
        if entry.event == "person.transferred" or (
            entry.event == "person.changed" and {"unit_id", "title_id"} & set(entry.facts["fields"])
        ):
            moved[entry.facts["employee_id"]].append(entry)
        elif entry.event == "organisation.changed" and {"kind", "province_id"} & set(entry.facts["fields"]):
            altered[entry.facts["organisation_id"]] = entry.at
    joined = set(bind.scalars(sa.select(employees.c.merged_into_id).where(employees.c.merged_into_id.is_not(None))))
    named = _by_certificate(bind, homes)
    given = sa.select(sa.func.max(changes.c.at)).where(
        changes.c.enrolment_id == enrolments.c.id, changes.c.new.in_(SEATED)
    )
    rows = bind.execute(
        sa.select(*enrolments.c, sessions.c.starts_on, given.scalar_subquery().label("at"))
        .join(sessions, sessions.c.id == enrolments.c.course_session_id)
        .where(enrolments.c.organisation_id.is_not(None))
    ).all()
    there = {(unit.organisation_id, unit.function): unit.id for unit in bind.execute(sa.select(units))}
    functions = {key: function for (_, function), key in there.items()}
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        since = [entry for entry in moved[row.employee_id] if _after(entry.at, row.at, row.starts_on)]
        sources = [e.facts["from_id"] for e in since if e.event == "person.transferred" and e.facts["from_id"] in homes]
        home = named.get(row.id) or (sources[0] if sources else row.organisation_id)
        guessed = bool(since) or row.employee_id in joined or home != row.organisation_id
        changed = altered.get(home)
        guessed = guessed or (changed is not None and _after(changed, row.at, row.starts_on))
        if not guessed:
            continue
        place: dict[str, Any] = {"place_guessed": True}
        if home != row.organisation_id:
            unit = there.get((home, functions.get(row.unit_id, "")))
            place |= {"organisation_id": home, "unit_id": unit}
            place |= {"organisation_kind": homes[home].kind, "province_id": homes[home].province_id}
        found[row.id] = place
    return found


def _after(moment: datetime, seated: datetime | None, begins: date | None) -> bool:
    """Whether this came after the seat was taken and the training had begun: until then a seat goes along."""
    day = moment.date()
    return (seated is None or moment > seated) and (begins is None or day >= begins)


def _by_certificate(bind: sa.Connection, homes: dict[int, Any]) -> dict[int, int]:
    """The institution the last certificate of a seat names, where one of that name is known; by enrolment."""
    names: dict[str, list[int]] = defaultdict(list)
    for key, home in homes.items():
        names[home.name_tr].append(key)
    found: dict[int, int] = {}
    papers = sa.select(certificates).where(certificates.c.enrolment_id.is_not(None)).order_by(certificates.c.id)
    for paper in bind.execute(papers):
        named = names.get((paper.snapshot or {}).get("organisation_tr", ""), [])
        if len(named) == 1:
            found[paper.enrolment_id] = named[0]
    return found


def downgrade() -> None:
    # What stands there today too is computed again; what differs has no place in the older schema and stops the way.
    same = [getattr(enrolments.c, name) == _today(name) for name in ("organisation_id", "title_id")]
    gone = dict.fromkeys(PLACE) | {"place_guessed": sa.false()}
    with op.batch_alter_table("enrolments") as batch:
        batch.drop_constraint(op.f("ck_enrolments_place"), type_="check")
    op.get_bind().execute(enrolments.update().where(*same).values(gone))
    with op.batch_alter_table("enrolments") as batch:
        for name, table in POINTERS.items():
            batch.drop_index(op.f(f"ix_enrolments_{name}"))
            batch.drop_constraint(op.f(f"fk_enrolments_{name}_{table}"), type_="foreignkey")
    for name in (*PLACE, "place_guessed"):
        op.drop_column("enrolments", name)
