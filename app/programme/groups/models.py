"""Strategic action plan groups: who sits in them, when they meet and who was there, what they decided.

How an action or a meeting stands is derived wherever it is asked, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation, Province, User
from app.access.scope import OwnedBy, OwnedThrough, Scope
from app.catalogue.models import Theme
from app.core.clock import at, now, today
from app.core.db import Model, by_bytes, index_where_set, points_to
from app.core.status import Status, Worded
from app.people.models import Employee, Sex
from app.programme.asks.models import Asks
from app.programme.documents.models import ProgrammeDocument


class InstitutionType(Worded):
    MUNICIPALITY = "municipality", "Municipality"
    GOVERNORATE = "governorate", "Governorate"
    PUBLIC_BODY = "public_body", "Public body"
    UNIVERSITY = "university", "University"
    NGO = "ngo", "Non-governmental organisation"
    CHAMBER = "chamber", "Chamber"
    MUHTAR = "muhtar", "Muhtar"
    PRIVATE = "private", "Private sector"


class Office(Worded):
    CHAIR = "chair", "Chair"
    SECRETARY = "secretary", "Secretary"
    MEMBER = "member", "Member"


@dataclass(frozen=True)
class OfProvince:
    """By whoever runs its province; and by whoever answers for an institution that sits or sat in the group: what it
    promised stays its own to read.
    """

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        sits = sa.select(GroupMember.group_id).where(GroupMember.organisation_id.in_(sorted(scope.organisations)))
        # the members themselves are asked for by this rule, too: not theirs are meant
        ours = model.id.in_(sits.correlate(None)) if scope.organisations else sa.false()
        return sa.or_(model.province_id.in_(sorted(scope.provinces)), ours) if scope.provinces else ours

    def tables(self, model: Any) -> set[Any]:
        return {ActionGroup.__table__, GroupMember.__table__}


class ActionGroup(Model):
    """`active` False: it meets no more; what it decided stays."""

    __tablename__ = "action_groups"
    __scope__ = OfProvince()

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = points_to("provinces.id")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    name_sort: Mapped[str] = mapped_column(sa.String(640))
    search_text: Mapped[str] = mapped_column(sa.String(340))
    aim_tr: Mapped[str] = mapped_column(sa.String(1000), default="")
    aim_en: Mapped[str] = mapped_column(sa.String(1000), default="")
    founded_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class GroupTheme(Model):
    __tablename__ = "action_group_themes"
    __scope__ = OwnedThrough("group")
    __table_args__ = (sa.UniqueConstraint("group_id", "theme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = points_to("action_groups.id")
    theme_id: Mapped[int] = points_to("themes.id")
    group: Mapped[ActionGroup] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")


class GroupMember(Model):
    """Somebody who sits in a group for an institution. Of an employee name, sex and addresses are those of her card.

    `organisation_id` None: an institution we do not keep, by its name alone. Who left stays, with `left_on`.
    """

    __tablename__ = "group_members"
    __scope__ = OwnedThrough("group")
    __table_args__ = (
        sa.CheckConstraint("left_on IS NULL OR joined_on IS NULL OR joined_on <= left_on", name="days"),
        index_where_set("ix_group_members_employee_id", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = points_to("action_groups.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    institution: Mapped[str] = mapped_column(sa.String(200), default="")
    institution_type: Mapped[InstitutionType]
    employee_id: Mapped[int | None] = points_to("employees.id", index=False)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    job: Mapped[str] = mapped_column(sa.String(120), default="")
    office: Mapped[Office] = mapped_column(default=Office.MEMBER)
    sex: Mapped[Sex] = mapped_column(default=Sex.NOT_STATED)
    email: Mapped[str] = mapped_column(by_bytes(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    group: Mapped[ActionGroup] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    employee: Mapped[Employee | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def gone(self) -> bool:
        """Who leaves later is still there today."""
        return self.left_on is not None and self.left_on <= today()

    @property
    def institution_tr(self) -> str:
        """Needs `organisation` loaded, as the English name does."""
        return self.organisation.name_tr if self.organisation is not None else self.institution

    @property
    def institution_en(self) -> str:
        return self.organisation.name_en if self.organisation is not None else self.institution

    @property
    def called(self) -> str:
        """Needs `employee` loaded, as the three below do."""
        return self.employee.name if self.employee is not None else self.name

    @property
    def stated_sex(self) -> Sex:
        return self.employee.sex if self.employee is not None else self.sex

    @property
    def address(self) -> str:
        """Where letters go: that of the account where it is used (and loaded, too), of the card, or her own. Whoever is
        no longer on the staff is told nothing.
        """
        if self.employee is None:
            return self.email
        if not self.employee.active:
            return ""
        user = self.employee.user
        return user.email if user is not None and user.active else self.employee.email

    @property
    def language(self) -> str:
        user = self.employee.user if self.employee is not None else None
        return user.language if user is not None and user.active else "tr"


class MeetingState(Worded):
    AHEAD = "ahead", "Ahead"
    UNMARKED = "unmarked", "Attendance not entered"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def tone(self) -> str:
        return {"held": "ok", "unmarked": "warn", "cancelled": "cancel"}.get(self.value, "plain")


class GroupMeeting(Model):
    """`invited_at`: since when its members are told of changes. `printed`: what the latest signature sheet says of day,
    hours and place, for whom it is said when they change. `document_id`: the scan of the signed sheet.
    """

    __tablename__ = "group_meetings"
    __scope__ = OwnedThrough("group")
    __table_args__ = (sa.CheckConstraint("starts < ends", name="hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = points_to("action_groups.id")
    date: Mapped[date] = mapped_column(index=True)
    starts: Mapped[time]
    ends: Mapped[time]
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    online: Mapped[bool] = mapped_column(default=False)
    agenda: Mapped[str] = mapped_column(sa.Text, default="")
    minutes: Mapped[str] = mapped_column(sa.Text, default="")
    invited_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    printed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    document_id: Mapped[int | None] = points_to("documents.id")
    version: Mapped[int] = mapped_column(default=1)
    group: Mapped[ActionGroup] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def over(self) -> bool:
        return at(self.date, self.ends) <= now()

    def state(self, marked: bool) -> MeetingState:
        """`marked`: whether its attendance was entered."""
        if self.cancelled_at is not None:
            return MeetingState.CANCELLED
        if marked:
            return MeetingState.HELD
        return MeetingState.UNMARKED if self.over else MeetingState.AHEAD

    @property
    def as_printed(self) -> dict[str, Any]:
        """What a sheet printed now says of when and where."""
        when = {"date": self.date.isoformat(), "starts": f"{self.starts:%H:%M}", "ends": f"{self.ends:%H:%M}"}
        return when | {"place": self.place}

    @property
    def sheet_outdated(self) -> bool:
        return bool(self.printed) and self.printed != self.as_printed


class Attended(Worded):
    PRESENT = "present", "Present"
    SUBSTITUTE = "substitute", "Substitute sent"
    ABSENT = "absent", "Absent"

    @property
    def tone(self) -> str:
        return {"present": "ok", "substitute": "warn"}.get(self.value, "cancel")

    @property
    def icon(self) -> str:
        return {"present": "check", "substitute": "user-check"}.get(self.value, "x")


class MeetingAttendance(Model):
    """Of a member whether she was there; `substitute` names who came instead."""

    __tablename__ = "meeting_attendance"
    __scope__ = OwnedThrough("meeting")
    __table_args__ = (sa.UniqueConstraint("meeting_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = points_to("group_meetings.id")
    member_id: Mapped[int] = points_to("group_members.id")
    attended: Mapped[Attended]
    substitute: Mapped[str] = mapped_column(sa.String(120), default="")
    meeting: Mapped[GroupMeeting] = relationship(lazy="raise_on_sql")
    member: Mapped[GroupMember] = relationship(lazy="raise_on_sql")


class StrategicPlan(Model):
    """The strategic action plan of a province: its goals, with the actions of all its groups that lead there."""

    __tablename__ = "strategic_plans"
    __scope__ = OwnedBy("province_id", "provinces")

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = points_to("provinces.id", unique=True)
    document_id: Mapped[int] = points_to("programme_documents.id")
    province: Mapped[Province] = relationship(lazy="raise_on_sql")
    document: Mapped[ProgrammeDocument] = relationship(lazy="raise_on_sql")


class StrategicGoal(Model):
    __tablename__ = "strategic_goals"
    __scope__ = OwnedThrough("plan")

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = points_to("strategic_plans.id")
    position: Mapped[int]
    text_tr: Mapped[str] = mapped_column(sa.String(300))
    text_en: Mapped[str] = mapped_column(sa.String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    plan: Mapped[StrategicPlan] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class ActionState(Worded):
    """How an action stands: its status, or late."""

    OPEN = "open", "Open"
    UNDER_WAY = "under_way", "Under way"
    LATE = "late", "Overdue"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"

    @property
    def tone(self) -> str:
        return {"done": "ok", "under_way": "full", "dropped": "cancel", "late": "warn"}.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {"open": "circle", "under_way": "play", "late": "hourglass"}.get(self.value, super().icon)


class ActionStatus(Status):
    OPEN = "open", "Open"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"

    @property
    def next(self) -> frozenset[Self]:
        """What was done by mistake goes on; what was dropped is taken up again."""
        moves: dict[str, set[str]] = {
            "open": {"under_way", "done", "dropped"},
            "under_way": {"open", "done", "dropped"},
            "done": {"under_way"},
            "dropped": {"open"},
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def icon(self) -> str:
        return ActionState(self.value).icon


UNFINISHED = (ActionStatus.OPEN, ActionStatus.UNDER_WAY)


class GroupAction(Model):
    """What a group decided to do. `owner_id`: the member who answers for it, and so the institution. Late is derived:
    neither done nor dropped, and past `due_on`.
    """

    __tablename__ = "group_actions"
    __scope__ = OwnedThrough("group")
    __table_args__ = (sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = points_to("action_groups.id")
    meeting_id: Mapped[int | None] = points_to("group_meetings.id")
    theme_id: Mapped[int | None] = points_to("themes.id")
    owner_id: Mapped[int | None] = points_to("group_members.id")
    goal_id: Mapped[int | None] = points_to("strategic_goals.id")
    text_tr: Mapped[str] = mapped_column(sa.String(500))
    text_en: Mapped[str] = mapped_column(sa.String(500), default="")
    search_text: Mapped[str] = mapped_column(sa.String(1002))
    due_on: Mapped[date] = mapped_column(index=True)
    status: Mapped[ActionStatus] = mapped_column(default=ActionStatus.OPEN)
    percent: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(sa.String(1000), default="")
    document_id: Mapped[int | None] = points_to("documents.id")
    version: Mapped[int] = mapped_column(default=1)
    group: Mapped[ActionGroup] = relationship(lazy="raise_on_sql")
    meeting: Mapped[GroupMeeting | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[GroupMember | None] = relationship(lazy="raise_on_sql")
    goal: Mapped[StrategicGoal | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def state(self) -> ActionState:
        late = self.due_on < today() and self.status in UNFINISHED
        return ActionState.LATE if late else ActionState(self.status.value)


class ActionChange(Model):
    """A step of an action: by whom, when, how far, with which note."""

    __tablename__ = "group_action_changes"
    __scope__ = OwnedThrough("action")

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = points_to("group_actions.id")
    status: Mapped[ActionStatus]
    percent: Mapped[int]
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    changed_by: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)
    action: Mapped[GroupAction] = relationship(lazy="raise_on_sql")
    who: Mapped[User | None] = relationship(lazy="raise_on_sql")


class ActionAsk(Asks, Model):
    """A competency an action asks for."""

    __tablename__ = "action_asks"
    __scope__ = OwnedThrough("action")
    __table_args__ = (sa.UniqueConstraint("action_id", "competency_id"),)

    action_id: Mapped[int] = points_to("group_actions.id")
    action: Mapped[GroupAction] = relationship(lazy="raise_on_sql")
