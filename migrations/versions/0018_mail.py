"""Why a mail failed, whose it is and what link it carries; addresses that are invalid; letters reworded.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

messages = sa.table("messages", *map(sa.column, ("id", "occasion", "province_id", "organisation_id")))
enrolments = sa.table("enrolments", *map(sa.column, ("id", "employee_id", "course_session_id")))
employees = sa.table("employees", *map(sa.column, ("id", "organisation_id")))
sessions = sa.table("course_sessions", *map(sa.column, ("id", "province_id")))


def upgrade() -> None:
    op.create_table(
        "invalid_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invalid_addresses")),
        sa.UniqueConstraint("address", name=op.f("uq_invalid_addresses_address")),
    )
    op.create_table(
        "letter_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_texts")),
        sa.UniqueConstraint("letter", "language", name=op.f("uq_letter_texts_letter_language")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tried_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("not_after", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "fault",
                sa.Enum(
                    "unreachable",
                    "sign_in",
                    "sender",
                    "later",
                    "address",
                    "invalid",
                    "refused",
                    "other",
                    name="fault",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("answer", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("settled_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("link_kind", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("link_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("private", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("province_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_province_id"), ["province_id"], unique=False)
    _place()


def _place() -> None:
    """Whose the messages are that there are: an occasion names an enrolment, or a course session."""
    rows = op.get_bind()
    provinces = {row.id: row.province_id for row in rows.execute(sa.select(sessions))}
    people = sa.select(enrolments.c.id, enrolments.c.course_session_id, employees.c.organisation_id)
    found = rows.execute(people.join(employees, employees.c.id == enrolments.c.employee_id)).all()
    seats = {row.id: (provinces.get(row.course_session_id), row.organisation_id) for row in found}
    for key, occasion in rows.execute(sa.select(messages.c.id, messages.c.occasion)).all():
        about = re.match(r"\w+:(enrolment|session):(\d+)|(trainer)_\w+:(\d+)", occasion)
        if about is None:
            continue
        thing, number = about[1] or "session", int(about[2] or about[4])
        province, organisation = (
            seats.get(number, (None, None)) if thing == "enrolment" else (provinces.get(number), None)
        )
        place = sa.update(messages).where(messages.c.id == key)
        rows.execute(place.values(province_id=province, organisation_id=organisation))


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_province_id"))
        batch_op.drop_index(batch_op.f("ix_messages_organisation_id"))
        batch_op.drop_column("organisation_id")
        batch_op.drop_column("province_id")
        batch_op.drop_column("private")
        batch_op.drop_column("link_id")
        batch_op.drop_column("link_kind")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("answer")
        batch_op.drop_column("fault")
        batch_op.drop_column("not_after")
        batch_op.drop_column("tried_at")

    op.drop_table("letter_texts")
    op.drop_table("invalid_addresses")
