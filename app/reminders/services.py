"""One mail a day at most to each: written from what is due, and written anew at the moment it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from hashlib import sha256

from app.core.clock import at, local, now, today
from app.core.db import db, reading
from app.language import force_locale, lazy_pgettext, ngettext
from app.post.models import Message
from app.post.services import enqueue
from app.reminders import queries
from app.reminders.queries import Notice
from app.settings import queries as settings
from app.training import letters as training_letters

KIND = "reminder"
LETTERS = {"week": "begins", "day": "begins", "asked": "asked", "marks": "marks", "risk": "risk"}
"""Which letter says it."""
NAMES = {
    "begins": lazy_pgettext("occasion", "Reminder"),
    "asked": lazy_pgettext("occasion", "Reminder of an answer to give"),
    "marks": lazy_pgettext("occasion", "Reminder of attendance to mark"),
    "risk": lazy_pgettext("occasion", "Warning of attendance at risk"),
}
FROM, UNTIL = time(8), time(20)
"""Nobody is reminded in the night."""


def remind() -> None:
    """What is due today and was not written yet. What was due on a day that is gone is not."""
    if not FROM <= local(now()).time() < UNTIL:
        return
    day = today()
    db.session.rollback()
    with reading():  # looking through every training keeps nobody from writing
        due = [(mark, notices[0], _link(notices), write(notices)) for mark, notices in _by_reader(day).items()]
        db.session.rollback()
    ends = at(day + timedelta(days=1), time.min)
    for mark, first, link, words in due:
        to, occasion = first.to, f"{KIND}:{day}:{mark}"
        enqueue(occasion, to.address, to.language, *words, place=first.place, not_after=ends, link=link)
    db.session.commit()


def _link(notices: Sequence[Notice]) -> tuple[str, int] | None:
    return next((notice.link for notice in notices if notice.link), None)


def anew(message: Message) -> tuple[str, str] | None:
    """The same as it stands now; None where nothing of it is due any more."""
    _, day, mark, *_ = message.occasion.split(":")
    notices = _by_reader(date.fromisoformat(day)).get(mark)
    return write(notices) if notices else None


def write(notices: Sequence[Notice]) -> tuple[str, str]:
    """(subject, body) to one reader: a letter, or the paragraphs of several under one greeting."""
    written = [_letter(notice) for notice in notices]
    if len(written) == 1:
        return written[0]
    with force_locale(notices[0].to.language):
        subject = ngettext("%(num)s reminder", "%(num)s reminders", len(written))
        signed = settings.institution()
    greeting = written[0][1].partition("\n\n")[0]
    told = [body.partition("\n\n")[2].strip().removesuffix(signed).strip() for _, body in written]
    return subject, "\n\n".join(filter(None, [greeting, *told, signed])) + "\n"


def _letter(notice: Notice) -> tuple[str, str]:
    to = notice.to
    return training_letters.write(
        f"reminders/mail/{LETTERS[notice.kind]}.txt",
        to.name,
        to.language,
        notice.course_session,
        notice.sittings,
        url=notice.url,
        asks=notice.asks,
        left=notice.left,
    )


def _by_reader(day: date) -> dict[str, list[Notice]]:
    """What is due, by a mark of each address that tells nobody the address."""
    found: dict[str, list[Notice]] = {}
    for notice in queries.due(day):
        mark = sha256(notice.to.address.lower().encode()).hexdigest()[:16]
        found.setdefault(mark, []).append(notice)
    return found
