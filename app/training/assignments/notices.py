"""What trainers are told: asked, moved, taken off, cancelled, postponed. Participants hear from theirs.

A letter is written where what stands in a trainer's calendar of the session is no longer what they give of it; so one
action is one letter to each, however many sittings it changed and however often it was recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM, Actor
from app.core.clock import now, today
from app.core.db import db
from app.language import force_locale, lazy_pgettext
from app.people.links import services as links
from app.people.links.models import TEACHING
from app.people.links.queries import address
from app.post import letters as post_letters
from app.post.addresses import public_address
from app.post.calendars import series
from app.post.calendars.series import Part
from app.post.links import LINK
from app.post.services import Place, cancel_waiting, enqueue
from app.trainers.models import Trainer
from app.training import history, letters
from app.training import queries as training
from app.training.assignments import queries, untold
from app.training.events import AssignmentAnswered, SessionMoved, SittingsChanged, SittingsPostponed, TrainersChanged
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting, TrainerAssignment
from app.training.rules import over

ASKED = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)
TEACHES = "teaching"
"""The kind of link that leads a trainer to their answer."""
CHANGES = ("trainer_changed", "trainer_declined")
"""Letters on how it stands now, whose place the next one takes."""
"""A draft asks no trainer: nobody has to hear of what becomes of it."""

NAMES = {
    "trainer_asked": lazy_pgettext("occasion", "Trainer asked"),
    "trainer_changed": lazy_pgettext("occasion", "Change of a trainer’s sittings"),
    "trainer_declined": lazy_pgettext("occasion", "Trainer declined"),
    "trainer_postponed": lazy_pgettext("occasion", "Trainer’s sittings postponed"),
    "trainer_released": lazy_pgettext("occasion", "Trainer no longer assigned"),
    "trainer_cancelled": lazy_pgettext("occasion", "Training cancelled (trainer)"),
}


@dataclass(frozen=True)
class Given:
    """What a trainer gives of a session; sittings they declined are not among it. `waits`: for their answer to one that
    has a date. `asked`: the id of an assignment that waits for it.
    """

    course_session: CourseSession
    trainer: Trainer
    sittings: Sequence[Sitting] = ()
    waits: bool = False
    asked: int = 0

    @property
    def key(self) -> str:
        """What their calendar's series is kept under."""
        return f"session:{self.course_session.id}:trainer:{self.trainer.id}"

    @property
    def over(self) -> bool:
        """Whether all of it is over: nothing is told of that."""
        return bool(self.sittings) and all(over(each.date, each.ends, now()) for each in self.sittings)

    @property
    def about(self) -> str:
        return f"{self.course_session.id}:{self.trainer.id}"


# --- listeners ------------------------------------------------------------------------------------------


