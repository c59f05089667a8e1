"""Many sessions at once: the list, its filters, the month, the search. Rows, not entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, Province
from app.access.scope import Scope, within
from app.calendar.days import Calendar
from app.catalogue.models import Course, Theme
from app.core.clock import now
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import matches
from app.core.tables.written import written_once
from app.language import in_language
from app.language.turkish import search_words
from app.settings.queries import calendar, value
from app.trainers.models import Trainer
from app.training import concerns, queries, rules, seats
from app.training.models import CourseSession, SessionAudience, SessionStatus, Sitting, TrainerAssignment
from app.training.rules import LIVE, Circumstance

FILTERS = ("status", "province", "theme", "course", "trainer", "period", "concern")


@dataclass(frozen=True)
class SessionRow:
    """A session in a list. `taken`: held seats; `closed`: nominations are. Needs no further query."""

    id: int
    course_code: str
    ordinal: int
    course_tr: str
    course_en: str
    province_tr: str | None
    province_en: str | None
    status: SessionStatus
    starts_on: date | None
    ends_on: date | None
    capacity: int
    minimum: int
    taken: int
    sittings: int
    first_start: time | None
    last_end: time | None
    closed: bool

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"

    @property
    def course(self) -> str:
        return in_language(self, "course")

    @property
    def province(self) -> str:
        return in_language(self, "province") if self.province_tr else ""

    @property
    def circumstances(self) -> tuple[Circumstance, ...]:
        return rules.circumstances(
            self.status,
            now(),
            begins=rules.moment_of(self.starts_on, self.first_start),
            ends=rules.moment_of(self.ends_on, self.last_end),
            closed=self.closed,
            full=self.taken >= self.capacity,
        )


_STARTS_ON = sa.nulls_first(CourseSession.starts_on)
SESSION_SORTS: Mapping[str, tuple[Any, ...]] = {
    "date": (_STARTS_ON, CourseSession.id),
    "code": (
        Course.code,
        sa.nulls_first(CourseSession.province_id),
        CourseSession.year,
        CourseSession.ordinal,
        CourseSession.id,
    ),
    "course": (Course.name_sort, _STARTS_ON, CourseSession.id),
    "province": (sa.nulls_first(Province.name_sort), _STARTS_ON, CourseSession.id),
    "capacity": (CourseSession.capacity, CourseSession.id),
}


def course_sessions(scope: Scope, query: ListQuery) -> Rows[SessionRow]:
    """Course sessions this scope sees; `FILTERS` are theirs."""
    return Rows(_ids(scope, query), SESSION_SORTS[query.sort], query, _rows)


def _ids(scope: Scope, query: ListQuery, *, ordered: bool = True) -> sa.Select[Any]:
    """`ordered`: beside their courses and provinces, which an order, a search or a theme reads, a number not."""
    ids = scope.restrict(sa.select(CourseSession.id), CourseSession)
    if ordered or query.filter("theme"):
        ids = ids.join(CourseSession.course).outerjoin(CourseSession.province).where(_says(query.q))
    ids = seats.counting(scope.trusting(ids, Sitting, TrainerAssignment))
    status = query.filter("status")
    if status in set(SessionStatus):
        ids = ids.where(CourseSession.status == status)
        if status == SessionStatus.OPEN:  # what is over takes nobody, whatever its status
            ids = ids.where(~sa.func.coalesce(queries.holds(Circumstance.ENDED), sa.false()))
    elif status:
        ids = ids.where(queries.holds(status))
    columns = {"province": CourseSession.province_id, "theme": Course.theme_id, "course": CourseSession.course_id}
    ids = narrowed(ids, query, columns)
    trainer = query.filter_id("trainer")
    if trainer is not None:
        ids = ids.where(_given_by(trainer))
    if query.filter("period"):
        span = rules.period(query.filter("period"))
        ids = ids.where(_within(*span) if span else sa.false())
    if query.filter("concern"):
        ids = concerns.narrow(ids, query.filter("concern"), scope)
    return ids


@written_once
def number(scope: Scope, **filters: str) -> sa.Select[Any]:
    """How many sessions the list holds that these filters leave; reads `read()`."""
    ids = _ids(scope, ListQuery(filters=filters), ordered=False)
    return ids.with_only_columns(sa.func.count(), maintain_column_froms=True)


@written_once
def by_province(scope: Scope, **filters: str) -> sa.Select[Any]:
    """The same of each province that has one: its id, the number."""
    columns: tuple[Any, ...] = (CourseSession.province_id, sa.func.count())
    ids = _ids(scope, ListQuery(filters=filters), ordered=False)
    return sa.select(*columns).where(CourseSession.id.in_(ids)).group_by(CourseSession.province_id)


def read() -> tuple[Any, ...]:
    """The models a list of sessions reads, whatever its filters."""
    return (CourseSession, SessionAudience, Sitting, TrainerAssignment, *seats.COUNTED.here.models, *concerns.models())


@dataclass(frozen=True)
class FoundSession:
    """A session as the search shows it."""

    id: int
    code: str
    name_tr: str
    name_en: str
    province_tr: str | None
    province_en: str | None
    status: SessionStatus
    starts_on: date | None

    @property
    def province(self) -> str:
        return in_language(self, "province") if self.province_tr else ""


def found_sessions(scope: Scope, typed: str, limit: int) -> list[FoundSession]:
    """The latest sessions a typed text finds; one more than `limit` says that there are others."""
    columns: tuple[Any, ...] = (
        CourseSession.id,
        Course.code + "/" + sa.cast(CourseSession.ordinal, sa.String),
        Course.name_tr,
        Course.name_en,
        Province.name_tr,
        Province.name_en,
        CourseSession.status,
        CourseSession.starts_on,
    )
    statement = (
        scope.restrict(sa.select(*columns), CourseSession)
        .join(CourseSession.course)
        .outerjoin(CourseSession.province)
        .where(_says(typed))
        .order_by(CourseSession.starts_on.desc().nulls_last(), CourseSession.id.desc())
        .limit(limit + 1)
    )
    return [FoundSession(*row) for row in db.session.execute(statement)]


def _given_by(trainer_id: int) -> sa.ColumnElement[bool]:
    return CourseSession.id.in_(
        sa.select(Sitting.course_session_id)
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .where(TrainerAssignment.trainer_id == trainer_id)
    )


def _within(begin: date, end: date) -> sa.ColumnElement[bool]:
    return sa.and_(CourseSession.starts_on < end, CourseSession.ends_on >= begin)


def _says(typed: str) -> sa.ColumnElement[bool]:
    """Each typed word is in the course's name or code, in the province, or is the session's ordinal (BK-02/3)."""
    conditions: list[sa.ColumnElement[bool]] = []
    words = search_words(typed)
    for word in words:
        ways = [matches(Course, word), Province.slug.contains(word, autoescape=True)]
        if word.isascii() and word.isdigit() and len(word) < 6 and not word.startswith("0"):
            ways.append(CourseSession.ordinal == int(word))
        conditions.append(sa.or_(*ways))
    return sa.and_(sa.true() if words or not typed.strip() else sa.false(), *conditions)


def _rows(ids: Sequence[int]) -> Sequence[SessionRow]:
    sittings = (
        sa.select(sa.func.count(Sitting.id)).where(Sitting.course_session_id == CourseSession.id).scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        CourseSession.id,
        Course.code,
        CourseSession.ordinal,
        Course.name_tr,
        Course.name_en,
        Province.name_tr,
        Province.name_en,
        CourseSession.status,
        CourseSession.starts_on,
        CourseSession.ends_on,
        CourseSession.capacity,
        CourseSession.minimum,
        seats.taken(),
        sittings,
        queries.first_start(),
        queries.last_end(),
        CourseSession.nominations_close_at,
    )
    statement = (
        sa.select(*columns)
        .join(CourseSession.course)
        .outerjoin(CourseSession.province)
        .where(CourseSession.id.in_(ids))
    )
    found: Any = db.session.execute(seats.counting(within(CourseSession).trusting(statement, CourseSession, Sitting)))
    days, once = int(value("nominations_close_days")), lru_cache(calendar)
    rows = [SessionRow(*(*row, _closed(row, chosen, days, once))) for *row, chosen in found]
    return in_order(ids, rows, lambda row: row.id)


def _closed(row: Sequence[Any], chosen: datetime | None, days: int, calendar: Callable[[], Calendar]) -> bool:
    status, starts_on = row[7], row[8]
    return status in LIVE and rules.nominations_closed(starts_on, chosen, days, calendar, now())


@dataclass(frozen=True)
class Choices:
    """What a list of sessions can be narrowed to: (id, name) pairs in the reader's language."""

    provinces: tuple[tuple[int, str], ...]
    themes: tuple[tuple[int, str], ...]
    courses: tuple[tuple[int, str], ...]
    trainers: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Choice:
    kind: str
    id: int
    name_tr: str
    name_en: str


