from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Province
from app.access.queries import provinces
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db, typed_id
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.programme.documents.models import ProgrammeDocument
from app.programme.groups.models import ActionGroup, GroupMeeting
from app.programme.parts import saying
from app.programme.visibility.models import Activity, ActivityKind, CheckItem, EventCheck, EventKind, Strategy
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
    ids = narrowed(ids, query, {"province": Strategy.province_id})
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


def without_strategy(scope: Scope) -> list[Province]:
    """Provinces of a scope that have none yet."""
    taken = set(db.session.scalars(scope.restrict(sa.select(Strategy.province_id), Strategy)))
    return [one for one in provinces() if one.id not in taken and scope.covers_province(one.id)]


def count_overdue(scope: Scope) -> sa.Select[Any]:
    return scope.restrict(sa.select(sa.func.count(Strategy.id)), Strategy).where(Strategy.review_on < today())


# --- activities --------------------------------------------------------------------------------------------

ACTIVITY_SORTS: Mapping[str, tuple[Any, ...]] = {
    "day": (Activity.day, Activity.id),
    "province": (Province.name_sort, Activity.day, Activity.id),
}
ACTIVITY_FILTERS = ("kind", "approval", "province", "year")


def activities(scope: Scope, query: ListQuery) -> Rows[Activity]:
    ids = scope.restrict(sa.select(Activity.id).join(Activity.province), Activity).where(_in_year(Activity.day, query))
    columns = {"kind": Activity.kind, "approval": Activity.approval, "province": Activity.province_id}
    ids = narrowed(ids, query, columns)
    if query.q:
        texts = scope.restrict(sa.select(Activity.id, Activity.title_tr + " " + Activity.title_en), Activity)
        ids = ids.where(Activity.id.in_(saying(texts, query.q)))

    def load(keys: Sequence[int]) -> Sequence[Activity]:
        loaded = scope.select(Activity).options(joinedload(Activity.province)).where(Activity.id.in_(keys))
        return in_order(keys, db.session.scalars(loaded).all(), lambda row: row.id)

    return Rows(ids, ACTIVITY_SORTS[query.sort], query, load)


def _in_year(day: Any, query: ListQuery) -> sa.ColumnElement[bool]:
    """The filter `year`."""
    typed = query.filter("year")
    year = typed_id(typed) if len(typed) == len("2026") else None
    of_it = sa.between(day, date(year, 1, 1), date(year, 12, 31)) if year else sa.false()
    return of_it if typed else sa.true()


def activity(scope: Scope, activity_id: int, *, event: bool = False) -> Activity:
    """With its province and its session, or Missing; `event`: one that has a checklist of its own."""
    session = joinedload(Activity.course_session).joinedload(CourseSession.course)
    statement = scope.select(Activity).where(Activity.id == activity_id)
    statement = statement.options(joinedload(Activity.province), session)
    # the session it belongs to was one of this province when it was chosen
    found: Activity | None = db.session.scalar(scope.trusting(statement, CourseSession))
    if found is None or (event and not found.has_checklist):
        raise Missing
    return found


def sessions_of(scope: Scope) -> Sequence[CourseSession]:
    """What an activity may belong to: sessions these provinces run, the latest first."""
    statement = scope.select(CourseSession).options(joinedload(CourseSession.course))
    if not scope.everything:
        statement = statement.where(CourseSession.province_id.in_(sorted(scope.provinces)))
    order = (CourseSession.starts_on.desc().nulls_last(), CourseSession.id.desc())
    return db.session.scalars(statement.order_by(*order).limit(200)).all()


# --- events and their checklists ---------------------------------------------------------------------------

Event = CourseSession | GroupMeeting | Activity
OF_EVENTS = (CourseSession, GroupMeeting, ActionGroup, Activity, EventCheck)
OPEN, HELD = SessionStatus.OPEN, (SessionStatus.CONFIRMED, SessionStatus.FINALISED)
KIND = sa.Enum(EventKind, native_enum=False, values_callable=lambda kinds: [one.value for one in kinds])
FIRST = [item for item in CheckItem if item.before]
SOON = timedelta(days=7)


def _settled(pointer: Any, model: Any, items: Sequence[CheckItem]) -> Any:
    """How many of these items of an event are settled."""
    mine = (pointer == model.id, EventCheck.answer.in_(SETTLED), EventCheck.item.in_(items))
    return sa.select(sa.func.count(EventCheck.id)).where(*mine).correlate(model).scalar_subquery()


def _of(kind: EventKind, model: Any, pointer: Any, names: Any, days: Any, held: Any) -> sa.Select[Any]:
    """Events of a kind, in the columns all kinds share; `key` is their id among all of them."""
    return sa.select(
        (model.id * len(EventKind) + list(EventKind).index(kind)).label("key"),
        sa.literal(kind, KIND).label("kind"),
        model.id.label("id"),
        names[0].label("name_tr"),
        names[1].label("name_en"),
        Province.id.label("province_id"),
        Province.name_tr.label("province_tr"),
        Province.name_en.label("province_en"),
        Province.name_sort.label("province_sort"),
        days[0].label("starts_on"),
        days[1].label("ends_on"),
        held.label("held"),
        _settled(pointer, model, list(CheckItem)).label("settled"),
        _settled(pointer, model, FIRST).label("settled_first"),
    ).select_from(model)


