from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Province, User
from app.access.scope import Everyone, OwnedBy, OwnedThrough, any_of
from app.catalogue.models import Competency
from app.core.db import Model, by_bytes, index_where_set, points_to
from app.core.search import searchable
from app.core.status import Worded
from app.language import turkish
from app.people.models import Employee


class TrainerKind(Worded):
    INTERNAL = "internal", "Internal"
    EXTERNAL = "external", "External"


class RunsAProvince:
    """Seen by whoever runs a province: trainers cross provinces."""

    def visible(self, model: object, scope: object) -> sa.ColumnElement[bool]:
        return sa.true() if getattr(scope, "provinces", None) else sa.false()

    def tables(self, model: type[Trainer]) -> set[object]:
        return {Trainer.__table__}


class Trainer(Model):
    __tablename__ = "trainers"
    __scope__ = any_of(RunsAProvince(), OwnedBy("user_id", "own_trainer"))
    __table_args__ = tuple(
        index_where_set(f"ix_trainers_{key}", key, unique=True) for key in ("user_id", "employee_id")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(100))
    family_name: Mapped[str] = mapped_column(sa.String(100))
    academic_title: Mapped[str] = mapped_column(sa.String(40), default="")
    name_sort: Mapped[str] = mapped_column(sa.String(800), index=True)
    search_text: Mapped[str] = mapped_column(sa.String(600))
    kind: Mapped[TrainerKind]
    email: Mapped[str] = mapped_column(by_bytes(254), default="")
    institution: Mapped[str] = mapped_column(sa.String(200), default="")
    province_id: Mapped[int | None] = points_to("provinces.id")
    employee_id: Mapped[int | None] = points_to("employees.id", index=False)
    user_id: Mapped[int | None] = points_to("users.id", index=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    employee: Mapped[Employee | None] = relationship(lazy="raise_on_sql")
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.academic_title, self.given_name, self.family_name) if part)

    @property
    def printed_name(self) -> str:
        """Prof. Dr. Yavuz AYTAÇ, as papers print it."""
        return f"{self.academic_title} {turkish.printed_name(self.given_name, self.family_name)}".strip()

    @property
    def signs_in(self) -> bool:
        """Needs `user` loaded, as the two below."""
        return self.user is not None and self.user.active

    @property
    def address(self) -> str:
        """Where letters go: to the account's address where there is one that is used, else to their own; may be ""."""
        return self.user.email if self.user is not None and self.user.active else self.email

    @property
    def language(self) -> str:
        return self.user.language if self.user is not None and self.user.active else "tr"

    def set_identity(self, given: str, family: str, email: str) -> None:
        self.given_name, self.family_name, self.email = given, family, email
        self.name_sort = turkish.sort_key(f"{family} {given}")
        self.search_text = turkish.search_key(f"{given} {family} {email}")


class TrainerExpertise(Model):
    """A trainer can teach a competency."""

    __tablename__ = "trainer_expertise"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("trainer_id", "competency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trainer_id: Mapped[int] = points_to("trainers.id")
    competency_id: Mapped[int] = points_to("competencies.id")
    competency: Mapped[Competency] = relationship(lazy="raise_on_sql")


class TrainerAbsence(Model):
    """Days on which a trainer cannot teach, both included."""

    __tablename__ = "trainer_absences"
    __scope__ = OwnedThrough("trainer")
    __table_args__ = (sa.CheckConstraint("first_day <= last_day", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trainer_id: Mapped[int] = points_to("trainers.id")
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    trainer: Mapped[Trainer] = relationship(lazy="raise_on_sql")


searchable(Trainer)
