"""What visibility shows on the pages of others: its part of the programme, G15, a session's tab, what waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.completion.rules import Requirement
from app.core.clock import today
from app.language import gettext, in_language, ngettext, pgettext
from app.post.addresses import path_to
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentKind
from app.programme.documents.pages import Owner
from app.programme.parts import Indicator, Part
from app.programme.visibility import queries, rules
from app.programme.visibility.models import ActivityKind, CheckItem, DonorApproval, EventCheck, Strategy
from app.settings.queries import value
from app.training.models import CourseSession, SessionStatus
from app.training.queries import runs
from app.web.parts import Counted, Tab, Task

Filter = tuple[str, str, Sequence[tuple[Any, str]]]


def part(caller: Caller, _: object) -> Part | None:
    if not caller.may(Permission.PROGRAMME_READ):
        return None
    return Part(gettext("Visibility"), url_for("visibility.show_strategies"), "megaphone", 40)


def indicator(_: Caller, __: object) -> Indicator:
    return Indicator(
        "G15",
        gettext("Events with a complete visibility checklist"),
        50,
        queries.by_province,
        (CourseSession, EventCheck),
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
    return Owner(url_for("visibility.show_strategy", strategy_id=strategy.id), passages, lacking)


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session."""
    scope = caller.scope_for(Permission.PROGRAMME_WRITE)
    if not caller.may(Permission.PROGRAMME_WRITE) or not runs(scope, course_session):
        return None
    url = url_for("visibility.show_checklist", course_session_id=course_session.id)
    return Tab(gettext("Visibility"), url, order=45)


def requirement(_: object, course_session: CourseSession) -> Requirement | None:
    """Its line among what a session is finalised by, where the programme wants it."""
    if not value("visibility_required"):
        return None
    missing = rules.open_items(queries.answers(course_session))
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
        yield Counted(queries.count_ahead(scope), (CourseSession, EventCheck), _ahead)
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


def _all() -> list[tuple[Any, str]]:
    return [("", gettext("All"))]


def _province() -> Filter:
    return "province", gettext("Province"), _all() + [(one.id, in_language(one, "name")) for one in provinces()]


def _year() -> Filter:
    return "year", gettext("Year"), _all() + [(str(year), str(year)) for year in range(today().year, 2024, -1)]


def strategy_filters() -> list[Filter]:
    return [_province(), ("review", gettext("Review"), [*_all(), ("due", gettext("Past its date"))])]


def activity_filters() -> list[Filter]:
    kinds, approvals = _all() + [(k.value, k.label) for k in ActivityKind], [(a.value, a.label) for a in DonorApproval]
    return [
        ("kind", gettext("Kind"), kinds),
        ("approval", gettext("Donor approval"), _all() + approvals),
        _province(),
        _year(),
    ]


def event_filters() -> list[Filter]:
    states = [
        ("", gettext("All that are over")),
        ("complete", pgettext("checklist", "Complete")),
        ("open", gettext("Something is open")),
        ("ahead", gettext("Begins within a week, something is open")),
    ]
    return [("checklist", gettext("Checklist"), states), _province(), _year()]


def editable(course_session: CourseSession) -> bool:
    """A called-off event needs no checklist; after a session is finalised its material is still archived."""
    return course_session.status is not SessionStatus.CANCELLED


ITEMS = len(CheckItem)
