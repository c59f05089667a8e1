"""What enrolment shows on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.enrolment import list_queries, obstacles, queries
from app.enrolment import tasks as waiting_tasks
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.part import Plays, part
from app.language import format_date, gettext, ngettext
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus
from app.training.pages import standing
from app.training.rules import Circumstance
from app.web.slots import Move, NavItem, Section, Tab, Task

P = Permission
S = EnrolmentStatus


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(P.ENROLMENT_NOMINATE):
        return None
    return NavItem(gettext("Nominations"), url_for("enrolment.show_nominations"), "user-plus", 15, place=True)


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """The people of a session; somebody who only asks for themselves finds their own place there."""
    if not caller.may(P.ENROLMENT_READ):
        return None
    url = url_for("enrolment.show_enrolments", key=course_session.id)
    mine = part(caller, course_session)
    if mine.plays is Plays.OWN:
        return Tab(gettext("My place"), url, 20)
    if mine.nominates:  # the list behind it holds the people of one institution
        own = queries.current_people(mine.scope, course_session)
        return Tab(gettext("Participants"), url, 20, count=own)
    return Tab(gettext("Participants"), url, 20, count=queries.known_seats(course_session))


def moves(caller: Caller, course_session: CourseSession) -> Iterator[Move]:
    """Confirming, adding, nominating, asking: each done on a page of this room."""
    if course_session.status not in (SessionStatus.OPEN, SessionStatus.CONFIRMED):
        return
    mine = part(caller, course_session)
    people = url_for("enrolment.show_enrolments", key=course_session.id)
    if mine.runs and course_session.status is SessionStatus.OPEN:
        over = Circumstance.ENDED in standing(course_session)
        yield Move(gettext("Confirm") if over else gettext("Confirm and invite"), f"{people}#confirm", "circle-check")
    if not mine.runs and obstacles.nominations_closed(course_session):
        return
    if mine.manages:
        label = gettext("Add participants") if mine.runs else gettext("Nominate staff")
        yield Move(label, url_for("enrolment.show_add", key=course_session.id), "user-plus")
    elif caller.may(P.ENROLMENT_APPLY):
        own = queries.own_enrolment(caller.scope_for(P.ENROLMENT_APPLY), course_session, caller.id)
        if own is None:
            yield Move(gettext("Apply for the training"), people, "send")


def person_section(caller: Caller, employee: Employee) -> Section | None:
    """A person's trainings, on the card. Those that were finalised stand once, in the training record, with what came
    of them.
    """
    scope = caller.scope_for(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE, P.ENROLMENT_APPLY)
    found = list_queries.enrolments_of(scope, employee)
    rest = [one for one in found if not _concluded(one)]
    if found and not rest:
        return None
    return Section(gettext("Trainings"), "enrolment/person_trainings.html", rest, 20)


def _concluded(enrolment: Enrolment) -> bool:
    return enrolment.status is S.ENROLLED and enrolment.course_session.status is SessionStatus.FINALISED


def tasks(caller: Caller, _: object) -> Iterator[Task]:
    """What waits for a coordinator: too few people, nominations to decide. For a focal point: applications."""
    if caller.may(P.ENROLMENT_WRITE):
        yield from _coordinator(caller)
    if caller.may(P.ENROLMENT_NOMINATE):
        scope = caller.scope_for(P.ENROLMENT_NOMINATE)
        number = waiting_tasks.applications(scope)
        if number:
            yield Task(
                ngettext(
                    "%(num)s application is waiting for your approval",
                    "%(num)s applications are waiting for your approval",
                    number,
                ),
                url_for("enrolment.show_nominations"),
                icon="user-check",
                order=20,
            )


def _coordinator(caller: Caller) -> Iterator[Task]:
    for each in waiting_tasks.wanting_attention(caller.scope_for(P.ENROLMENT_WRITE)):
        if each.low:
            yield Task(
                gettext("Too few enrolled: %(code)s %(course)s", code=each.code, course=each.course),
                url_for("enrolment.show_enrolments", key=each.id),
                gettext(
                    "%(taken)s of at least %(minimum)s, begins %(date)s",
                    taken=each.taken,
                    minimum=each.minimum,
                    date=format_date(each.starts_on),
                ),
                icon="users",
                urgent=True,
                order=15,
            )
        if each.untold:
            yield Task(
                ngettext(
                    "To be told by phone: %(num)s person, %(code)s",
                    "To be told by phone: %(num)s people, %(code)s",
                    each.untold,
                    code=each.code,
                ),
                url_for("enrolment.show_untold", key=each.id),
                gettext("%(course)s: no letter reaches them, they have no e-mail address.", course=each.course),
                icon="phone",
                order=18,
            )
        if each.nominated:
            yield Task(
                ngettext(
                    "%(num)s nomination to decide: %(code)s",
                    "%(num)s nominations to decide: %(code)s",
                    each.nominated,
                    code=each.code,
                ),
                url_for("enrolment.show_enrolments", key=each.id, status="nominated"),
                each.course,
                icon="user-check",
                order=20,
            )
        if each.stuck:
            yield Task(
                ngettext(
                    "%(num)s application that no focal point can decide: %(code)s",
                    "%(num)s applications that no focal point can decide: %(code)s",
                    each.stuck,
                    code=each.code,
                ),
                url_for("enrolment.show_enrolments", key=each.id, status="applied"),
                each.course,
                icon="user-x",
                urgent=True,
                order=18,
            )
