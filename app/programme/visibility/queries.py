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
from app.core.paging import ListQuery, Rows, in_order, narrowed, rows_of
from app.programme.documents.models import ProgrammeDocument
from app.programme.groups.models import ActionGroup, GroupMeeting
from app.programme.parts import saying
from app.programme.pilots.models import Pilot
from app.programme.visibility.models import Activity, ActivityKind, CheckItem, EventCheck, EventKind, Strategy
from app.programme.visibility.rules import SETTLED
from app.training.models import CourseSession, SessionStatus

# --- strategies --------------------------------------------------------------------------------------------

STRATEGY_SORTS: Mapping[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, Strategy.id),
    "review": (Strategy.review_on, Strategy.id),
}


def strategies(scope: Scope, query: ListQuery) -> Rows[Strategy]:
    ids = scope.restrict(sa.select(Strategy.id).join(Strategy.province), Strategy)
    ids = narrowed(ids, query, {"province": Strategy.province_id, "review": lambda _: Strategy.review_on < today()})
    return Rows(ids, STRATEGY_SORTS[query.sort], query, rows_of(_whole(scope), Strategy.id))


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

OWNERS = (CourseSession, Pilot, GroupMeeting, ActionGroup)
ACTIVITY_SORTS: Mapping[str, tuple[Any, ...]] = {
    "day": (Activity.day, Activity.id),
    "province": (Province.name_sort, Activity.day, Activity.id),
}
ACTIVITY_FILTERS: Mapping[str, Any] = {
    "kind": Activity.kind,
    "approval": Activity.approval,
    "province": Activity.province_id,
    "year": lambda typed: _in_year(Activity.day, typed),
}


def activities(scope: Scope, query: ListQuery) -> Rows[Activity]:
    ids = narrowed(scope.restrict(sa.select(Activity.id).join(Activity.province), Activity), query, ACTIVITY_FILTERS)
    if query.q:
        texts = scope.restrict(sa.select(Activity.id, Activity.title_tr + " " + Activity.title_en), Activity)
        ids = ids.where(Activity.id.in_(saying(texts, query.q)))
    whole = scope.select(Activity).options(joinedload(Activity.province))
    return Rows(ids, ACTIVITY_SORTS[query.sort], query, rows_of(whole, Activity.id))


def _in_year(day: Any, typed: str) -> sa.ColumnElement[bool]:
    year = typed_id(typed) if len(typed) == len("2026") else None
    return sa.between(day, date(year, 1, 1), date(year, 12, 31)) if year else sa.false()


def activity(scope: Scope, activity_id: int, *, event: bool = False) -> Activity:
    """With its province and what it belongs to, or Missing; `event`: one that has a checklist of its own."""
    session = joinedload(Activity.course_session).joinedload(CourseSession.course)
    meeting = joinedload(Activity.meeting).joinedload(GroupMeeting.group)
    statement = scope.select(Activity).where(Activity.id == activity_id)
    statement = statement.options(joinedload(Activity.province), joinedload(Activity.pilot), session, meeting)
    # what it belongs to was of this province when it was chosen
    found: Activity | None = db.session.scalar(scope.trusting(statement, *OWNERS))
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


def meetings_of(scope: Scope) -> Sequence[GroupMeeting]:
    """The same of meetings of these provinces' groups."""
    statement = scope.select(GroupMeeting).options(joinedload(GroupMeeting.group))
    statement = statement.where(GroupMeeting.cancelled_at.is_(None)).order_by(GroupMeeting.date.desc(), GroupMeeting.id)
    return db.session.scalars(scope.trusting(statement.limit(200), ActionGroup)).all()


def activities_of(scope: Scope, owner: CourseSession | Pilot | GroupMeeting) -> Sequence[Activity]:
    """What was shown and said of it, the latest first."""
    pointer = {CourseSession: Activity.course_session_id, Pilot: Activity.pilot_id, GroupMeeting: Activity.meeting_id}
    statement = scope.select(Activity).where(pointer[type(owner)] == owner.id)
    return db.session.scalars(statement.order_by(Activity.day.desc(), Activity.id)).all()


# --- events and their checklists ---------------------------------------------------------------------------

Event = CourseSession | GroupMeeting | Activity
OF_EVENTS = (CourseSession, GroupMeeting, ActionGroup, Activity, EventCheck)
OPEN, HELD = SessionStatus.OPEN, (SessionStatus.CONFIRMED, SessionStatus.FINALISED)
KIND = sa.Enum(EventKind, native_enum=False, values_callable=lambda kinds: [one.value for one in kinds])
SOON = timedelta(days=7)


def _of(kind: EventKind, model: Any, days: Any, held: Any) -> sa.Select[Any]:
    """Events of a kind, in the columns all kinds share; `key` is their id among all of them."""
    return sa.select(
        (model.id * len(EventKind) + list(EventKind).index(kind)).label("key"),
        sa.literal(kind, KIND).label("kind"),
        model.id.label("id"),
        Province.id.label("province_id"),
        Province.name_sort.label("province_sort"),
        days[0].label("starts_on"),
        days[1].label("ends_on"),
        held.label("held"),
    ).select_from(model)


