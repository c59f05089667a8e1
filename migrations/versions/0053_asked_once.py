"""A pilot project and a finding ask for a competency once; the document of a strategy is called what it is.

Revision ID: 0053
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

ASKS = (("pilot_asks", "pilot_id"), ("finding_asks", "finding_id"))
NAMED = ("kind", "name_tr", "name_en")


def upgrade() -> None:
    for name, thing in ASKS:
        op.execute(_doubles(name, thing))
        with op.batch_alter_table(name) as batch_op:
            batch_op.create_unique_constraint(op.f(f"uq_{name}_{thing}_competency_id"), [thing, "competency_id"])
    document = sa.table(
        "programme_documents", sa.column("province_id"), *(sa.column(each, sa.String) for each in NAMED)
    )
    province = sa.table("provinces", sa.column("id"), sa.column("name_tr", sa.String))
    bare = sa.exists().where(province.c.id == document.c.province_id, province.c.name_tr == document.c.name_tr)
    strategy = sa.update(document).where(document.c.kind == "strategy", bare.correlate(document))
    turkish, english = document.c.name_tr + " görünürlük stratejisi", "Visibility strategy of " + document.c.name_en
    op.execute(strategy.values(name_tr=turkish, name_en=english))


def _doubles(name: str, thing: str) -> sa.Delete:
    """Of what asks twice the one a row of a plan rests on stays, else the first."""
    ask = sa.table(name, *(sa.column(each) for each in ("id", thing, "competency_id", "plan_item_id")))
    other = ask.alias("other")
    rests, others = ask.c.plan_item_id.is_not(None), other.c.plan_item_id.is_not(None)
    better = sa.or_(sa.and_(others, sa.not_(rests)), sa.and_(others == rests, other.c.id < ask.c.id))
    alike = (other.c[thing] == ask.c[thing], other.c.competency_id == ask.c.competency_id)
    return sa.delete(ask).where(sa.exists().where(*alike, better).correlate(ask))


def downgrade() -> None:
    for name, thing in ASKS:
        with op.batch_alter_table(name) as batch_op:
            batch_op.drop_constraint(op.f(f"uq_{name}_{thing}_competency_id"), type_="unique")