def choices(scope: Scope) -> Choices:
    """All choices of the list's filters, in one statement: trainers this scope sees, provinces of sessions it sees."""
    text = sa.literal
    placed = scope.restrict(sa.select(CourseSession.province_id), CourseSession)
    provinces = sa.select(text("1 province"), Province.id, Province.name_tr, Province.name_en, Province.name_sort)
    parts = (
        provinces.where(Province.id.in_(placed)),
        sa.select(text("2 theme"), Theme.id, Theme.name_tr, Theme.name_en, Theme.prefix).where(
            Theme.merged_into_id.is_(None)
        ),
        sa.select(
            text("3 course"),
            Course.id,
            Course.code + text(" ") + Course.name_tr,
            Course.code + text(" ") + Course.name_en,
            Course.code,
        ),
        scope.restrict(
            sa.select(
                text("4 trainer"),
                Trainer.id,
                Trainer.given_name + text(" ") + Trainer.family_name,
                Trainer.given_name + text(" ") + Trainer.family_name,
                Trainer.name_sort,
            ),
            Trainer,
        ),
    )
    statement = sa.union_all(*parts).order_by(sa.literal_column("1"), sa.literal_column("5"), sa.literal_column("2"))
    found: dict[str, list[tuple[int, str]]] = {}
    for kind, key, turkish, english, _ in db.session.execute(
        statement, execution_options={"scoped": placed.get_execution_options()["scoped"] | {Trainer.__table__}}
    ):
        choice = _Choice(kind, key, turkish, english)
        found.setdefault(kind, []).append((key, in_language(choice, "name")))
    province, theme, course, trainer = (
        tuple(found.get(kind, ())) for kind in ("1 province", "2 theme", "3 course", "4 trainer")
    )
    return Choices(province, theme, course, trainer)


def audiences(scope: Scope) -> tuple[Sequence[Province], Sequence[Organisation]]:
    """To whom a session may be offered: the programme's provinces, by name, and their institutions, own ones first;
    one statement.
    """
    own = [] if scope.everything else [Organisation.province_id.in_(sorted(scope.provinces)).desc()]
    rows = db.session.execute(
        sa.select(Province, Organisation)
        .outerjoin(Organisation, Organisation.province_id == Province.id)
        .order_by(*own, Organisation.name_sort, Organisation.id)
    ).all()
    provinces = sorted({province for province, _ in rows}, key=lambda province: province.name_sort)
    return provinces, [institution for _, institution in rows if institution is not None]


def writable_provinces(scope: Scope) -> Sequence[Province]:
    """Provinces in which this scope (of a permission to write) may make sessions."""
    statement = sa.select(Province).order_by(Province.name_sort)
    if not scope.everything:
        statement = statement.where(Province.id.in_(sorted(scope.provinces)))
    return db.session.scalars(statement).all()