def _session(course_session_id: int) -> CourseSession:
    return training.course_session(EVERYWHERE, course_session_id)  # letters go to whom it concerns, whoever acted


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Opened: everybody is asked. Cancelled, or postponed as a whole: everybody who was asked and has not declined."""
    course_session = _session(event.course_session_id)
    if event.now == SessionStatus.OPEN:
        _tell_changes(course_session, {given.trainer.id for given in _given(course_session)})
    elif event.now in (SessionStatus.CANCELLED, SessionStatus.POSTPONED) and event.was in ASKED:
        gone = event.now == SessionStatus.CANCELLED
        for given in _given(course_session):
            if not given.over:
                part = series.take_out(given.key) if gone else _put(given)
                _send(f"trainer_{event.now}", f"v{course_session.version}", given, part, course_session.status_reason)


def sittings_postponed(event: SittingsPostponed, by: Actor) -> None:
    """A day of a session that goes on: those who were to give it."""
    course_session = _session(event.course_session_id)
    if course_session.status in ASKED:
        for given in _given(course_session):
            lost = [each.id for each in given.sittings if each.id in event.sitting_ids]
            if lost:
                version = f"{min(lost)}:v{course_session.version}"
                _send("trainer_postponed", version, given, _put(given), history.why_postponed(course_session))


def sittings_changed(event: SittingsChanged, by: Actor) -> None:
    course_session = _session(event.course_session_id)
    hers = {given.trainer.id: {each.id for each in given.sittings} for given in _given(course_session)}
    _tell_changes(course_session, {key for key, ids in hers.items() if ids & set(event.sitting_ids)})


def trainers_changed(event: TrainersChanged, by: Actor) -> None:
    """Also to whoever gives nothing of it any more."""
    course_session = _session(event.course_session_id)
    _tell_changes(course_session, event.trainer_ids)
    left = {given.trainer.id for given in _given(course_session)}
    if _goes_on(course_session):
        for trainer in _trainers(set(event.trainer_ids) - left):
            given = Given(course_session, trainer)
            part = series.take_out(given.key)
            _send("trainer_released", _next(given), given, part)


def assignment_answered(event: AssignmentAnswered, by: Actor) -> None:
    """Their calendar follows their answer where it stood otherwise."""
    course_session = _session(event.course_session_id)
    trainer = queries.trainer_of(event.assignment_id)
    given = next((g for g in _given(course_session) if g.trainer.id == trainer.id), Given(course_session, trainer))
    if course_session.status in ASKED and series.of(given.key) is not None:
        declined = event.now == AssignmentAnswer.DECLINED
        _tell_change("trainer_declined" if declined else "trainer_changed", given)


# --- occasions ------------------------------------------------------------------------------------------


def _goes_on(course_session: CourseSession) -> bool:
    """Trainers were asked, and it is not over: nothing is told of what was."""
    over = course_session.ends_on is not None and course_session.ends_on < today()
    return course_session.status in ASKED and not over


def _tell_changes(course_session: CourseSession, concerned: Collection[int]) -> None:
    """`concerned`: trainers whose sittings these are. Anybody else hears only of what differs from their calendar:
    not those who were asked before calendars were kept.
    """
    if not _goes_on(course_session):
        return
    for given in _given(course_session):
        row = series.of(given.key)
        if row is not None or given.trainer.id in concerned:
            standing = row is not None and row.calendar is not None
            _tell_change("trainer_changed" if standing or not given.waits else "trainer_asked", given)


def _tell_change(letter: str, given: Given) -> None:
    """Nothing where their calendar already says so, or where all of it is over. Takes the place of one not yet sent."""
    if given.over:
        return
    part = _put(given)
    if part is not None or not post_letters.bare(given.trainer.address):
        _send(letter, _next(given), given, part)


def _next(given: Given) -> str:
    row = series.of(given.key)
    return f"s{0 if row is None else row.sequence}"


def _put(given: Given) -> Part | None:
    address = post_letters.bare(given.trainer.address)
    if not address:
        return None
    with force_locale(given.trainer.language):
        found = letters.series(given.course_session, given.sittings, _url() if given.trainer.signs_in else "")
    return series.put(given.key, found, post_letters.sender(), address)


def _url() -> str:
    return public_address("assignments.list_assignments")


def _send(letter: str, version: str, given: Given, part: Part | None, reason: str = "") -> None:
    """Write a letter into the outbox. It brings the calendar up to date, so no notice of a change may come after it.
    Where there is no address, somebody has to tell it.
    """
    course_session, trainer = given.course_session, given.trainer
    if not post_letters.bare(trainer.address):
        untold.wait(course_session, trainer.id)
        return
    occasion = f"{letter}:{given.about}:{version}"
    for change in CHANGES:
        cancel_waiting(f"{change}:{given.about}:", but=occasion)
    link = (TEACHES, given.asked) if given.waits and queries.asked(given.asked) else None
    subject, body = letters.write(
        f"training/assignments/mail/{letter}.txt",
        trainer.name,
        trainer.language,
        course_session,
        given.sittings,
        waits=given.waits,
        signs_in=trainer.signs_in,
        reason=reason,
        calendar=part.method.value if part else "",
        calendar_url=post_letters.file_url(given.key) if part else "",
        url=LINK if link else _url(),
        answers=link is not None,
    )
    enqueue(
        occasion,
        post_letters.bare(trainer.address),
        trainer.language,
        subject,
        body,
        calendar=part.data if part else None,
        calendar_method=part.method.value if part else None,
        settles=letter in CHANGES,
        place=Place(course_session.province_id),
        link=link,
    )


def answer_link(assignment_id: int) -> str:
    """Where a trainer answers without signing in; "" where nothing is asked of them any more."""
    found = queries.asked(assignment_id)
    if found is None:
        return ""
    if found.employee_id is None:
        return address(queries.outside_token(found.trainer_id, found.course_session_id))
    return address(links.make(found.employee_id, TEACHING, by=SYSTEM, about=found.course_session_id))


# --- who ------------------------------------------------------------------------------------------------


def _given(course_session: CourseSession) -> list[Given]:
    """Whoever gives something of it, each once."""
    return _of(course_session, *training.sittings_given(course_session))


def _of(course_session: CourseSession, every: Sequence[Sitting], assigned: Sequence[TrainerAssignment]) -> list[Given]:
    sittings = {each.id: each for each in every}
    theirs = [each for each in assigned if each.answer is not AssignmentAnswer.DECLINED]
    found = []
    for trainer in sorted({each.trainer for each in theirs}, key=lambda trainer: trainer.id):
        own = [each for each in theirs if each.trainer_id == trainer.id]
        hers = [sittings[key] for key in sittings if key in {each.sitting_id for each in own}]
        asked = {each.sitting_id for each in own if each.answer is AssignmentAnswer.PENDING}
        waits = any(each.id in asked and each.date is not None for each in hers)
        key = next((each.id for each in own if each.answer is AssignmentAnswer.PENDING), 0)
        found.append(Given(course_session, trainer, hers, waits, key))
    return found


def to_ask(
    course_session: CourseSession, sittings: Sequence[Sitting], assigned: Sequence[TrainerAssignment]
) -> list[Trainer]:
    """Who hears of it once it is opened."""
    found = _of(course_session, sittings, assigned)
    return [given.trainer for given in found if given.sittings and not given.over]


def _trainers(ids: set[int]) -> Sequence[Trainer]:
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, User)  # whoever gave it hears that it is given no more
        .where(Trainer.id.in_(ids))
        .options(joinedload(Trainer.user))
        .order_by(Trainer.id)
    ).all()
