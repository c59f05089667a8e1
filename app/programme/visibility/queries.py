from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Province
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db, typed_id
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.language.turkish import search_key, search_words
from app.programme.documents.models import ProgrammeDocument
from app.programme.visibility.models import Activity, CheckAnswer, CheckItem, EventCheck, Strategy
from app.programme.visibility.rules import SETTLED
from app.training.models import CourseSession, SessionStatus

# --- strategies --------------------------------------------------------------------------------------------

STRATEGY_SORTS: Mapping[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, Strategy.id),
    "review": (Strategy.review_on, Strategy.id),
}


def strategies(scope: Scope, query: ListQuery) -> Rows[Strategy]:
    """Filters: province, review ("due")."""
    ids = scope.restrict(sa.select(Strategy.id).join(Strategy.province), Strategy)
    if query.filter("province"):
        ids = ids.where(Strategy.province_id == query.filter_id("province"))
    if query.filter("review"):
        ids = ids.where(Strategy.review_on < today())

    def load(keys: Sequence[int]) -> Sequence[Strategy]:
        found = db.session.scalars(_whole(scope).where(Strategy.id.in_(keys))).all()
        return in_order(keys, found, lambda row: row.id)

    return Rows(ids, STRATEGY_SORTS[query.sort], query, load)


def _whole(scope: Scope) -> sa.Select[Strategy]:
    document = joinedload(Strategy.document).joinedload(ProgrammeDocument.province)
    statement = scope.select(Strategy).options(joinedload(Strategy.province), document)
    return scope.trusting(statement, ProgrammeDocument)  # type: ignore[no-any-return] # of the same select


def strategy(scope: Scope, strategy_id: int) -> Strategy:
    """With its province and its document, or Missing."""
    found = db.session.scalar(_whole(scope).where(Strategy.id == strategy_id))
    if found is None:
        raise Missing
    return found


def strategy_of(document: ProgrammeDocument) -> Strategy:
    """Of a document loaded through a scope."""
    return db.session.scalars(within(document).select(Strategy)).one()


def without_strategy(scope: Scope) -> list[int]:
    """Provinces of a scope that have none yet."""
    taken = set(db.session.scalars(scope.restrict(sa.select(Strategy.province_id), Strategy)))
    every = db.session.scalars(sa.select(Province.id).order_by(Province.name_sort))
    return [key for key in every if key not in taken and scope.covers_province(key)]


def count_overdue(scope: Scope) -> sa.Select[Any]:
    return scope.restrict(sa.select(sa.func.count(Strategy.id)), Strategy).where(Strategy.review_on < today())


# --- activities --------------------------------------------------------------------------------------------

ACTIVITY_SORTS: Mapping[str, tuple[Any, ...]] = {
    "day": (Activity.day, Activity.id),
    "province": (Province.name_sort, Activity.day, Activity.id),
}
ACTIVITY_FILTERS = ("kind", "approval", "province", "year")


def activities(scope: Scope, query: ListQuery) -> Rows[Activity]:
    ids = scope.restrict(sa.select(Activity.id).join(Activity.province), Activity)
    for name, column in (("kind", Activity.kind), ("approval", Activity.approval)):
        if query.filter(name):
            ids = ids.where(column == query.filter(name))
    if query.filter("province"):
        ids = ids.where(Activity.province_id == query.filter_id("province"))
    if query.filter("year"):
        ids = ids.where(_in_year(Activity.day, query))
    if query.q:
        ids = ids.where(Activity.id.in_(_titled(scope, query.q)))

    def load(keys: Sequence[int]) -> Sequence[Activity]:
        loaded = scope.select(Activity).options(joinedload(Activity.province)).where(Activity.id.in_(keys))
        return in_order(keys, db.session.scalars(loaded).all(), lambda row: row.id)

    return Rows(ids, ACTIVITY_SORTS[query.sort], query, load)


def _in_year(column: Any, query: ListQuery) -> sa.ColumnElement[bool]:
    typed = query.filter("year")
    year = typed_id(typed) if len(typed) == len("2026") else None
    return sa.false() if not year else sa.between(column, date(year, 1, 1), date(year, 12, 31))


def _titled(scope: Scope, typed: str) -> list[int]:
    """Those whose title holds every typed word, folded: there are dozens, not thousands."""
    words = search_words(typed)
    texts = scope.restrict(sa.select(Activity.id, Activity.title_tr + " " + Activity.title_en), Activity)
    return [key for key, text in db.session.execute(texts) if words and all(w in search_key(text) for w in words)]


def activity(scope: Scope, activity_id: int) -> Activity:
    session = joinedload(Activity.course_session).joinedload(CourseSession.course)
    statement = scope.select(Activity).where(Activity.id == activity_id)
    statement = statement.options(joinedload(Activity.province), session)
    # the session it belongs to was one of this province when it was chosen
    found: Activity | None = db.session.scalar(scope.trusting(statement, CourseSession))
    if found is None:
        raise Missing
    return found


def sessions_of(scope: Scope) -> Sequence[CourseSession]:
    """What an activity may belong to: sessions these provinces run, the latest first."""
    statement = _run(scope, scope.select(CourseSession)).options(joinedload(CourseSession.course))
    order = (CourseSession.starts_on.desc().nulls_last(), CourseSession.id.desc())
    return db.session.scalars(statement.order_by(*order).limit(200)).all()


# --- events and their checklists ---------------------------------------------------------------------------

