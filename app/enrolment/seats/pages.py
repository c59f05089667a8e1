"""One session's list and one enrolment as several views draw them, and what other rooms' pages show of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.clock import local, today
from app.enrolment import queries as enrolments
from app.enrolment.focal_points import supportable
from app.enrolment.models import CURRENT, Enrolment, EnrolmentStatus
from app.enrolment.obstacles.queries import NOTHING, OFTEN_FROM, survey
from app.enrolment.queries import Part, Plays, part
from app.enrolment.quotas.queries import pools
from app.enrolment.rules import TAKING
from app.enrolment.seats import queries, rules
from app.enrolment.seats.forms import AcceptForm, RefusalForm
from app.enrolment.seats.queries import Attention
from app.enrolment.seats.rules import Counts, Listed, Moves, Waits
from app.enrolment.waiting.queries import position
from app.language import format_date, format_datetime, gettext, in_language, ngettext
from app.people.models import Employee
from app.people.queries import own_employee
from app.training.concerns import Concern
from app.training.models import CourseSession, SessionStatus
from app.training.pages import standing
from app.training.rules import Circumstance
from app.web.parts import Move, Section, Stored, Tab, Tally, Task
from app.web.render import done, render

P = Permission
FEW_WOMEN = Concern(lambda: gettext("Few women"), queries.few_women, (Enrolment, Employee))
UNANSWERED = Concern(
    lambda: gettext("Participants have not answered"),
    queries.unanswered,
    (Enrolment,),
    leads=lambda key: url_for("seats.show_enrolments", key=key, status=rules.SILENT),
)
# A trainer sees names on lists, not this page: their permission to read is left out on purpose.
ANYBODY = (P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE, P.ENROLMENT_APPLY)


def page(enrolment: Enrolment, accept: AcceptForm, reason: RefusalForm, status: int = 200) -> ResponseReturnValue:
    """One enrolment, whichever step was tried on it."""
    session = enrolment.course_session
    known = survey(session, [enrolment.employee_id], often=OFTEN_FROM, ticked=())
    allowed, runs = allowed_moves(caller, enrolment), part(caller, session).runs
    return render(
        "enrolment/seats/enrolment.html",
        status=status,
        enrolment=enrolment,
        history=queries.history(enrolment),
        answered_by=queries.answered_by(enrolment),
        moves=allowed,
        joining=slots.collect("enrolment.joining", caller, enrolment.course_session) if allowed.accept else [],
        warnings=known.obstacles if enrolment.status in CURRENT and (allowed.any or runs) else {},
        known=known if allowed.support or allowed.accept else NOTHING,
        position=position(enrolment) if enrolment.status is EnrolmentStatus.WAITLISTED else 0,
        ended=session.status is SessionStatus.OPEN and session.ends_on is not None and session.ends_on < today(),
        accept=accept,
        reason=reason,
        runs=runs,
    )


def concerned(caller: Caller, enrolment: Enrolment) -> bool:
    """Whether a caller may say what a person wants: themselves, their focal point, whoever runs the session."""
    return _themselves(caller, enrolment) or _hers(caller, enrolment) or part(caller, enrolment.course_session).runs


def allowed_moves(caller: Caller, enrolment: Enrolment) -> Moves:
    """For an enrolment loaded with its session and person."""
    runs = part(caller, enrolment.course_session).runs
    own, hers = _themselves(caller, enrolment), _hers(caller, enrolment)
    asks = enrolment.status is EnrolmentStatus.APPLIED and enrolment.course_session.status in TAKING
    return rules.moves(
        enrolment,
        runs=runs,
        own=own,
        hers=hers,
        supportable=asks and supportable(enrolment),
        returnable=(own or hers or runs) and queries.may_take_back(enrolment),
        day=today(),
    )


def _themselves(caller: Caller, enrolment: Enrolment) -> bool:
    return enrolment.employee.user_id == caller.id and caller.may(P.ENROLMENT_APPLY)


def _hers(caller: Caller, enrolment: Enrolment) -> bool:
    nominate = caller.scope_for(P.ENROLMENT_NOMINATE)
    return nominate.covers_organisation(enrolment.employee.organisation_id)


def back(enrolment: Enrolment, message: str) -> ResponseReturnValue:
    """To where the button stood: the session's list, the focal point's page, their own, or the enrolment itself."""
    flash(message)
    place = request.form.get("back", "")
    if place == "list":
        return done(url_for("seats.show_enrolments", key=enrolment.course_session_id))
    if place == "phone":
        return done(url_for("notices.show_untold", key=enrolment.course_session_id))
    if place == "nominations":
        return done(url_for("nominations.show_nominations"))
    if place == "replies":
        return done(url_for("replies.show_replies"))
    if place == "me" and not queries.may_take_back(enrolment):  # the way back stands on the enrolment's page
        return done(url_for("home.show_me"))
    return done(url_for("seats.show_enrolment", key=enrolment.id))


def step(
    key: int, permissions: tuple[Permission, ...], do: Callable[[Enrolment], object], message: str
) -> ResponseReturnValue:
    """A step without anything typed, on an enrolment one of these permissions reaches."""
    enrolment = enrolments.enrolment(caller.scope_for(*permissions), key)
    form = AcceptForm(formdata=None)
    with form.attempt():
        do(enrolment)
        return back(enrolment, message)
    return page(enrolments.enrolment(caller.scope_for(*permissions), key), form, RefusalForm(formdata=None), 422)


def roster(caller: Caller, course_session: CourseSession, mine: Part, found: Listed) -> dict[str, Any]:
    """For the template, beside the list itself. `first`: ids of the enrolments that may be given a free seat now, for
    who runs the session.
    """
    counts = found.counts
    takes = course_session.status in TAKING
    gives = mine.runs and takes and counts.waiting and found.taken < course_session.capacity
    return {
        "counts": counts,
        "taken": found.taken,
        "takes": takes,
        "asks": takes and not enrolments.nominations_closed(course_session),
        "closes": enrolments.nominations_close(course_session) if takes else None,
        "waits": _waits(course_session, found),
        "kept": kept(course_session, found),
        "free": _free(course_session, mine, found),
        "first": queries.next_up(course_session, found) if gives else frozenset(),
        **_words(counts, _silent(course_session, found)),
        **(_own(caller, course_session) if mine.plays is Plays.OWN else {}),
    }


def _free(course_session: CourseSession, mine: Part, found: Listed) -> int:
    """The seats that could still be theirs: of those kept for others a focal point's people get none."""
    if not found.quotas or mine.runs:
        return max(0, course_session.capacity - found.taken)
    everywhere = pools(course_session)
    return everywhere.free if mine.scope.everything else everywhere.room(*mine.scope.organisations)