def _every() -> Any:
    """Course sessions, meetings of groups, and activities that are events of their own. `held`: it took place, once its
    days are over; a session that was never confirmed did not.
    """
    days, held = (CourseSession.starts_on, CourseSession.ends_on), CourseSession.status != OPEN
    sessions = _of(EventKind.SESSION, CourseSession, days, held).outerjoin(CourseSession.province)
    meetings = _of(EventKind.MEETING, GroupMeeting, (GroupMeeting.date, GroupMeeting.date), sa.true())
    meetings = meetings.join(GroupMeeting.group).join(ActionGroup.province)
    activities = _of(EventKind.ACTIVITY, Activity, (Activity.day, Activity.day), sa.true()).join(Activity.province)
    return sa.union_all(
        sessions.where(CourseSession.status.in_([OPEN, *HELD])),
        meetings.where(GroupMeeting.cancelled_at.is_(None)),
        activities.where(
            Activity.kind == ActivityKind.EVENT, Activity.course_session_id.is_(None), Activity.meeting_id.is_(None)
        ),
    ).subquery("events")


EVENTS = _every()
E = EVENTS.c
EVENT_SORTS: Mapping[str, tuple[Any, ...]] = {
    "date": (sa.nulls_first(E.ends_on), E.key),
    "province": (sa.nulls_first(E.province_sort), E.key),
}
EVENT_FILTERS = ("checklist", "kind", "province", "year")
POINTERS = {kind: getattr(EventCheck, kind.pointer) for kind in EventKind}


def _by_kind(answers: Mapping[EventKind, sa.Select[Any]]) -> Any:
    """What each kind of event answers in its own way."""
    own = {kind: statement.correlate(EVENTS).scalar_subquery() for kind, statement in answers.items()}
    return sa.case(*((E.kind == kind, answer) for kind, answer in own.items()))


def _settled(*items: CheckItem) -> Any:
    """How many of these items of an event are settled."""
    counted = sa.select(sa.func.count(EventCheck.id)).where(EventCheck.answer.in_(SETTLED), EventCheck.item.in_(items))
    return _by_kind({kind: counted.where(pointer == E.id) for kind, pointer in POINTERS.items()})


def _complete() -> sa.ColumnElement[bool]:
    """Events whose items are all settled: grouped once for all of them, faster than one by one."""
    settled = sa.select(EventCheck.id).where(EventCheck.answer.in_(SETTLED))
    found = {
        kind: settled.with_only_columns(pointer).where(pointer.is_not(None)).group_by(pointer)
        for kind, pointer in POINTERS.items()
    }
    whole = sa.func.count() == len(CheckItem)
    return sa.or_(*(sa.and_(E.kind == kind, E.id.in_(keys.having(whole))) for kind, keys in found.items()))


def _called(tongue: str) -> Any:
    title = Course.code + "/" + sa.cast(CourseSession.ordinal, sa.String) + " " + getattr(Course, f"name_{tongue}")
    group, activity = getattr(ActionGroup, f"name_{tongue}"), getattr(Activity, f"title_{tongue}")
    sessions = sa.select(title).join_from(CourseSession, Course).where(CourseSession.id == E.id)
    meetings = sa.select(group).join_from(GroupMeeting, ActionGroup).where(GroupMeeting.id == E.id)
    activities = sa.select(activity).where(Activity.id == E.id)
    return _by_kind({EventKind.SESSION: sessions, EventKind.MEETING: meetings, EventKind.ACTIVITY: activities}).label(
        f"name_{tongue}"
    )


def events(scope: Scope, query: ListQuery) -> Rows[Any]:
    """Events that are over: rows of `EVENTS` with their names and how many items are `settled`. Filters: kind,
    province, year, and `checklist`: "complete", "open", or "ahead" for those that begin within a week while something
    is open that they cannot begin without.
    """

    def load(keys: Sequence[int]) -> Sequence[Any]:
        places = (Province.name_tr.label("province_tr"), Province.name_en.label("province_en"))
        columns = (*E, _called("tr"), _called("en"), _settled(*CheckItem).label("settled"), *places)
        rows = sa.select(*columns).outerjoin(Province, Province.id == E.province_id).where(E.key.in_(keys))
        return in_order(keys, db.session.execute(_covered(rows)).all(), lambda row: row.key)

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
        first = [item for item in CheckItem if item.before]
        soon = E.starts_on.between(today(), today() + SOON)
        statement = statement.where(soon, _settled(*first) < len(first))
    else:
        statement = statement.where(E.held, E.ends_on < today())
    if asked in ("complete", "open"):
        statement = statement.where(_complete() if asked == "complete" else sa.not_(_complete()))
    by = {"kind": E.kind, "province": E.province_id, "year": lambda typed: _in_year(E.ends_on, typed)}
    return _covered(narrowed(statement, query, by))


def count_ahead(scope: Scope) -> sa.Select[Any]:
    """The length of the list of those to come that lack something."""
    counted: sa.Select[Any] = _chosen(scope, ListQuery(filters={"checklist": "ahead"}), sa.func.count(E.key))
    return counted


def by_province(year: int) -> sa.Select[Any]:
    """G15 of `programme.parts.Read`: events of that year that are over, those with a complete checklist."""
    done = sa.func.count(sa.case((_complete(), 1)))
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
    """How the rows of its checklist point at it."""
    kinds = {CourseSession: EventKind.SESSION, GroupMeeting: EventKind.MEETING, Activity: EventKind.ACTIVITY}
    return {kinds[type(event)].pointer: event.id}


def checks(event: Event) -> Mapping[CheckItem, EventCheck]:
    """What was answered of an event loaded through a scope that runs it."""
    return {row.item: row for row in db.session.scalars(within(event).select(EventCheck))}