HELD = (SessionStatus.CONFIRMED, SessionStatus.FINALISED)
SOON = timedelta(days=7)
EVENT_SORTS: Mapping[str, tuple[Any, ...]] = {
    "date": (sa.nulls_first(CourseSession.ends_on), CourseSession.id),
    "province": (sa.nulls_first(Province.name_sort), CourseSession.id),
}
EVENT_FILTERS = ("checklist", "province", "year")


@dataclass(frozen=True)
class EventRow:
    """A course session with how many items of its checklist are settled."""

    id: int
    code: str
    name_tr: str
    name_en: str
    province_tr: str | None
    province_en: str | None
    starts_on: date | None
    ends_on: date | None
    status: SessionStatus
    settled: int

    @property
    def complete(self) -> bool:
        return self.settled == len(CheckItem)


def _run(scope: Scope, statement: Any) -> Any:
    """Only what they run: a session that is merely offered to somebody has its checklist elsewhere."""
    return statement if scope.everything else statement.where(CourseSession.province_id.in_(sorted(scope.provinces)))


def _settled(*items: CheckItem) -> Any:
    """How many of these items (all) of a session are settled."""
    chosen = EventCheck.item.in_(items) if items else sa.true()
    counted = sa.select(sa.func.count(EventCheck.id))
    mine = (EventCheck.course_session_id == CourseSession.id, EventCheck.answer.in_(SETTLED), chosen)
    return counted.where(*mine).correlate(CourseSession).scalar_subquery()


def _over() -> sa.ColumnElement[bool]:
    """An event is a session that took place: confirmed or finalised, its last day over."""
    return sa.and_(CourseSession.status.in_(HELD), CourseSession.ends_on < today())


def _ahead() -> sa.ColumnElement[bool]:
    """One that begins within a week while something is open that it cannot begin without."""
    first = [item for item in CheckItem if item.before]
    soon = sa.between(CourseSession.starts_on, today(), today() + SOON)
    live = CourseSession.status.in_([SessionStatus.OPEN, SessionStatus.CONFIRMED])
    return sa.and_(live, soon, _settled(*first) < len(first))


def events(scope: Scope, query: ListQuery) -> Rows[EventRow]:
    """Events that are over; `checklist`: "complete", "open", or "ahead" for those to come that lack something."""
    ids = _events(scope, query).outerjoin(Province, Province.id == CourseSession.province_id)
    return Rows(ids, EVENT_SORTS[query.sort], query, _event_rows)


def _events(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    asked = query.filter("checklist")
    ids = _run(scope, scope.restrict(sa.select(CourseSession.id), CourseSession))
    ids = scope.trusting(ids, EventCheck).where(_ahead() if asked == "ahead" else _over())
    if asked in ("complete", "open"):
        done = _settled() == len(CheckItem)
        ids = ids.where(done if asked == "complete" else sa.not_(done))
    if query.filter("province"):
        ids = ids.where(CourseSession.province_id == query.filter_id("province"))
    if query.filter("year"):
        ids = ids.where(_in_year(CourseSession.ends_on, query))
    return ids  # type: ignore[no-any-return] # a select of ids, narrowed


def _event_rows(keys: Sequence[int]) -> Sequence[EventRow]:
    columns: tuple[Any, ...] = (
        CourseSession.id,
        Course.code + "/" + sa.cast(CourseSession.ordinal, sa.String),
        Course.name_tr,
        Course.name_en,
        Province.name_tr,
        Province.name_en,
        CourseSession.starts_on,
        CourseSession.ends_on,
        CourseSession.status,
        _settled(),
    )
    statement = (
        sa.select(*columns)
        .select_from(CourseSession)
        .join(CourseSession.course)
        .outerjoin(CourseSession.province)
        .where(CourseSession.id.in_(keys))
    )
    found = db.session.execute(within(CourseSession).trusting(statement, CourseSession, EventCheck))
    return in_order(keys, [EventRow(*row) for row in found], lambda row: row.id)


def count_ahead(scope: Scope) -> sa.Select[Any]:
    """The length of the list of those to come that lack something."""
    ids = _events(scope, ListQuery(filters={"checklist": "ahead"}))
    return sa.select(sa.func.count()).select_from(ids.subquery())


def checks(course_session: CourseSession) -> Mapping[CheckItem, EventCheck]:
    """What was answered of a session loaded through a scope that runs it."""
    rows = db.session.scalars(within(course_session).select(EventCheck))
    return {row.item: row for row in rows}


def answers(course_session: CourseSession) -> Mapping[CheckItem, CheckAnswer]:
    return {item: row.answer for item, row in checks(course_session).items()}


def by_province(year: int) -> sa.Select[Any]:
    """G15 of `programme.parts.Read`: events of that year that are over, those with a complete checklist."""
    done = sa.func.count(sa.case((_settled() == len(CheckItem), 1)))
    columns: tuple[Any, ...] = (CourseSession.province_id, done, sa.func.count(), sa.literal(0))
    query = ListQuery(filters={"year": str(year)})
    # an aggregate: who sees the number of which province is for its page to say
    statement = sa.select(*columns).where(CourseSession.id.in_(_events(EVERYWHERE, query)))
    reads = (CourseSession, EventCheck)
    statement = statement.group_by(CourseSession.province_id)
    counted: sa.Select[Any] = EVERYWHERE.trusting(statement, *reads)  # as said above
    return counted