def kept(course_session: CourseSession, found: Listed, more: Sequence[int] = ()) -> list[tuple[str, int, int]]:
    """The institutions seats are kept for, by name, each with the seats it holds (with `more` of these institutions)
    and its quota.
    """
    held = Counter(found.pools(course_session.capacity).taken) + Counter(more)
    return sorted((one.name, held[home], one.seats) for home, one in found.quotas.items())


def _waits(course_session: CourseSession, found: Listed) -> dict[int, str]:
    """By the enrolment's id what each waits for and since when: “3 gündür kurum onayı bekliyor”."""
    closed = course_session.status in TAKING and enrolments.nominations_closed(course_session)
    line = {row.id: place for place, row in enumerate(found.line, 1)}
    words = {
        Waits.INSTITUTION: gettext("waiting for the institution's approval"),
        Waits.DECISION: gettext("waiting for the coordinator's decision"),
        Waits.SEAT: gettext("waiting for a seat"),
        Waits.OFFER: gettext("to answer the offer"),
        Waits.ANSWER: gettext("not answered yet"),
    }
    said: dict[int, str] = {}
    for row in found.fitting:
        waits = rules.waits(row, course_session.status, closed=closed)
        if waits is None:
            continue
        what = words[waits]
        if waits is Waits.SEAT:
            what = f"{what} ({line[row.id]}.)"
        days = (today() - local(row.since or row.queued_at).date()).days
        since = ngettext("for %(num)s day: %(what)s", "for %(num)s days: %(what)s", days, what=what)
        said[row.id] = since if days > 0 else gettext("since today: %(what)s", what=what)
    return said


def _own(caller: Caller, course_session: CourseSession) -> dict[str, Any]:
    """A staff member's own enrolment, and whether they could apply at all."""
    scope = caller.scope_for(P.ENROLMENT_APPLY)
    own = enrolments.own_enrolment(scope, course_session, caller.id)
    return {
        "own": own,
        "may_take_back": own is not None and queries.may_take_back(own),
        "may_apply": caller.may(P.ENROLMENT_APPLY) and own_employee(caller.id) is not None,
    }


def _silent(course_session: CourseSession, found: Listed) -> int:
    """How many were invited and have not answered."""
    asked = course_session.status is SessionStatus.CONFIRMED
    return sum(rules.asked_for(row, rules.SILENT) for row in found.everybody) if asked else 0


