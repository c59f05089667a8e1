from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import OwnedThrough
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Worded
from app.enrolment.models import Enrolment


class TestKind(Worded):
    __test__ = False  # the name is the domain's, not pytest's

    PRE = "pre", "Pre-test"
    POST = "post", "Post-test"


class TestScore(Model):
    """Pre- or post-test of an enrolment, 0 to 100 with one decimal: in tenths."""

    __tablename__ = "test_scores"
    __scope__ = OwnedThrough("enrolment")
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "kind"),
        sa.CheckConstraint("tenths BETWEEN 0 AND 1000", name="tenths"),
    )
    __test__ = False  # the name is the domain's, not pytest's

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = points_to("enrolments.id")
    kind: Mapped[TestKind]
    tenths: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Result(Worded):
    COMPLETED_ATTENDANCE = "completed_attendance", "Attendance requirement met"
    COMPLETED_SUCCESS = "completed_success", "Completed successfully"
    FAILED_ASSESSMENT = "failed_assessment", "Did not pass the test"
    FAILED_ATTENDANCE = "failed_attendance", "Attendance requirement not met"
    NO_SHOW = "no_show", "Did not attend"
    EXEMPT = "exempt", "Exempt"

    @property
    def tone(self) -> str:
        return {
            "completed_attendance": "ok",
            "completed_success": "ok",
            "failed_assessment": "warn",
            "failed_attendance": "cancel",
            "no_show": "cancel",
        }.get(self.value, "plain")


class DocumentKind(Worded):
    ATTENDANCE = "attendance", "Certificate of attendance"
    SUCCESS = "success", "Certificate of achievement"
    THANKS = "thanks", "Letter of thanks"


class Outcome(Model):
    """What a finalised session came to for one enrolment. Minutes and tenths of a percent, never rounded up.

    `due_since`: while its document has not been issued. Years of issued ones lie beside the few that wait.
    """

    __tablename__ = "outcomes"
    __scope__ = OwnedThrough("enrolment")
    __table_args__ = (
        sa.Index(
            "ix_outcomes_due",
            "enrolment_id",
            sqlite_where=sa.text("due_since IS NOT NULL"),
            postgresql_where=sa.text("due_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = points_to("enrolments.id", unique=True)
    result: Mapped[Result] = mapped_column(index=True)
    document: Mapped[DocumentKind | None]
    credit_minutes: Mapped[int]
    base_minutes: Mapped[int]
    percent_tenths: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    due_since: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")
