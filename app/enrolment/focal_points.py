"""The focal points a session is offered to: who they are, and the word to them when it opens for nominations."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import Grant, Organisation, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.db import db
from app.enrolment import obstacles
from app.language import gettext, ngettext
from app.post.services import enqueue
from app.training import history
from app.training import letters as training_letters
from app.training import queries as training
from app.training.events import SessionMoved
from app.training.models import CourseSession, SessionAudience, SessionStatus
from app.training.rules import over


def focal_points(course_session: CourseSession) -> Sequence[User]:
    """Whoever can nominate for an institution of its audience and sign in, each once; one statement."""
    offered = sa.select(SessionAudience.organisation_id).where(
        SessionAudience.course_session_id == course_session.id, SessionAudience.organisation_id.is_not(None)
    )
    provinces = sa.select(SessionAudience.province_id).where(
        SessionAudience.course_session_id == course_session.id, SessionAudience.province_id.is_not(None)
    )
    institution = sa.or_(Organisation.id.in_(offered), Organisation.province_id.in_(provinces))
    granted = sa.select(Grant.user_id).where(
        Grant.role == Role.FOCAL_POINT,
        sa.or_(
            Grant.organisation_id.in_(sa.select(Organisation.id).where(institution)),
            Grant.province_id.in_(sa.select(Organisation.province_id).where(institution)),
            sa.and_(Grant.organisation_id.is_(None), Grant.province_id.is_(None)),
        ),
    )
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(User), User, Grant, SessionAudience)
        .where(User.active.is_(True), User.id.in_(granted))
        .order_by(User.id)
    ).all()


def _takes(course_session: CourseSession) -> bool:
    """Whether there is anything to nominate for: not all of it is over, and nominations have not closed."""
    sittings = training.sittings(course_session)
    return not all(over(each.date, each.ends) for each in sittings) and not obstacles.nominations_closed(course_session)


def session_moved(event: SessionMoved, by: Actor) -> None:
    """It opens for nominations: one letter for each of them, another one where it had been open before."""
    if event.now != SessionStatus.OPEN:
        return
    course_session = training.course_session(EVERYWHERE, event.course_session_id)
    if _takes(course_session):
        letter = "reopened" if history.had_been_open(course_session) else "opened"
        for user in focal_points(course_session):
            _tell(letter, course_session, user)


def _tell(letter: str, course_session: CourseSession, user: User) -> None:
    subject, body = training_letters.write(
        f"enrolment/mail/{letter}.txt",
        user.name,
        user.language,
        course_session,
        training.sittings(course_session),
        closes=obstacles.nominations_close(course_session),
        url=f"{training_letters.public_url()}/sessions/{course_session.id}/enrolments/add",
    )
    occasion = f"{letter}:session:{course_session.id}:user:{user.id}:v{course_session.version}"
    enqueue(occasion, user.email, user.language, subject, body)


def on_opening(caller: Caller, course_session: CourseSession) -> list[str]:
    """What the page before opening says of them."""
    if not _takes(course_session):
        return [gettext("Nominations are closed by then: no training focal point will be notified.")]
    number = len(focal_points(course_session))
    if not number:
        return [gettext("No institution it is offered to has a training focal point who could be notified.")]
    return [
        ngettext(
            "%(num)s training focal point will be notified by e-mail.",
            "%(num)s training focal points will be notified by e-mail.",
            number,
        )
    ]