def _words(counts: Counts, silent: int) -> dict[str, Any]:
    """The choices of the status filter with their numbers, and what the classes of the waiting list mean."""
    states = [(status.value, f"{status.label} ({number})") for status, number in counts.states.items()]
    return {
        "status_choices": [
            ("", gettext("All current (%(num)s)", num=counts.current)),
            *([(rules.SILENT, gettext("Not answered (%(num)s)", num=silent))] if silent else []),
            *states,
            ("ended", gettext("Ended (%(num)s)", num=counts.ended)),
        ],
        "priority_words": {
            1: gettext("1: high need"),
            2: gettext("2: need"),
            3: gettext("3: no known need"),
            4: gettext("4: completed"),
        },
    }


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """The people of a session; somebody who only asks for themselves finds their own place there."""
    if not caller.may(P.ENROLMENT_READ):
        return None
    url = url_for("seats.show_enrolments", key=course_session.id)
    mine = part(caller, course_session)
    if mine.plays is Plays.OWN:
        return Tab(gettext("My place"), url, 20)
    if mine.nominates:  # the list behind it holds the people of one institution
        own = enrolments.current_people(mine.scope, course_session)
        return Tab(gettext("Participants"), url, 20, count=own)
    return Tab(gettext("Participants"), url, 20, count=enrolments.known_seats(course_session))


def moves(caller: Caller, course_session: CourseSession) -> Iterator[Move]:
    """Confirming, adding, nominating, asking: each done on a page of this room."""
    if course_session.status not in TAKING:
        return
    mine = part(caller, course_session)
    people = url_for("seats.show_enrolments", key=course_session.id)
    over = Circumstance.ENDED in standing(course_session)
    enough = enrolments.known_seats(course_session) >= course_session.minimum
    if mine.runs and course_session.status is SessionStatus.OPEN:
        label = gettext("Confirm") if over else gettext("Confirm and invite")
        yield Move(label, f"{people}#confirm", "circle-check", due=enough)
    if not mine.runs and enrolments.nominations_closed(course_session):
        return
    if mine.manages:
        label = gettext("Add participants") if mine.runs else gettext("Nominate staff")
        due = not over and not (mine.runs and enough)
        # where nobody sits yet those who need it most come ticked, as many as there are seats
        first = "first" if mine.runs and not enrolments.known_seats(course_session) else None
        yield Move(label, url_for("nominations.add", key=course_session.id, find=first), "user-plus", due)
    elif caller.may(P.ENROLMENT_APPLY):
        own = enrolments.own_enrolment(caller.scope_for(P.ENROLMENT_APPLY), course_session, caller.id)
        if own is None:
            yield Move(gettext("Apply for the training"), people, "send", due=True)


def person_section(caller: Caller, employee: Employee) -> Section | None:
    """A person's trainings, on the card. Those that were finalised stand once, in the training record, with what came
    of them.
    """
    scope = caller.scope_for(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE, P.ENROLMENT_APPLY)
    found = enrolments.enrolments_of(scope, employee, *enrolments.ON_A_LIST)
    rest = [one for one in found if not _concluded(one)]
    if found and not rest:
        return None
    return Section(gettext("Trainings"), "enrolment/seats/person_trainings.html", rest, 20)


def _concluded(enrolment: Enrolment) -> bool:
    return enrolment.status is EnrolmentStatus.ENROLLED and enrolment.course_session.status is SessionStatus.FINALISED


def tasks(caller: Caller, _: object) -> Iterator[Task]:
    """What waits for a coordinator: too few people, somebody to tell, nominations to decide."""
    if not caller.may(P.ENROLMENT_WRITE):
        return
    for each in queries.wanting_attention(caller.scope_for(P.ENROLMENT_WRITE)):
        yield from _to_see_to(each)
        yield from _to_decide(each)


def _to_see_to(each: Attention) -> Iterator[Task]:
    if each.low:
        yield Task(
            gettext("Too few enrolled: %(code)s %(course)s", code=each.code, course=each.course),
            url_for("seats.show_enrolments", key=each.id),
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
            url_for("notices.show_untold", key=each.id),
            gettext("%(course)s: no letter reaches them, they have no e-mail address.", course=each.course),
            icon="phone",
            order=18,
        )


def _to_decide(each: Attention) -> Iterator[Task]:
    if each.nominated:
        yield Task(
            ngettext(
                "%(num)s nomination to decide: %(code)s",
                "%(num)s nominations to decide: %(code)s",
                each.nominated,
                code=each.code,
            ),
            url_for("seats.show_enrolments", key=each.id, status="nominated"),
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
            url_for("seats.show_enrolments", key=each.id, status="applied"),
            each.course,
            icon="user-x",
            urgent=True,
            order=18,
        )


def tallies(_: Caller, people: Sequence[int]) -> Tally:
    """Trainings in which people have or had a seat; whoever asks sees these people."""
    return Tally(gettext("Trainings"), queries.trainings(people), order=10)


def own_data(caller: Caller, _: object) -> Stored:
    """How each place of whoever asks came about and ended, with the reasons that were written."""
    rows = tuple(
        (
            f"{course.code}/{session.ordinal} {in_language(course, 'name')}",
            format_datetime(step.at),
            EnrolmentStatus(step.new).label,
            enrolments.said(step.reason),
        )
        for session, course, step in queries.own_steps(caller.id)
    )
    heads = (gettext("Course session"), gettext("When"), gettext("Status"), gettext("Reason"))
    return Stored(gettext("Course of enrolments"), heads, rows, order=21)
