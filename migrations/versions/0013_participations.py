"""Keep who took part in finalised sessions as the figures count it.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from itertools import product

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def table(name: str, columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(each) for each in columns.split()))


ENROLMENTS = table("enrolments", "id course_session_id employee_id merged_into_id province_id organisation_kind")
EMPLOYEES = table("employees", "id sex")
SESSIONS = sa.table(
    "course_sessions", sa.column("id"), sa.column("course_id"), sa.column("status"), sa.column("ends_on", sa.Date)
)
COURSES = table("courses", "id theme_id")
OUTCOMES = table("outcomes", "enrolment_id credit_minutes base_minutes")
CERTIFICATES = table("certificates", "id enrolment_id status")
TOLD = (
    "id",
    "employee_id",
    "sex",
    "year",
    "province_id",
    "organisation_kind",
    "theme_id",
    "certified",
    "credit_minutes",
    "base_minutes",
)
PARTICIPATIONS = table("participations", " ".join((*TOLD, "firsts")))


def upgrade() -> None:
    op.create_table(
        "participations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("woman", "man", "not_stated", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column(
            "organisation_kind",
            sa.Enum(
                "metropolitan",
                "district",
                "governorate",
                "central",
                "international",
                "other",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("certified", sa.Boolean(), nullable=False),
        sa.Column("credit_minutes", sa.Integer(), nullable=False),
        sa.Column("base_minutes", sa.Integer(), nullable=False),
        sa.Column("firsts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_participations_employee_id_employees")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
    )
    with op.batch_alter_table("participations") as batch_op:
        batch_op.create_index(
            "ix_participations_counted",
            [
                "year",
                "province_id",
                "organisation_kind",
                "theme_id",
                "certified",
                "sex",
                "firsts",
                "employee_id",
                "credit_minutes",
                "base_minutes",
            ],
        )
        batch_op.create_index(batch_op.f("ix_participations_employee_id"), ["employee_id"])

    _fill()
    with op.batch_alter_table("sittings") as batch_op:
        batch_op.drop_index(batch_op.f("ix_sittings_course_session_id"))
        batch_op.create_index(
            "ix_sittings_session_minutes", ["course_session_id", "state", "minutes", "effective_minutes"]
        )


def _fill() -> None:
    """From the rows that tell it; bit n of `firsts` as the n-th of these sides has it."""
    e, m, s, k, o, c = ENROLMENTS.c, EMPLOYEES.c, SESSIONS.c, COURSES.c, OUTCOMES.c, CERTIFICATES.c
    found = (
        sa.select(
            e.id,
            e.employee_id,
            m.sex,
            sa.extract("year", s.ends_on).label("year"),
            e.province_id,
            e.organisation_kind,
            k.theme_id,
            c.id.is_not(None).label("certified"),
            o.credit_minutes,
            o.base_minutes,
        )
        .select_from(OUTCOMES)
        .join(ENROLMENTS, e.id == o.enrolment_id)
        .join(EMPLOYEES, m.id == e.employee_id)
        .join(SESSIONS, s.id == e.course_session_id)
        .join(COURSES, k.id == s.course_id)
        .outerjoin(CERTIFICATES, sa.and_(c.enrolment_id == e.id, c.status == "valid"))
        .where(s.status == "finalised", o.credit_minutes > 0, e.merged_into_id.is_(None))
        .subquery()
        .c
    )
    firsts: sa.ColumnElement[int] = sa.literal(0)
    sides = product(("", "year"), ("", "province_id"), ("", "organisation_kind", "theme_id", "certified"))
    for number, names in enumerate(sides):
        alike = [found.employee_id, *(found[name] for name in names if name)]
        place = sa.func.row_number().over(partition_by=alike, order_by=found.id)
        firsts = firsts + sa.case((place == 1, 1 << number), else_=0)
    rows = sa.select(*(found[name] for name in TOLD), firsts)
    op.execute(PARTICIPATIONS.insert().from_select([*TOLD, "firsts"], rows))


def downgrade() -> None:
    with op.batch_alter_table("sittings") as batch_op:
        batch_op.drop_index("ix_sittings_session_minutes")
        batch_op.create_index(batch_op.f("ix_sittings_course_session_id"), ["course_session_id"])
    op.execute("DELETE FROM participations")
    with op.batch_alter_table("participations") as batch_op:
        batch_op.drop_index(batch_op.f("ix_participations_employee_id"))
        batch_op.drop_index("ix_participations_counted")

    op.drop_table("participations")
