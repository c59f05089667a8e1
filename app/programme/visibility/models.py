from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Province
from app.access.scope import OwnedBy, OwnedThrough, any_of
from app.core.clock import now, today
from app.core.db import Model, points_to
from app.core.status import Worded
from app.programme.documents.models import ProgrammeDocument
from app.programme.groups.models import GroupMeeting
from app.programme.pilots.models import Pilot
from app.training.models import CourseSession, RunBy


class Strategy(Model):
    """How a province is seen and heard: what its document says now; versions and decisions are the document's.

    `file_id`: the paper it came as, where there is one.
    """

    __tablename__ = "strategies"
    __scope__ = OwnedBy("province_id", "provinces")

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = points_to("provinces.id", unique=True)
    document_id: Mapped[int] = points_to("programme_documents.id", unique=True)
    file_id: Mapped[int | None] = points_to("documents.id")
    valid_from: Mapped[date]
    review_on: Mapped[date]
    goals_tr: Mapped[str] = mapped_column(sa.Text, default="")
    goals_en: Mapped[str] = mapped_column(sa.Text, default="")
    audiences_tr: Mapped[str] = mapped_column(sa.Text, default="")
    audiences_en: Mapped[str] = mapped_column(sa.Text, default="")
    messages_tr: Mapped[str] = mapped_column(sa.Text, default="")
    messages_en: Mapped[str] = mapped_column(sa.Text, default="")
    channels_tr: Mapped[str] = mapped_column(sa.Text, default="")
    channels_en: Mapped[str] = mapped_column(sa.Text, default="")
    rules_tr: Mapped[str] = mapped_column(sa.Text, default="")
    rules_en: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province] = relationship(lazy="raise_on_sql")
    document: Mapped[ProgrammeDocument] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def overdue(self) -> bool:
        """Past its review date; the list asks the same in SQL."""
        return self.review_on < today()


class ActivityKind(Worded):
    PRESS = "press", "Press"
    SOCIAL_MEDIA = "social_media", "Social media"
    EVENT = "event", "Event"
    POSTER = "poster", "Poster"
    PUBLICATION = "publication", "Publication"
    WEB = "web", "Web"


class DonorApproval(Worded):
    NOT_NEEDED = "not_needed", "Not needed"
    ASKED = "asked", "Asked"
    GIVEN = "given", "Given"

    @property
    def tone(self) -> str:
        return {"asked": "warn", "given": "ok"}.get(self.value, "plain")


class Activity(Model):
    """Something that was shown or said in public; the course session, pilot project or meeting it belongs to is of its
    province. `reach` never stands without its source, `given` never without a day.
    """

    __tablename__ = "visibility_activities"
    __scope__ = OwnedBy("province_id", "provinces")
    __table_args__ = (
        sa.CheckConstraint("reach IS NULL OR (reach >= 0 AND reach_source <> '')", name="reach"),
        sa.CheckConstraint("approval <> 'given' OR approval_day IS NOT NULL", name="approval"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = points_to("provinces.id")
    kind: Mapped[ActivityKind]
    day: Mapped[date]
    title_tr: Mapped[str] = mapped_column(sa.String(240))
    title_en: Mapped[str] = mapped_column(sa.String(240), default="")
    course_session_id: Mapped[int | None] = points_to("course_sessions.id")
    pilot_id: Mapped[int | None] = points_to("pilots.id")
    meeting_id: Mapped[int | None] = points_to("group_meetings.id")
    reach: Mapped[int | None]
    reach_source: Mapped[str] = mapped_column(sa.String(160), default="")
    approval: Mapped[DonorApproval] = mapped_column(default=DonorApproval.NOT_NEEDED)
    approval_day: Mapped[date | None]
    file_id: Mapped[int | None] = points_to("documents.id")
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province] = relationship(lazy="raise_on_sql")
    course_session: Mapped[CourseSession | None] = relationship(lazy="raise_on_sql")
    pilot: Mapped[Pilot | None] = relationship(lazy="raise_on_sql")
    meeting: Mapped[GroupMeeting | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def has_checklist(self) -> bool:
        """An event of its own; that of a course session or a meeting is on the list of these."""
        return self.kind is ActivityKind.EVENT and self.course_session_id is None and self.meeting_id is None


class CheckItem(Worded):
    FLAGS = "flags", "Flags placed"
    LOGOS = "logos", "Cooperation logos with the statement"
    SIZES = "sizes", "Sizes and order of the logos"
    PRINTING = "printing", "Donor approval before printing"
    STATEMENT = "statement", "Funding statement said"
    CONSENT = "consent", "Consent to photographs"
    ARCHIVE = "archive", "Material archived"

    @property
    def before(self) -> bool:
        """Whether it is settled before the event begins."""
        return self in (CheckItem.FLAGS, CheckItem.LOGOS, CheckItem.SIZES, CheckItem.PRINTING)


class CheckAnswer(Worded):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_NEEDED = "not_needed", "Not needed"


class EventKind(Worded):
    SESSION = "session", "Course session"
    MEETING = "meeting", "Meeting"
    ACTIVITY = "activity", "Other event"

    @property
    def pointer(self) -> str:
        """By which column the rows of its checklist point at it."""
        return "course_session_id" if self is EventKind.SESSION else f"{self.value}_id"


class EventCheck(Model):
    """An item of an event's checklist that was answered; one that was not has no row. The event is a course session, a
    meeting of a group, or an activity (of the kind `event`, of no course session and no meeting).
    """

    __tablename__ = "event_checks"
    __scope__ = any_of(OwnedThrough("course_session", RunBy()), OwnedThrough("meeting"), OwnedThrough("activity"))
    __table_args__ = (
        sa.UniqueConstraint("course_session_id", "item"),
        sa.UniqueConstraint("meeting_id", "item"),
        sa.UniqueConstraint("activity_id", "item"),
        sa.CheckConstraint(
            "CASE WHEN course_session_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_event",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int | None] = points_to("course_sessions.id", index=False)  # indexed above, as both below
    meeting_id: Mapped[int | None] = points_to("group_meetings.id", index=False)
    activity_id: Mapped[int | None] = points_to("visibility_activities.id", index=False)
    item: Mapped[CheckItem]
    answer: Mapped[CheckAnswer]
    by_id: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    course_session: Mapped[CourseSession | None] = relationship(lazy="raise_on_sql")
    meeting: Mapped[GroupMeeting | None] = relationship(lazy="raise_on_sql")
    activity: Mapped[Activity | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
