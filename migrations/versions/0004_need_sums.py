"""Keep the needs of a round added up, so that their pages read a few rows instead of everybody's.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SUMMED = "n, needs, weights, importance, level, gap_points, single, paired, own_minus_other"
TITLE_LEVELS = ("top", "manager", "middle", "specialist", "technical", "officer", "worker")


def upgrade() -> None:
    op.create_table(
        "need_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column(
            "title_level",
            sa.Enum(*TITLE_LEVELS, name="titlelevel", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("weights", sa.BigInteger(), nullable=False),
        sa.Column("importance", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("gap_points", sa.BigInteger(), nullable=False),
        sa.Column("single", sa.Integer(), nullable=False),
        sa.Column("paired", sa.Integer(), nullable=False),
        sa.Column("own_minus_other", sa.Integer(), nullable=False),
        sa.CheckConstraint("(unit_id IS NULL) = (title_level IS NULL)", name=op.f("ck_need_sums_part")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_need_sums_round_id_assessment_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_need_sums_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_need_sums_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_need_sums_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_sums")),
    )
    for column in ("organisation_id", "competency_id"):
        op.create_index(op.f(f"ix_need_sums_{column}"), "need_sums", [column])
    op.create_index("ix_need_sums_unit_id_round_id", "need_sums", ["unit_id", "round_id"])
    for name, columns, where in (
        ("uq_need_sums_institution", [], "unit_id IS NULL"),
        ("uq_need_sums_part", ["unit_id", "title_level"], "unit_id IS NOT NULL"),
    ):
        op.create_index(
            name,
            "need_sums",
            ["round_id", "organisation_id", "competency_id", *columns],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    _fill()


def _fill() -> None:
    """What the service would write for the needs that stand already: the parts, then the institutions from them."""
    op.execute(
        f"""
        INSERT INTO need_sums (round_id, organisation_id, competency_id, unit_id, title_level, {SUMMED})
        SELECT n.round_id, e.organisation_id, n.competency_id, e.unit_id, t.level,
               count(*),
               sum(CASE WHEN n.need THEN 1 ELSE 0 END),
               sum(n.w),
               sum(n.w * n.i),
               sum(n.w * n.l),
               sum(CASE WHEN n.g > 0 THEN n.g ELSE 0 END),
               sum(CASE WHEN n.single_source THEN 1 ELSE 0 END),
               sum(CASE WHEN n.self_level IS NOT NULL AND n.supervisor_level IS NOT NULL THEN 1 ELSE 0 END),
               sum(CASE WHEN n.self_level IS NOT NULL AND n.supervisor_level IS NOT NULL
                        THEN n.self_level - n.supervisor_level ELSE 0 END)
        FROM (
            SELECT needs.*,
                   CAST(round(weight * 10000) AS BIGINT) AS w,
                   CAST(round(importance * 10000) AS BIGINT) AS i,
                   CAST(round(level * 10000) AS BIGINT) AS l,
                   CAST(round(gap * 10000) AS BIGINT) AS g
            FROM needs
        ) AS n
        JOIN employees AS e ON e.id = n.employee_id
        JOIN titles AS t ON t.id = e.title_id
        GROUP BY n.round_id, e.organisation_id, n.competency_id, e.unit_id, t.level
        """  # noqa: S608  # nothing but our own column names
    )
    summed = ", ".join(f"sum({name})" for name in SUMMED.split(", "))
    op.execute(
        f"""
        INSERT INTO need_sums (round_id, organisation_id, competency_id, {SUMMED})
        SELECT round_id, organisation_id, competency_id, {summed}
        FROM need_sums
        WHERE unit_id IS NOT NULL
        GROUP BY round_id, organisation_id, competency_id
        """  # noqa: S608  # nothing but our own column names
    )


def downgrade() -> None:
    op.execute("DELETE FROM need_sums")  # added up again on the way up
    op.drop_table("need_sums")
