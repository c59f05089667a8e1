"""What people are told when something happens: listeners that put letters into the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db
from app.enrolment import letters, queries
from app.enrolment.events import EnrolmentMoved
from app.enrolment.letters import Recipient
from app.enrolment.models import SEAT_HOLDING, WAITING, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.steps import step, unanswered
from app.language import force_locale
from app.people.models import Employee
from app.post import ics
from app.post import queries as outbox
from app.post.ics import CalendarEvent, Method
from app.post.services import enqueue
from app.training import history
from app.training import queries as training
from app.training.circumstances import over
from app.training.events import SessionMoved, SittingsChanged
from app.training.models import CourseSession, SessionStatus, Sitting

S = EnrolmentStatus
CONCERNED = (*SEAT_HOLDING, *WAITING)
CARRYING = ("invite", "change", "cancel", "postpone", "out")
"""Occasions whose letters may carry a calendar file."""
DECISIONS = ("rejected", "removed", "given_up")


@dataclass(frozen=True)
class About:
    """One enrolment, whom to write to, and the session with its sittings."""

    enrolment: Enrolment
    to: Recipient
    course_session: CourseSession
    sittings: Sequence[Sitting]


# --- listeners ------------------------------------------------------------------------------------------


def enrolment_moved(event: EnrolmentMoved, by: Actor) -> None:
    """The word to one person about her own place."""
    tell = _TOLD.get(S(event.now))
    if tell is None:
        return
    for about in _about(_session(event.course_session_id), ids=[event.enrolment_id]):
        tell(about)


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Confirmed, postponed, open again or cancelled: everybody concerned is told once."""
    react = _MOVES.get((event.was if event.now in ("open", "confirmed") else "", event.now))
    if react is not None:
        react(_session(event.course_session_id), by)


def sittings_changed(event: SittingsChanged, by: Actor) -> None:
    """One notice of how it stands now for each person who was invited. A notice not yet sent is replaced by it."""
    course_session = _session(event.course_session_id)
    if course_session.status is not SessionStatus.CONFIRMED:
        return
    waiting = any(sitting.date is None for sitting in training.sittings(course_session))
    if not waiting and course_session.ends_on is not None and course_session.ends_on < today():
        return
    reason = history.why_postponed(course_session) if waiting else ""
    for about in _about(course_session, SEAT_HOLDING):
        _tell_change(about, reason)


# --- occasions ------------------------------------------------------------------------------------------


def _confirmed(course_session: CourseSession, by: Actor) -> None:
    for about in _about(course_session, SEAT_HOLDING):
        _invite(about)


def _postponed(course_session: CourseSession, by: Actor) -> None:
    for about in _about(course_session, CONCERNED):
        occasion = f"postpone:enrolment:{about.enrolment.id}:v{course_session.version}"
        _send("postponement", occasion, about, cancels=True, reason=course_session.status_reason)


def _reopened(course_session: CourseSession, by: Actor) -> None:
    for about in _about(course_session, CONCERNED):
        unanswered(about.enrolment)
        _send("new_dates", f"dates:enrolment:{about.enrolment.id}:v{course_session.version}", about)


def _cancelled(course_session: CourseSession, by: Actor) -> None:
    for about in _about(course_session, CONCERNED):
        step(about.enrolment, S.CANCELLED, by=by, reason=course_session.status_reason)
        occasion = f"cancel:enrolment:{about.enrolment.id}:v{course_session.version}"
        _send("cancellation", occasion, about, cancels=True, reason=course_session.status_reason)


_MOVES: dict[tuple[str, str], Callable[[CourseSession, Actor], None]] = {
    ("open", "confirmed"): _confirmed,
    ("postponed", "open"): _reopened,
    ("", "postponed"): _postponed,
    ("", "cancelled"): _cancelled,
}


def _invite(about: About) -> None:
    about.enrolment.invited_version += 1
    with force_locale(about.to.language):
        found = _to_come(letters.events(about.course_session, about.sittings))
    occasion = f"invite:enrolment:{about.enrolment.id}:v{about.enrolment.invited_version}"
    _send("invitation", occasion, about, found=found)


def _tell_change(about: About, reason: str) -> None:
    """Nothing where her calendar already says so. Sittings that are gone are cancelled in it."""
    with force_locale(about.to.language):
        found = _to_come(letters.events(about.course_session, about.sittings))
    invited = _known(about.enrolment)
    known = _to_come(invited)
    kept = {event.uid for event in found}
    found += [
        replace(e, sequence=e.sequence + 1, cancelled=True) for e in known if e.uid not in kept and not e.cancelled
    ]
    if not invited or {_shown(event) for event in found} == {_shown(event) for event in known}:
        return
    state = hashlib.sha256(repr(sorted(_shown(event) for event in found)).encode()).hexdigest()[:16]
    prefix = f"change:enrolment:{about.enrolment.id}:"
    _send("change", prefix + state, about, found=found, instead_of=prefix, reason=reason)


def _to_come(events: Sequence[CalendarEvent]) -> list[CalendarEvent]:
    return [event for event in events if event.end > now()]


