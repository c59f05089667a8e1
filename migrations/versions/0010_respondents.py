"""Keep who people were when a round met them, and tell a round that is published from one that is only closed.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ISTANBUL = ZoneInfo("Europe/Istanbul")
FROZEN = {"unit_id", "title_id", "sex", "supervisor_id"}
SUMMED = "n, needs, weights, importance, level, gap_points, single, paired, own_minus_other"
AS_MET = "SELECT round_id, employee_id, organisation_id, unit_id, title_level FROM respondents"
TODAY = """
    SELECT r.round_id, e.id AS employee_id, e.organisation_id, e.unit_id, t.level AS title_level
    FROM respondents AS r JOIN employees AS e ON e.id = r.employee_id JOIN titles AS t ON t.id = e.title_id
"""
ROUNDS = sa.table(
    "assessment_rounds", sa.column("id", sa.Integer), sa.column("status", sa.String), sa.column("ends_on", sa.Date)
)
UNITS = sa.table(
    "units", sa.column("id", sa.Integer), sa.column("organisation_id", sa.Integer), sa.column("function", sa.String)
)
ENTRIES = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer),
    sa.column("at", UtcDateTime()),
    sa.column("event", sa.String),
    sa.column("facts", sa.JSON),
)
PEOPLE = sa.table(
    "respondents",
    sa.column("id", sa.Integer),
    sa.column("round_id", sa.Integer),
    sa.column("employee_id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("unit_id", sa.Integer),
    sa.column("supervisor_id", sa.Integer),
    sa.column("guessed", sa.Boolean),
)


def upgrade() -> None:
    op.create_table(
        "respondents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column(
            "title_level",
            sa.Enum(
                "top",
                "manager",
                "middle",
                "specialist",
                "technical",
                "officer",
                "worker",
                name="titlelevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("woman", "man", "not_stated", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("guessed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employees.id"], name=op.f("fk_respondents_employee_id_employees")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_respondents_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["employees.id"], name=op.f("fk_respondents_person_id_employees")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["assessment_rounds.id"], name=op.f("fk_respondents_round_id_assessment_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["employees.id"], name=op.f("fk_respondents_supervisor_id_employees")
        ),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name=op.f("fk_respondents_title_id_titles")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_respondents_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondents")),
        sa.UniqueConstraint("round_id", "employee_id", name=op.f("uq_respondents_round_id_employee_id")),
    )
    with op.batch_alter_table("respondents") as batch_op:
        batch_op.create_index(batch_op.f("ix_respondents_employee_id"), ["employee_id"])
        batch_op.create_index(batch_op.f("ix_respondents_organisation_id"), ["organisation_id"])
        batch_op.create_index(batch_op.f("ix_respondents_person_id"), ["person_id"])
        batch_op.create_index(batch_op.f("ix_respondents_supervisor_id"), ["supervisor_id"])
        batch_op.create_index(batch_op.f("ix_respondents_title_id"), ["title_id"])
        batch_op.create_index(batch_op.f("ix_respondents_unit_id"), ["unit_id"])

    _meet()
    _add_up(_correct(), AS_MET)
    with op.batch_alter_table("needs") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_needs_round_id_employee_id_respondents"),
            "respondents",
            ["round_id", "employee_id"],
            ["round_id", "employee_id"],
        )

    with op.batch_alter_table("ratings") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_ratings_round_id_employee_id_respondents"),
            "respondents",
            ["round_id", "employee_id"],
            ["round_id", "employee_id"],
        )

    op.drop_constraint(op.f("ck_assessment_rounds_roundstatus"), "assessment_rounds", type_="check")
    op.create_check_constraint(
        op.f("ck_assessment_rounds_roundstatus"),
        "assessment_rounds",
        "status IN ('draft', 'open', 'closed', 'published')",
    )
    op.execute("UPDATE assessment_rounds SET status = 'published' WHERE status = 'closed'")


def _meet() -> None:
    """Everybody with an answer, as they are today."""
    op.execute(
        """
        INSERT INTO respondents (round_id, employee_id, person_id, organisation_id, unit_id, title_id, title_level,
                                 sex, supervisor_id, guessed)
        SELECT a.round_id, e.id, e.id, e.organisation_id, e.unit_id, e.title_id, t.level, e.sex, e.supervisor_id, false
        FROM (SELECT round_id, employee_id FROM ratings UNION SELECT round_id, employee_id FROM needs) AS a
        JOIN employees AS e ON e.id = a.employee_id
        JOIN titles AS t ON t.id = e.title_id
        ORDER BY a.round_id, e.id
        """
    )


def _correct() -> set[tuple[int, int]]:
    """Give whoever was transferred after a round had closed back to the institution of then; flag what is a guess.

    The audit tells from which institution somebody went, and which facts changed, never what they were before: the
    unit of then is the one of the same function there, else its first. Returns the (round, institution) pairs whose
    sums are others now.
    """
    connection, pairs = op.get_bind(), set()
    units: dict[int, dict[str, int]] = {}
    for unit in connection.execute(sa.select(UNITS).order_by(UNITS.c.id)):
        units.setdefault(unit.organisation_id, {}).setdefault(unit.function, unit.id)
    functions = {key: function for known in units.values() for function, key in known.items()}
    history = connection.execute(
        sa.select(ENTRIES)
        .where(ENTRIES.c.event.in_(("person.transferred", "person.changed", "person.merged")))
        .order_by(ENTRIES.c.at, ENTRIES.c.id)
    ).all()
    for closed in connection.execute(sa.select(ROUNDS).where(ROUNDS.c.status == "closed")).all():
        changed: set[int] = set()
        left: dict[int, int] = {}
        for entry in history:
            if entry.at.astimezone(ISTANBUL).date() <= closed.ends_on:
                continue
            if entry.event != "person.changed" or FROZEN & set(entry.facts["fields"]):
                changed.add(entry.facts["kept_id" if entry.event == "person.merged" else "employee_id"])
            if entry.event == "person.transferred":
                left.setdefault(entry.facts["employee_id"], entry.facts["from_id"])
        of_round = sa.select(PEOPLE).where(PEOPLE.c.round_id == closed.id)
        for person in [row for row in connection.execute(of_round).all() if row.employee_id in changed]:
            values: dict[str, object] = {"guessed": True}
            then = left.get(person.employee_id, person.organisation_id)
            there = units.get(then)
            if then != person.organisation_id and there:
                unit = there.get(functions.get(person.unit_id, ""), min(there.values()))
                values |= {"organisation_id": then, "unit_id": unit, "supervisor_id": None}
                pairs |= {(closed.id, then), (closed.id, person.organisation_id)}
            connection.execute(sa.update(PEOPLE).where(PEOPLE.c.id == person.id).values(values))
    return pairs


def _moved_since() -> set[tuple[int, int]]:
    """The (round, institution) pairs whose sums say something else where they follow people about."""
    found = op.get_bind().execute(
        sa.text(
            """
            SELECT r.round_id, r.organisation_id, e.organisation_id
            FROM respondents AS r
            JOIN employees AS e ON e.id = r.employee_id
            JOIN titles AS t ON t.id = e.title_id
            WHERE r.organisation_id <> e.organisation_id OR r.unit_id <> e.unit_id OR r.title_level <> t.level
            """
        )
    )
    return {(closed, place) for closed, *places in found for place in places}


def _add_up(pairs: set[tuple[int, int]], people: str) -> None:
    """The sums of an institution in a round anew, from the people (round, employee, place) a SELECT finds."""
    parts = sa.text(
        f"""
        INSERT INTO need_sums (round_id, organisation_id, competency_id, unit_id, title_level, {SUMMED})
        SELECT p.round_id, p.organisation_id, n.competency_id, p.unit_id, p.title_level,
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
            WHERE round_id = :round
        ) AS n
        JOIN ({people}) AS p ON p.round_id = n.round_id AND p.employee_id = n.employee_id
        WHERE p.organisation_id = :place
        GROUP BY p.round_id, p.organisation_id, n.competency_id, p.unit_id, p.title_level
        """  # noqa: S608  # nothing but our own words
    )
    whole = sa.text(
        f"""
        INSERT INTO need_sums (round_id, organisation_id, competency_id, {SUMMED})
        SELECT round_id, organisation_id, competency_id, {", ".join(f"sum({name})" for name in SUMMED.split(", "))}
        FROM need_sums
        WHERE unit_id IS NOT NULL AND round_id = :round AND organisation_id = :place
        GROUP BY round_id, organisation_id, competency_id
        """  # noqa: S608  # nothing but our own column names
    )
    gone = sa.text("DELETE FROM need_sums WHERE round_id = :round AND organisation_id = :place")
    for key, place in sorted(pairs):
        for statement in (gone, parts, whole):
            op.get_bind().execute(statement, {"round": key, "place": place})


def downgrade() -> None:
    _add_up(_moved_since(), TODAY)
    op.execute("UPDATE assessment_rounds SET status = 'closed' WHERE status = 'published'")
    op.drop_constraint(op.f("ck_assessment_rounds_roundstatus"), "assessment_rounds", type_="check")
    op.create_check_constraint(
        op.f("ck_assessment_rounds_roundstatus"), "assessment_rounds", "status IN ('draft', 'open', 'closed')"
    )
    with op.batch_alter_table("ratings") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ratings_round_id_employee_id_respondents"), type_="foreignkey")

    with op.batch_alter_table("needs") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_needs_round_id_employee_id_respondents"), type_="foreignkey")

    op.drop_table("respondents")
