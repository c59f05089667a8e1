"""One mail a day at most to each: written from what is due, and written anew at the moment it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from hashlib import sha256

from app.core.clock import at, local, now, today
from app.core.db import db
from app.language import force_locale, format_date, gettext, in_language, ngettext
from app.post import letters
from app.post.models import Message
from app.post.services import enqueue
from app.reminders import queries
from app.reminders.queries import Notice
from app.settings import queries as settings
from app.training import letters as training_letters

KIND = "reminder"
FROM, UNTIL = time(8), time(20)
"""Nobody is reminded in the night."""


def remind() -> None:
    """What is due today and was not written yet. What was due on a day that is gone is not."""
    if not FROM <= local(now()).time() < UNTIL:
        return
    day = today()
    for mark, notices in _by_reader(day).items():
        to, place = notices[0].to, notices[0].place
        subject, body = write(notices)
        ends = at(day + timedelta(days=1), time.min)
        link = next((notice.link for notice in notices if notice.link), None)
        occasion = f"{KIND}:{day}:{mark}"
        enqueue(occasion, to.address, to.language, subject, body, place=place, not_after=ends, link=link)
    db.session.commit()


def anew(message: Message) -> tuple[str, str] | None:
    """The same as it stands now; None where nothing of it is due any more."""
    _, day, mark, *_ = message.occasion.split(":")
    notices = _by_reader(date.fromisoformat(day)).get(mark)
    return write(notices) if notices else None


def write(notices: Sequence[Notice]) -> tuple[str, str]:
    """(subject, body) to one reader."""
    to = notices[0].to
    with force_locale(to.language):
        told = [(each, training_letters.days(each.sittings)) for each in notices]
        return letters.write(
            "reminders/mail/reminder.txt",
            subject=_subject(notices),
            name=to.name,
            told=[
                {"notice": each, "days": days, "course": in_language(each.course_session.course, "name")}
                for each, days in told
            ],
            institution=settings.institution(),
        )


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) > 1:
        return ngettext("%(num)s reminder", "%(num)s reminders", len(notices))
    (only,) = notices
    course = in_language(only.course_session.course, "name")
    if only.kind == "marks":
        return gettext("Attendance is missing: %(course)s", course=course)
    if only.kind == "risk":
        return gettext("Your attendance: %(course)s", course=course)
    return gettext("Reminder: %(course)s, %(date)s", course=course, date=format_date(only.course_session.starts_on))


def _by_reader(day: date) -> dict[str, list[Notice]]:
    """What is due, by a mark of each address that tells nobody the address."""
    found: dict[str, list[Notice]] = {}
    for notice in queries.due(day):
        mark = sha256(notice.to.address.lower().encode()).hexdigest()[:16]
        found.setdefault(mark, []).append(notice)
    return found
