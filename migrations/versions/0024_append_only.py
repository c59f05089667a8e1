"""Rows that nobody may change or delete; whose letters to accounts and about certificates are.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEPT = ("audit_entries", "notices", "notice_readings", "destructions")
FUNCTION = """
    CREATE OR REPLACE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$
"""

messages = sa.table("messages", *map(sa.column, ("id", "occasion", "province_id", "organisation_id")))
grants = sa.table("grants", *map(sa.column, ("id", "user_id", "province_id", "organisation_id")))
organisations = sa.table("organisations", *map(sa.column, ("id", "province_id")))
certificates = sa.table("certificates", *map(sa.column, ("id", "enrolment_id", "course_session_id")))
enrolments = sa.table("enrolments", *map(sa.column, ("id", "employee_id")))
employees = sa.table("employees", *map(sa.column, ("id", "organisation_id")))
sessions = sa.table("course_sessions", *map(sa.column, ("id", "province_id")))

Place = tuple[int | None, int | None]


def upgrade() -> None:
    _place()
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(FUNCTION.replace("%", "%%"))
        for table in KEPT:
            watched = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            op.execute(f"CREATE TRIGGER {table}_kept {watched} EXECUTE FUNCTION only_added_to()")
        return
    for table in KEPT:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_{verb.lower()} BEFORE {verb} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} is only added to'); END"
            )


def _place() -> None:
    """Of letters of which nobody but administrators saw that there are."""
    rows = op.get_bind()
    nobodys = sa.and_(messages.c.province_id.is_(None), messages.c.organisation_id.is_(None))
    known = {"certificate": _of_certificates(rows), "user": _of_accounts(rows)}
    for key, occasion in rows.execute(sa.select(messages.c.id, messages.c.occasion).where(nobodys)).all():
        about = re.search(r"(certificate|user):(\d+)", occasion)
        place = known[about[1]].get(int(about[2])) if about else None
        if place:
            change = sa.update(messages).where(messages.c.id == key)
            rows.execute(change.values(province_id=place[0], organisation_id=place[1]))


def _of_certificates(rows: sa.Connection) -> dict[int, Place]:
    found = (
        sa.select(certificates.c.id, sessions.c.province_id, employees.c.organisation_id)
        .join(sessions, sessions.c.id == certificates.c.course_session_id)
        .outerjoin(enrolments, enrolments.c.id == certificates.c.enrolment_id)
        .outerjoin(employees, employees.c.id == enrolments.c.employee_id)
    )
    return {key: (province, organisation) for key, province, organisation in rows.execute(found)}


def _of_accounts(rows: sa.Connection) -> dict[int, Place]:
    """The institution of the first role there is one in, else the province of the first."""
    province = sa.func.coalesce(organisations.c.province_id, grants.c.province_id)
    found: Any = (
        sa.select(grants.c.user_id, province, grants.c.organisation_id)
        .outerjoin(organisations, organisations.c.id == grants.c.organisation_id)
        .order_by(grants.c.organisation_id.is_(None), grants.c.id)
    )
    places: dict[int, Place] = {}
    for user_id, there, organisation in rows.execute(found):
        if there or organisation:
            places.setdefault(user_id, (there, organisation))
    return places


def downgrade() -> None:
    """Whose a letter is the older schema can tell, too: that stays."""
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute("DROP FUNCTION only_added_to()")
        return
    for table in KEPT:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_kept_{verb}")