def _shown(event: CalendarEvent) -> tuple[str, int, str, str, str, bool]:
    """What a calendar shows of an event; the zone a time is written in makes no difference."""
    start, end = (moment.astimezone(UTC).isoformat() for moment in (event.start, event.end))
    return event.uid, event.sequence, start, end, event.location, event.cancelled


def _seat_given(about: About) -> None:
    if about.course_session.status is SessionStatus.CONFIRMED:
        _invite(about)
    else:
        _send("seat", f"seat:enrolment:{about.enrolment.id}:v{about.enrolment.version}", about)


def _waits(about: About) -> None:
    _send("waiting", f"waiting:enrolment:{about.enrolment.id}:v{about.enrolment.version}", about)


def _told_no(letter: str) -> Callable[[About], None]:
    def tell(about: About) -> None:
        occasion = f"out:enrolment:{about.enrolment.id}:v{about.enrolment.version}"
        _send(letter, occasion, about, cancels=True, reason=_last_reason(about.enrolment))

    return tell


def _gave_up(about: About) -> None:
    """Only whoever was invited has something in her calendar to take out again."""
    if _known(about.enrolment):
        _send("given_up", f"out:enrolment:{about.enrolment.id}:v{about.enrolment.version}", about, cancels=True)


_TOLD: dict[EnrolmentStatus, Callable[[About], None]] = {
    S.ENROLLED: _seat_given,
    S.WAITLISTED: _waits,
    S.REJECTED: _told_no("rejected"),
    S.REMOVED: _told_no("removed"),
    S.DECLINED: _gave_up,
    S.WITHDRAWN: _gave_up,
}


# --- sending --------------------------------------------------------------------------------------------


def _send(
    letter: str,
    occasion: str,
    about: About,
    *,
    found: Sequence[CalendarEvent] = (),
    cancels: bool = False,
    reason: str = "",
    instead_of: str = "",
) -> None:
    """Write a letter into the outbox. `found` goes with it for the calendar; `cancels` takes out what is in there.

    Nothing is told of what is over, except a decision; letters list what is to come. Where there is no address,
    somebody has to tell it: `untold_since` says so to whoever runs the session.
    """
    to_come = [each for each in about.sittings if not over(each.date, each.ends)]
    if not to_come and letter not in DECISIONS:
        return
    if not about.to.address:
        about.enrolment.untold_since = about.enrolment.untold_since or now()
        return
    method = Method.CANCEL if cancels else Method.REQUEST
    if cancels:
        found = [event for event in _known(about.enrolment) if not event.cancelled]
    subject, body = letters.write(letter, about.to, about.course_session, to_come, reason=reason)
    calendar = letters.calendar(found, method, about.to)
    enqueue(
        occasion,
        about.to.address,
        about.to.language,
        subject,
        body,
        calendar=calendar,
        calendar_method=method.value if calendar else None,
        instead_of=instead_of,
    )


def _known(enrolment: Enrolment) -> list[CalendarEvent]:
    """What the letters about an enrolment have put into a calendar; nothing after they took it out again."""
    last = outbox.last_calendar([f"{name}:enrolment:{enrolment.id}:" for name in CARRYING])
    if last is None or last[1] == Method.CANCEL:
        return []
    return ics.read(last[0])


def _last_reason(enrolment: Enrolment) -> str:
    return queries.said(
        db.session.scalar(
            EVERYWHERE.restrict(sa.select(EnrolmentChange.reason), EnrolmentChange)
            .where(EnrolmentChange.enrolment_id == enrolment.id)
            .order_by(EnrolmentChange.id.desc())
            .limit(1)
        )
        or ""
    )


def _session(course_session_id: int) -> CourseSession:
    return training.course_session(EVERYWHERE, course_session_id)


def _about(
    course_session: CourseSession, among: Collection[EnrolmentStatus] = (), ids: Collection[int] = ()
) -> list[About]:
    """Everybody in these states (or these enrolments), with whom to write to: her sign-in's address and language
    where she has one, else the address on her card and Turkish.
    """
    statement = (
        EVERYWHERE.restrict(sa.select(Enrolment), Enrolment, Employee, User)
        .join(Enrolment.employee)
        .outerjoin(Employee.user)
        .where(Enrolment.course_session_id == course_session.id)
        .options(contains_eager(Enrolment.employee).contains_eager(Employee.user), joinedload(Enrolment.course_session))
        .order_by(Enrolment.id)
    )
    statement = statement.where(Enrolment.id.in_(ids)) if ids else statement.where(Enrolment.status.in_(among))
    found = db.session.scalars(statement).all()
    sittings = training.sittings(course_session) if found else []
    return [About(row, _recipient(row), course_session, sittings) for row in found]


def _recipient(enrolment: Enrolment) -> Recipient:
    user = enrolment.employee.user
    reachable = user is not None and user.active
    address = user.email if user is not None and reachable else enrolment.employee.email
    plain = address if address.isascii() and address.count("@") == 1 and " " not in address else ""
    if not enrolment.employee.active:  # who left is told nothing
        plain = ""
    return Recipient(enrolment.id, enrolment.employee.name, plain, user.language if user and reachable else "tr")
