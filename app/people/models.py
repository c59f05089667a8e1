from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, validates

from app.access.models import Organisation, User
from app.access.scope import Everyone, Nobody, OwnedBy, OwnedThrough, Scope, any_of
from app.core.clock import now
from app.core.db import Model, by_bytes, index_where_set, points_to
from app.core.search import searchable
from app.core.status import Status, Worded
from app.language import gettext, turkish
from app.people.rules import fold
from app.people.terms import Term


class Unit(Model):
    """A directorate or department inside an organisation. `function` is the data key shared by all of its kind."""

    __tablename__ = "units"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("organisation_id", "function"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = points_to("organisations.id")
    function: Mapped[str] = mapped_column(sa.String(64), index=True)
    name_tr: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    name_sort: Mapped[str] = mapped_column(sa.String(800))
    themes: Mapped[list[str]] = mapped_column(sa.JSON)
    head_id: Mapped[int | None] = points_to("employees.id", use_alter=True, constraint="fk_units_head_id_employees")
    version: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class TitleLevel(Worded):
    TOP = "top", "Top management"
    MANAGER = "manager", "Manager"
    MIDDLE = "middle", "Middle level"
    SPECIALIST = "specialist", "Specialist"
    TECHNICAL = "technical", "Technical staff"
    OFFICER = "officer", "Officer"
    WORKER = "worker", "Worker"


class Title(Term, Model):
    __tablename__ = "titles"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name_tr: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    name_sort: Mapped[str] = mapped_column(sa.String(500))
    level: Mapped[TitleLevel]
    merged_into_id: Mapped[int | None] = points_to("titles.id")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class EmploymentType(Worded):
    CIVIL_SERVANT = "civil_servant", "Civil servant"
    CONTRACT = "contract", "Contract staff"
    WORKER = "worker", "Permanent worker"
    COMPANY = "company", "Municipal company employee"


class Sex(Worded):
    WOMAN = "woman", "Woman"
    MAN = "man", "Man"
    NOT_STATED = "not_stated", "Not stated"

    @property
    def many(self) -> str:
        """The word over a count of them."""
        return {"woman": gettext("Women"), "man": gettext("Men")}.get(self.value, self.label)


class Employee(Model):
    """A person on an organisation's staff. With history never deleted, only made inactive."""

    __tablename__ = "employees"
    __scope__ = any_of(OwnedBy("organisation_id"), OwnedBy("user_id", "own_user"))
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "registry_no"),
        # Unique by the service's rule only: two spellings of one number may be there from before.
        sa.Index("ix_employees_registry_key", "registry_key", "organisation_id"),
        # The list by name: walked in order, without touching the rows that are not shown. One institution has
        # its own; several (or all) read the first, whose last columns answer whose row it is and what filters ask.
        sa.Index("ix_employees_active_name", "active", "name_sort", "id", "organisation_id", "sex", "employment_type"),
        sa.Index("ix_employees_organisation_name", "organisation_id", "active", "name_sort", "id"),
        # Counting an institution's women and men, and how long a list is.
        sa.Index("ix_employees_organisation_sex", "organisation_id", "active", "sex"),
        sa.Index("ix_employees_title_id", "title_id", "organisation_id", "active"),  # how many have a title
        sa.Index("ix_employees_unit_id", "unit_id", "active"),  # how many of a unit are at work
        index_where_set("ix_employees_merged_into_id", "merged_into_id"),
        index_where_set("ix_employees_user_id", "user_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(100))
    family_name: Mapped[str] = mapped_column(sa.String(100))
    name_sort: Mapped[str] = mapped_column(sa.String(800))
    search_text: Mapped[str] = mapped_column(sa.String(600))
    registry_no: Mapped[str] = mapped_column(sa.String(32))
    registry_key: Mapped[str] = mapped_column(sa.String(32), default="")
    organisation_id: Mapped[int] = points_to("organisations.id")
    unit_id: Mapped[int] = points_to("units.id", index=False)
    title_id: Mapped[int] = points_to("titles.id", index=False)
    employment_type: Mapped[EmploymentType]
    sex: Mapped[Sex]
    email: Mapped[str] = mapped_column(by_bytes(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    supervisor_id: Mapped[int | None] = points_to("employees.id")
    user_id: Mapped[int | None] = points_to("users.id", index=False)
    merged_into_id: Mapped[int | None] = points_to("employees.id", index=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql", foreign_keys=[unit_id])
    title: Mapped[Title] = relationship(lazy="raise_on_sql")
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def printed_name(self) -> str:
        """The family name in capitals by Turkish rules, as documents print it."""
        return turkish.printed_name(self.given_name, self.family_name)

    @validates("registry_no")
    def _keyed(self, _: str, number: str) -> str:
        """What a number is compared by follows it."""
        self.registry_key = fold(number)
        return number

    def set_identity(self, given: str, family: str, registry_no: str, email: str) -> None:
        """Name, registry number and address as typed, with the keys they are searched and sorted by."""
        self.given_name, self.family_name = given, family
        self.registry_no, self.email = registry_no, email
        self.name_sort, self.search_text = search_columns(given, family, registry_no, email)


def search_columns(given: str, family: str, registry_no: str, email: str) -> tuple[str, str]:
    """What somebody is sorted and found by: `name_sort` and `search_text`."""
    # letters of other scripts make longer keys than there is room for: what is cut decides nothing
    name_sort = turkish.sort_key(f"{family} {given}")[:800]
    return name_sort, turkish.search_key(f"{given} {family} {registry_no} {email}")[:600]


class PersonalLink(Model):
    """A way to some pages of their own for somebody without an account: whoever holds it is taken for them.

    `purpose` says which pages (`links.models.Purpose`), `about` what it was made for (a course session's id, say), from
    which follows until when it leads anywhere. Only the hash of its token is stored. Several live at once: what is
    printed goes on working when a letter brings another.
    """

    __tablename__ = "personal_links"
    __scope__ = OwnedThrough("employee")

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = points_to("employees.id")
    purpose: Mapped[str] = mapped_column(sa.String(40))
    about: Mapped[int | None]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
    used_on: Mapped[date | None]
    employee: Mapped[Employee] = relationship(lazy="raise_on_sql")


searchable(Employee)
sa.Index("ix_employees_email", sa.func.lower(Employee.email))  # whose an address is that something was sent to


# --- staff lists that are brought in -------------------------------------------------------------------


class StaffImportStatus(Status):
    READ = "read", "Columns"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Preview"
    STORING = "storing", "Being stored"
    COMMITTED = "committed", "Imported"
    UNDONE = "undone", "Taken back"
    DISCARDED = "discarded", "Discarded"

    @property
    def next(self) -> frozenset[Self]:
        moves: dict[str, tuple[str, ...]] = {
            "read": ("checking", "checked", "discarded"),
            "checking": ("checked", "read", "discarded"),
            "checked": ("checking", "checked", "storing", "committed", "discarded"),
            "storing": ("checked", "committed"),
            "committed": ("undone",),
            "undone": (),
            "discarded": (),
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"committed": "ok", "checked": "full", "discarded": "cancel"}.get(self.value, "plain")

    @property
    def waits(self) -> bool:
        """Nothing of it is stored yet, and it was not thrown away."""
        return self.value in ("read", "checking", "checked", "storing")


class StaffImport(Model):
    """A staff list that was read and waits for a yes, or what became of it.

    `columns`: what each heading was taken for; `source`: the rows without what nobody may collect, packed
    (`imports.source`), gone once the list is stored, thrown away or a month old. `choices`: who a possible double is,
    by position of the row. `state` changes with anything the preview says. `undo`: what taking back needs; `missing`:
    ids of people of the institution who are not in a list that says it is whole.
    """

    __tablename__ = "staff_imports"
    __scope__ = OwnedBy("organisation_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = points_to("organisations.id")
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    status: Mapped[StaffImportStatus] = mapped_column(default=StaffImportStatus.READ)
    complete: Mapped[bool] = mapped_column(default=False)
    employment_type: Mapped[EmploymentType | None]
    columns: Mapped[list[Any]] = mapped_column(default=list)
    source: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    total: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(sa.String(64), default="")
    undo: Mapped[dict[str, Any]] = deferred(mapped_column(sa.JSON, default=dict, nullable=False))
    missing: Mapped[list[Any]] = deferred(mapped_column(sa.JSON, default=list, nullable=False))
    created_by: Mapped[int] = points_to("users.id")
    created_at: Mapped[datetime] = mapped_column(default=now)
    committed_by: Mapped[int | None] = points_to("users.id")
    committed_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = points_to("users.id")
    undone_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class ImportRowKind(Worded):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    SAME = "same", "The same"
    REPEATED = "repeated", "Twice in the file"
    POSSIBLE = "possible", "Possible double"
    ERROR = "error", "Error"

    @property
    def tone(self) -> str:
        return {"new": "ok", "changed": "full", "possible": "warn", "error": "cancel"}.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {"new": "circle-plus", "changed": "pencil", "possible": "users", "repeated": "copy"}.get(
            self.value, super().icon
        )


class StaffImportRow(Model):
    """A row of a list as its preview shows it; gone once the list is stored or thrown away."""

    __tablename__ = "staff_import_rows"
    __scope__ = Nobody()
    __table_args__ = (sa.Index("ix_staff_import_rows_import_id_kind", "import_id", "kind", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = points_to("staff_imports.id", index=False)
    position: Mapped[int]
    sheet: Mapped[str] = mapped_column(sa.String(100))
    number: Mapped[int]
    kind: Mapped[ImportRowKind]
    facts: Mapped[dict[str, Any]]


class ImportMemory(Model):
    """What somebody of an institution said by hand a word of its lists means: a column's heading, a unit, a title."""

    __tablename__ = "import_memories"
    __scope__ = OwnedBy("organisation_id")
    __table_args__ = (sa.UniqueConstraint("organisation_id", "kind", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = points_to("organisations.id")
    kind: Mapped[str] = mapped_column(sa.String(16))
    word: Mapped[str] = mapped_column(sa.String(200))
    meaning: Mapped[str] = mapped_column(sa.String(64), default="")


# --- records that may be one person --------------------------------------------------------------------


class BothSeen:
    """A pair is seen by whoever sees the institutions of both."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        seen = sorted(scope.organisations)
        return sa.and_(model.first_organisation_id.in_(seen), model.second_organisation_id.in_(seen))

    def tables(self, model: Any) -> set[Any]:
        return {model.__table__}


class EmployeePair(Model):
    """Two records that may be one person, found by the worker; or that are two for good (`different`).

    `signs`: why, words of `merging.duplicates.Sign` with spaces between.
    """

    __tablename__ = "employee_pairs"
    __scope__ = BothSeen()
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.Index("ix_employee_pairs_different_score", "different", "score", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = points_to("employees.id")
    second_id: Mapped[int] = points_to("employees.id")
    first_organisation_id: Mapped[int] = points_to("organisations.id")
    second_organisation_id: Mapped[int] = points_to("organisations.id")
    signs: Mapped[str] = mapped_column(sa.String(64))
    score: Mapped[int] = mapped_column(default=0)
    different: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[int | None] = points_to("users.id")
    decided_at: Mapped[datetime | None]
