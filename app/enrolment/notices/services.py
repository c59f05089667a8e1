"""What people are told when something happens: listeners that put letters into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM, Actor
from app.core.clock import now, today
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.events import EnrolmentMoved, EnrolmentRegrouped
from app.enrolment.models import SEAT_HOLDING, WAITING, Answer, Enrolment, EnrolmentStatus
from app.enrolment.notices import letters, single_events
from app.enrolment.notices.queries import About, addressed, last_reason
from app.enrolment.rules import begun
from app.enrolment.services import step, told, unanswered, wait_to_be_told
from app.language import force_locale, format_date, gettext, lazy_gettext, ngettext
from app.people.links import services as links
from app.people.links.models import ANSWER, TRAININGS
from app.people.links.queries import address
from app.post import letters as post_letters
from app.post.calendars import ics, series
from app.post.calendars.series import Part
from app.post.services import Place, cancel_waiting, enqueue
from app.training import history
from app.training import letters as training_letters
from app.training import queries as training
from app.training.events import SessionMoved, SittingsChanged, TrainersChanged
from app.training.models import CourseSession, SessionStatus
from app.training.rules import over

S = EnrolmentStatus
CONCERNED = (*SEAT_HOLDING, *WAITING)
SLIP_DAYS = 3
PERSONAL = "personal"
"""The kind of link that leads people without an account to all that is theirs."""
ANSWERS = "answer"
"""The kind that leads anybody to one training of theirs, and to their answer."""
ANSWERED = ("invitation", "given_up", "offer")
"""Letters that always lead to where one answers: so does every one that asks."""
DECISIONS = ("rejected", "removed", "given_up")
"""Letters that are sent also where the training is over."""


# --- listeners ------------------------------------------------------------------------------------------


def enrolment_moved(event: EnrolmentMoved, by: Actor) -> None:
    """The word to one person about their own place."""
    tell = _TOLD.get(S(event.now))
    if tell is None:
        return
    for about in addressed(_session(event.course_session_id), ids=[event.enrolment_id]):
        tell(about)


def regrouped(event: EnrolmentRegrouped, by: Actor) -> None:
    """Out of one group of a course and into another: one word for both, once they have the seat there. What stands in
    their calendar is changed into the other days where these are certain, else taken out.
    """
    if event.now != S.ENROLLED:
        return
    (about,) = addressed(_session(event.course_session_id), ids=[event.enrolment_id])
    former = _session(event.group_id)
    left = queries.enrolment_of(former, about.enrolment.employee)
    old = next(iter(addressed(former, ids=[left.id])), None) if left is not None else None
    if old is None:
        return
    if single_events.standing(old.enrolment, old.key) or not about.to_come:
        _told_no("removed")(old)
        _seat_given(about)
        return
    cancel_waiting(f"change:enrolment:{old.enrolment.id}:")
    asks, enrolment = about.course_session.status is SessionStatus.CONFIRMED, about.enrolment
    if asks:
        enrolment.invited_version += 1
        series.hand_over(old.key, about.key)
    occasion = f"invite:enrolment:{enrolment.id}:v{enrolment.invited_version}"
    if not asks:
        occasion = f"seat:enrolment:{enrolment.id}:v{enrolment.version}"
    _send("regrouped", occasion, about, _put(about) if asks else _taken_out(old), asks=asks, former=former.code)


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Confirmed, postponed, open again or cancelled: everybody concerned is told once."""
    react = _MOVES.get((event.was if event.now in ("open", "confirmed") else "", event.now))
    if react is not None:
        react(_session(event.course_session_id), by)


def sittings_changed(event: SittingsChanged | TrainersChanged, by: Actor) -> None:
    """Other days, hours, rooms or trainers: one notice of how it stands now for each person who was invited. A notice
    not yet sent is replaced by it.
    """
    course_session = _session(event.course_session_id)
    if course_session.status is not SessionStatus.CONFIRMED:
        return
    sittings = training.sittings(course_session)
    waiting = any(sitting.date is None for sitting in sittings)
    if not waiting and course_session.ends_on is not None and course_session.ends_on < today():
        return
    changed = [s for s in sittings if isinstance(event, SittingsChanged) and s.id in event.sitting_ids]
    if changed and all(over(each.date, each.ends, now()) for each in changed):
        return
    reason = history.why_postponed(course_session) if waiting else ""
    asks = not waiting and not begun(course_session, today())  # as long as a date is missing there is nothing to answer
    for about in addressed(course_session, SEAT_HOLDING):
        _tell_change(about, reason, asks)


