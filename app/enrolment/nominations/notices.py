"""The word to focal points when a session opens for nominations, and to whom an application waits for."""

from __future__ import annotations

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.clock import today
from app.core.errors import Refused
from app.enrolment import queries as enrolments
from app.enrolment.focal_points import focal_points, supportable, who_decides
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations.queries import takes
from app.language import lazy_gettext, lazy_pgettext
from app.post.addresses import public_address
from app.post.services import Place, enqueue
from app.training import history
from app.training import letters as training_letters
from app.training import queries as training
from app.training.events import SessionMoved
from app.training.models import CourseSession, SessionStatus

NAMES = {
    "opened": lazy_pgettext("occasion", "Open for nominations"),
    "reopened": lazy_pgettext("occasion", "Open for nominations again"),
    "support_wanted": lazy_pgettext("occasion", "Approval wanted"),
    "decision_wanted": lazy_pgettext("occasion", "Decision wanted"),
}


def session_moved(event: SessionMoved, by: Actor) -> None:
    """It opens for nominations: one letter for each of them, another one where it had been open before."""
    if event.now != SessionStatus.OPEN:
        return
    # letters go to whom it concerns, whoever acted
    course_session = training.course_session(EVERYWHERE, event.course_session_id)
    if takes(course_session, training.sittings(course_session)):
        letter = "reopened" if history.had_been_open(course_session) else "opened"
        for user in focal_points(course_session):
            _tell(letter, course_session, user)


def remind(enrolment: Enrolment, *, by: Actor) -> None:
    """Ask whoever decides on an application or nomination, once a day and session at most; refused where nobody does,
    or whoever asks.
    """
    course_session = enrolment.course_session
    deciders = who_decides(enrolment)
    if not enrolment.employee.active:
        raise Refused(lazy_gettext("No longer on the staff."))
    if by.id in {user.id for user in deciders}:
        raise Refused(lazy_gettext("This waits for your own decision."))
    if not deciders:
        raise Refused(lazy_gettext("Nobody who could decide has an account."))
    waits = enrolment.status is EnrolmentStatus.APPLIED and supportable(enrolment)
    for user in deciders:
        _tell("support_wanted" if waits else "decision_wanted", course_session, user, str(today()))


def _tell(letter: str, course_session: CourseSession, user: User, version: str = "") -> None:
    urls = {
        "support_wanted": lambda: public_address("nominations.show_nominations"),
        "decision_wanted": lambda: public_address("seats.show_enrolments", key=course_session.id),
    }
    subject, body = training_letters.write(
        f"enrolment/nominations/mail/{letter}.txt",
        user.name,
        user.language,
        course_session,
        training.sittings(course_session),
        closes=enrolments.nominations_close(course_session),
        url=urls.get(letter, lambda: public_address("nominations.add", key=course_session.id))(),
    )
    occasion = f"{letter}:session:{course_session.id}:user:{user.id}:{version or f'v{course_session.version}'}"
    enqueue(occasion, user.email, user.language, subject, body, place=Place(course_session.province_id))
