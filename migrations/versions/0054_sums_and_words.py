"""Users of pilots are summed by month; sustainability measures are searched: their texts, folded.

Revision ID: 0054
Revises: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.language.turkish import search_key

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BANDS = ("0", "13", "18", "30", "60")
WOMEN, MEN = (" + ".join(f"{sex}_{band}" for band in BANDS) for sex in ("women", "men"))
TEXTS = ("text_tr", "text_en", "component", "responsible")
MONTHS = sa.table(
    "pilot_months",
    *(sa.column(name, sa.Integer) for sex in ("women", "men") for name in (sex, *(f"{sex}_{b}" for b in BANDS))),
)
MEASURES = sa.table(
    "measures", sa.column("id", sa.Integer), *(sa.column(name, sa.String) for name in (*TEXTS, "search_text"))
)


def upgrade() -> None:
    op.add_column("measures", sa.Column("search_text", sa.String(length=1323), server_default="", nullable=False))
    bind = op.get_bind()
    for key, *texts in bind.execute(sa.select(MEASURES.c.id, *(MEASURES.c[name] for name in TEXTS))).all():
        folded = search_key(" ".join(texts))[:1323]
        bind.execute(sa.update(MEASURES).where(MEASURES.c.id == key).values(search_text=folded))
    op.add_column("pilot_months", sa.Column("women", sa.Integer(), server_default="0", nullable=False))
    op.add_column("pilot_months", sa.Column("men", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        sa.update(MONTHS).values({sex: sum(MONTHS.c[f"{sex}_{band}"] for band in BANDS) for sex in ("women", "men")})
    )
    op.create_check_constraint(op.f("ck_pilot_months_sums"), "pilot_months", f"women = {WOMEN} AND men = {MEN}")
    _index(["month", "service_id", "women", "men"], ["service_id", "month", "women", "men"])


def _index(by_month: list[str], by_service: list[str]) -> None:
    for name, columns in (("ix_pilot_months_month", by_month), ("ix_pilot_months_service_id", by_service)):
        op.drop_index(name, "pilot_months")
        op.create_index(name, "pilot_months", columns)


def downgrade() -> None:
    _index(["month", "service_id"], ["service_id"])
    op.drop_constraint(op.f("ck_pilot_months_sums"), "pilot_months", type_="check")
    op.execute("UPDATE pilot_months SET women = 0, men = 0")  # computed again on the way up
    for name in ("women", "men"):
        op.drop_column("pilot_months", name)
    op.execute("UPDATE measures SET search_text = ''")
    op.drop_column("measures", "search_text")