def ask_again(enrolment: Enrolment) -> None:
    """Ask for the answer to the invitation or the offer, once a day at most; refused where no letter reaches them, or
    nothing is to be answered.
    """
    course_session = _session(enrolment.course_session_id)
    asked = enrolment.status is S.ENROLLED and course_session.status is SessionStatus.CONFIRMED
    if not enrolment.employee.active:
        raise Refused(lazy_gettext("No longer on the staff."))
    if not (asked and enrolment.answer is Answer.NONE) and enrolment.status is not S.OFFERED:
        raise Refused(lazy_gettext("There is nothing they have to answer."))
    (about,) = addressed(course_session, ids=[enrolment.id])
    if not about.to.address:
        raise Refused(lazy_gettext("There is no e-mail address: please phone."))
    letter = "offer" if enrolment.status is S.OFFERED else "answer_wanted"
    _send(letter, f"ask:enrolment:{enrolment.id}:{today()}", about)


# --- occasions ------------------------------------------------------------------------------------------


def _confirmed(course_session: CourseSession, by: Actor) -> None:
    for about in addressed(course_session, (S.ENROLLED,)):  # whoever takes an offer is invited then
        _invite(about)


def _postponed(course_session: CourseSession, by: Actor) -> None:
    for about in addressed(course_session, CONCERNED):
        occasion = f"postpone:enrolment:{about.enrolment.id}:v{course_session.version}"
        _send("postponement", occasion, about, _brought_up_to_date(about), reason=course_session.status_reason)


def _reopened(course_session: CourseSession, by: Actor) -> None:
    for about in addressed(course_session, CONCERNED):
        unanswered(about.enrolment)
        if about.enrolment.status is S.OFFERED:
            _offered(about)
            continue
        _send("new_dates", f"dates:enrolment:{about.enrolment.id}:v{course_session.version}", about)


def _cancelled(course_session: CourseSession, by: Actor) -> None:
    for about in addressed(course_session, CONCERNED):
        step(about.enrolment, S.CANCELLED, by=by, reason=course_session.status_reason)
        occasion = f"cancel:enrolment:{about.enrolment.id}:v{course_session.version}"
        _send("cancellation", occasion, about, _taken_out(about), reason=course_session.status_reason)


_MOVES: dict[tuple[str, str], Callable[[CourseSession, Actor], None]] = {
    ("open", "confirmed"): _confirmed,
    ("postponed", "open"): _reopened,
    ("", "postponed"): _postponed,
    ("", "cancelled"): _cancelled,
}


def _invite(about: About) -> None:
    about.enrolment.invited_version += 1
    occasion = f"invite:enrolment:{about.enrolment.id}:v{about.enrolment.invited_version}"
    _send("invitation", occasion, about, _put(about))


def _tell_change(about: About, reason: str, asks: bool) -> None:
    """Nothing where her calendar already says so, nor where she was never invited. `asks`: what she answered was
    another training than this one, so she is asked again.
    """
    part = _brought_up_to_date(about)
    if part is not None or (about.enrolment.invited_version and not about.to.address):
        if asks:
            unanswered(about.enrolment)
        occasion = f"change:enrolment:{about.enrolment.id}:" + (ics.digest(part.data) if part else "")
        _send("change", occasion, about, part, reason=reason, asks=asks)


def _seat_given(about: About) -> None:
    if about.course_session.status is SessionStatus.CONFIRMED:
        _invite(about)
    else:
        _send("seat", f"seat:enrolment:{about.enrolment.id}:v{about.enrolment.version}", about)


def _offered(about: About) -> None:
    until = about.enrolment.offered_until
    _send("offer", f"offer:enrolment:{about.enrolment.id}:{until:%Y%m%d%H%M}", about)


def _waits(about: About) -> None:
    _send("waiting", f"waiting:enrolment:{about.enrolment.id}:v{about.enrolment.version}", about)


def _told_no(letter: str) -> Callable[[About], None]:
    def tell(about: About) -> None:
        occasion = f"out:enrolment:{about.enrolment.id}:v{about.enrolment.version}"
        _send(letter, occasion, about, _taken_out(about), reason=last_reason(about.enrolment))

    return tell


def _gave_up(about: About) -> None:
    """Only whoever was invited has something in their calendar to take out again."""
    part = _taken_out(about)
    if part is not None:
        _send("given_up", f"out:enrolment:{about.enrolment.id}:v{about.enrolment.version}", about, part)