def _every() -> Any:
    """Course sessions, meetings of groups, and activities that are events of their own. `held`: it took place, once its
    days are over; a session that was never confirmed did not.
    """
    code = Course.code + "/" + sa.cast(CourseSession.ordinal, sa.String) + " "
    names: Any
    days: Any
    names, days = (code + Course.name_tr, code + Course.name_en), (CourseSession.starts_on, CourseSession.ends_on)
    held = CourseSession.status != OPEN
    sessions = _of(EventKind.SESSION, CourseSession, EventCheck.course_session_id, names, days, held)
    names, days = (ActionGroup.name_tr, ActionGroup.name_en), (GroupMeeting.date, GroupMeeting.date)
    meetings = _of(EventKind.MEETING, GroupMeeting, EventCheck.meeting_id, names, days, sa.true())
    names, days = (Activity.title_tr, Activity.title_en), (Activity.day, Activity.day)
    activities = _of(EventKind.ACTIVITY, Activity, EventCheck.activity_id, names, days, sa.true())
    alone = (Activity.kind == ActivityKind.EVENT, Activity.course_session_id.is_(None))
    return sa.union_all(
        sessions.join(CourseSession.course)
        .outerjoin(CourseSession.province)
        .where(CourseSession.status.in_([OPEN, *HELD])),
        meetings.join(GroupMeeting.group).join(ActionGroup.province).where(GroupMeeting.cancelled_at.is_(None)),
        activities.join(Activity.province).where(*alone),
    ).subquery("events")


EVENTS = _every()
E = EVENTS.c
EVENT_SORTS: Mapping[str, tuple[Any, ...]] = {
    "date": (sa.nulls_first(E.ends_on), E.key),
    "province": (sa.nulls_first(E.province_sort), E.key),
}
EVENT_FILTERS = ("checklist", "kind", "province", "year")


def events(scope: Scope, query: ListQuery) -> Rows[Any]:
    """Events that are over, as rows of `EVENTS`. Filters: kind, province, year, and `checklist`: "complete", "open", or
    "ahead" for those that begin within a week while something is open that they cannot begin without.
    """

    def load(keys: Sequence[int]) -> Sequence[Any]:
        found = db.session.execute(_covered(sa.select(EVENTS).where(E.key.in_(keys)))).all()
        return in_order(keys, found, lambda row: row.key)

    return Rows(_chosen(scope, query, E.key), EVENT_SORTS[query.sort], query, load)


def _covered(statement: sa.Select[Any]) -> Any:
    """Events of provinces that were chosen, whoever sees a session or sits in a group besides."""
    return within(Province).trusting(statement, *OF_EVENTS)


def _chosen(scope: Scope, query: ListQuery, *columns: Any) -> Any:
    """Columns of the events that list holds, of the provinces a scope runs."""
    asked, statement = query.filter("checklist"), sa.select(*columns)
    if not scope.everything:
        statement = statement.where(E.province_id.in_(sorted(scope.provinces)))
    if asked == "ahead":
        soon = E.starts_on.between(today(), today() + SOON)
        statement = statement.where(soon, E.settled_first < len(FIRST))
    else:
        statement = statement.where(E.held, E.ends_on < today())
    if asked in ("complete", "open"):
        done = E.settled == len(CheckItem)
        statement = statement.where(done if asked == "complete" else sa.not_(done))
    statement = narrowed(statement, query, {"kind": E.kind, "province": E.province_id})
    return _covered(statement.where(_in_year(E.ends_on, query)))


def count_ahead(scope: Scope) -> sa.Select[Any]:
    """The length of the list of those to come that lack something."""
    counted: sa.Select[Any] = _chosen(scope, ListQuery(filters={"checklist": "ahead"}), sa.func.count(E.key))
    return counted


def by_province(year: int) -> sa.Select[Any]:
    """G15 of `programme.parts.Read`: events of that year that are over, those with a complete checklist."""
    done = sa.func.count(sa.case((E.settled == len(CheckItem), 1)))
    columns = (E.province_id, done, sa.func.count(), sa.literal(0))
    # an aggregate: who sees the number of which province is for its page to say
    counted: sa.Select[Any] = _chosen(EVERYWHERE, ListQuery(filters={"year": str(year)}), *columns)
    return counted.group_by(E.province_id)


def meeting(scope: Scope, meeting_id: int) -> GroupMeeting:
    """Of a group in a province this scope runs, with its group and province, or Missing."""
    found = scope.get(GroupMeeting, meeting_id, joinedload(GroupMeeting.group).joinedload(ActionGroup.province))
    if not scope.covers_province(found.group.province_id):
        raise Missing
    return found


def pointer(event: Event) -> dict[str, int]:
    """By which column the rows of its checklist point at it."""
    columns = {CourseSession: "course_session_id", GroupMeeting: "meeting_id", Activity: "activity_id"}
    return {columns[type(event)]: event.id}


def checks(event: Event) -> Mapping[CheckItem, EventCheck]:
    """What was answered of an event loaded through a scope that runs it."""
    return {row.item: row for row in db.session.scalars(within(event).select(EventCheck))}
