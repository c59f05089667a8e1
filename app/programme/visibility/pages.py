"""What visibility shows on the pages of others: its part of the programme, G15, a session's tab, a meeting's way
to its checklist, what waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.completion.rules import Requirement
from app.core.clock import today
from app.language import gettext, in_language, ngettext, pgettext
from app.post.addresses import path_to, paths_to
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentKind
from app.programme.documents.pages import Owner
from app.programme.groups.models import GroupMeeting
from app.programme.parts import Filter, Indicator, Part, filter_of, flag_filter, kind_filter, province_filter
from app.programme.pilots.models import Pilot
from app.programme.visibility import queries, rules
from app.programme.visibility.models import ActivityKind, DonorApproval, EventKind, Strategy
from app.settings.queries import value
from app.training.models import CourseSession
from app.training.queries import runs
from app.web.parts import Counted, Move, Section, Tab, Task


def part(_: Caller, __: object) -> Part:
    return Part(gettext("Visibility"), url_for("visibility.show_strategies"), "megaphone", 40)


def indicator(_: Caller, __: object) -> Indicator:
    return Indicator(
        "G15",
        gettext("Events with a complete visibility checklist"),
        50,
        queries.by_province,
        queries.OF_EVENTS,
        lambda year, province_id: url_for(
            "visibility.show_events", checklist="complete", year=year, province=province_id
        ),
    )


def owner(_: Caller, document: ProgrammeDocument) -> Owner | None:
    """What a strategy's document says; it may be submitted once goals and messages are written."""
    if document.kind is not ProgrammeDocumentKind.STRATEGY:
        return None
    strategy = queries.strategy_of(document)
    passages, empty = rules.passages(strategy), rules.lacking(strategy)
    titles = [in_language(one, "title") for one in passages if one.key in empty]
    lacking = gettext("These parts are still empty: %(parts)s", parts=", ".join(titles)) if titles else None
    return Owner(url_for("visibility.show_strategy", strategy_id=strategy.id), lambda: (passages, lacking))


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session."""
    scope = caller.scope_for(Permission.PROGRAMME_WRITE)
    if not caller.may(Permission.PROGRAMME_WRITE) or not runs(scope, course_session):
        return None
    url = url_for("visibility.show_checklist", course_session_id=course_session.id)
    return Tab(gettext("Visibility"), url, order=45)


def of_pilot(caller: Caller, pilot: Pilot) -> Section | None:
    """What was shown and said of a pilot project, on its page."""
    if not caller.may(Permission.PROGRAMME_READ):
        return None
    found = queries.activities_of(caller.scope_for(Permission.PROGRAMME_READ), pilot)
    if not found:
        return None
    return Section(gettext("Visibility activities"), "programme/visibility/of_pilot.html", found, order=50)


def move(caller: Caller, meeting: GroupMeeting) -> Move | None:
    """The way from a meeting to its checklist, for whoever runs the group."""
    scope = caller.scope_for(Permission.PROGRAMME_WRITE)
    if rules.called_off(meeting) or not scope.covers_province(meeting.group.province_id):
        return None
    url = url_for("visibility.show_meeting_checklist", meeting_id=meeting.id)
    return Move(gettext("Visibility"), url, "megaphone")


def requirement(_: object, course_session: CourseSession) -> Requirement | None:
    """Its line among what a session is finalised by, where the programme wants it."""
    if not value("visibility_required"):
        return None
    missing = rules.open_items({item: row.answer for item, row in queries.checks(course_session).items()})
    return Requirement(
        gettext("The visibility checklist is complete"),
        not missing,
        ", ".join(item.label for item in missing),
        path_to("visibility.show_checklist", course_session_id=course_session.id),
    )


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Events that begin soon while something is open, strategies past their review date."""
    if caller.may(Permission.PROGRAMME_WRITE):
        scope = caller.scope_for(Permission.PROGRAMME_WRITE)
        yield Counted(queries.count_ahead(scope), queries.OF_EVENTS, _ahead)
        yield Counted(queries.count_overdue(scope), (Strategy,), _overdue)


def _ahead(number: int) -> Task:
    title = ngettext(
        "%(num)s event begins soon with an open visibility checklist",
        "%(num)s events begin soon with open visibility checklists",
        number,
    )
    url = url_for("visibility.show_events", checklist="ahead")
    return Task(title, url, gettext("Flags, logos, and donor approval of what is printed."), "megaphone")


def _overdue(number: int) -> Task:
    title = ngettext(
        "%(num)s visibility strategy is past its review date",
        "%(num)s visibility strategies are past their review date",
        number,
    )
    url = url_for("visibility.show_strategies", review="due")
    return Task(title, url, gettext("Go through it, and write the next version."), "megaphone")


# --- filters -----------------------------------------------------------------------------------------------


def strategy_filters(caller: Caller) -> list[Filter]:
    return [province_filter(caller), flag_filter("review", gettext("Review"), "due", gettext("Past its date"))]


def _year() -> Filter:
    return filter_of("year", gettext("Year"), [(str(year), str(year)) for year in range(today().year, 2024, -1)])


def activity_filters(caller: Caller) -> list[Filter]:
    kinds = kind_filter("kind", gettext("Kind"), ActivityKind)
    return [kinds, kind_filter("approval", gettext("Donor approval"), DonorApproval), province_filter(caller), _year()]


def event_filters(caller: Caller) -> list[Filter]:
    states = [
        ("complete", pgettext("checklist", "Complete")),
        ("open", gettext("Something is open")),
        ("ahead", gettext("Begins within a week, something is open")),
    ]
    checklist = filter_of("checklist", gettext("Checklist"), states, every=gettext("All that are over"))
    return [checklist, kind_filter("kind", gettext("Kind"), EventKind), province_filter(caller), _year()]


PLACES = {
    EventKind.SESSION: ("visibility.show_checklist", "sessions.show_session"),
    EventKind.MEETING: ("visibility.show_meeting_checklist", "meetings.show_meeting"),
    EventKind.ACTIVITY: ("visibility.show_activity_checklist", "visibility.show_activity"),
}


def event_urls(may_write: bool) -> Callable[[Any], str]:
    """Of each event its checklist for whoever answers it, else itself."""
    places = {kind: paths_to(pair[not may_write], kind.pointer) for kind, pair in PLACES.items()}
    return lambda row: places[row.kind](row.id)