_TOLD: dict[EnrolmentStatus, Callable[[About], None]] = {
    S.ENROLLED: _seat_given,
    S.WAITLISTED: _waits,
    S.OFFERED: _offered,
    S.OFFER_EXPIRED: _told_no("offer_expired"),
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
    part: Part | None = None,
    *,
    reason: str = "",
    asks: bool = False,
    former: str = "",
) -> None:
    """Write a letter into the outbox; `part` goes with it for the calendar.

    Nothing is told of what is over, except a decision; letters list what is to come. Where there is no address,
    somebody has to tell it: `untold_since` says so to whoever runs the session. Who left is told nothing.
    """
    ended = bool(about.sittings) and not about.to_come
    if not about.enrolment.employee.active or (ended and letter not in DECISIONS):
        return
    if not about.to.address:
        wait_to_be_told(about.enrolment)
        return
    if part is not None:  # it brings the calendar up to date, so no notice of a change may come after it
        cancel_waiting(f"change:enrolment:{about.enrolment.id}:", but=occasion)
    file = post_letters.file_url(about.key) if part is not None else ""
    told = (about.to, about.course_session, about.to_come, about.trainers)
    answers, until = asks or letter in ANSWERED, about.enrolment.offered_until
    more: dict[str, Any] = {"reason": reason, "asks": asks, "calendar_url": file, "until": until, "former": former}
    subject, body = letters.write(letter, *told, answers=answers, **more)
    enqueue(
        occasion,
        about.to.address,
        about.to.language,
        subject,
        body,
        calendar=part.data if part else None,
        calendar_method=part.method.value if part else None,
        settles=letter == "change",
        place=Place(about.course_session.province_id, about.enrolment.employee.organisation_id),
        link=(ANSWERS, about.enrolment.id) if answers or not about.to.signs_in else None,
    )


def slips(course_session: CourseSession, enrolments: Sequence[Enrolment], *, by: Actor) -> bytes:
    """A sheet to hand out: a personal link each, and the days as they stand. Whom no letter reaches is told by it."""
    with force_locale("tr"):
        days = training_letters.days(training.sittings(course_session))
        told_of = [" · ".join(filter(None, (_day(day), day.place))) for day in days[:SLIP_DAYS]]
        more = len(days) - len(told_of)
        about = [training_letters.title(course_session), *(told_of or [gettext("No date yet")])]
        if more:
            about.append(ngettext("and %(num)s more day", "and %(num)s more days", more))
    people = [each.employee for each in enrolments]
    sheet = links.slips(people, by=by, session_id=course_session.id, about=about)
    for each in enrolments:
        if each.untold_since is not None:
            told(each, by=by)
    return sheet


def _day(day: training_letters.Day) -> str:
    return f"{format_date(day.date)} {', '.join(day.times)}"


def personal_link(enrolment_id: int) -> str:
    """Where somebody without an account sees all that is theirs; "" once they have left."""
    return _link(enrolment_id, TRAININGS)


def answer_link(enrolment_id: int) -> str:
    """Where they answer; the same."""
    return _link(enrolment_id, ANSWER)


def _link(enrolment_id: int, purpose: str) -> str:
    enrolment = queries.enrolment(EVERYWHERE, enrolment_id)  # the letter goes to whom it concerns
    if not enrolment.employee.active:
        return ""
    token = links.make(enrolment.employee_id, purpose, by=SYSTEM, about=enrolment.course_session_id)
    return address(token)


# --- their calendar ---------------------------------------------------------------------------------------


def _put(about: About) -> Part | None:
    """The session as it stands; nothing without an address."""
    if not about.to.address:
        return None
    # who is invited is invited to what is to come; what stands in a calendar stays there
    row = series.of(about.key)
    days = about.to_come if row is None or row.calendar is None else about.sittings
    with force_locale(about.to.language):
        found = training_letters.series(about.course_session, days, about.to.page, about.trainers)
    return series.put(about.key, found, post_letters.sender(), about.to.address)


def _brought_up_to_date(about: About) -> Part | None:
    """The same for whoever was invited, in the form they were invited in; None where nothing is to be said."""
    if not about.to.address or not about.enrolment.invited_version:
        return None
    known = single_events.standing(about.enrolment, about.key)
    if not known:
        return _put(about)
    with force_locale(about.to.language):
        return single_events.change(known, about.course_session, about.sittings, about.to.address)


def _taken_out(about: About) -> Part | None:
    if not about.to.address:
        return None
    known = single_events.standing(about.enrolment, about.key)
    return single_events.take_out(known, about.to.address) if known else series.take_out(about.key)


def _session(course_session_id: int) -> CourseSession:
    return training.course_session(EVERYWHERE, course_session_id)  # letters go to whom it concerns, whoever acted
