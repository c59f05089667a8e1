"""One mail a day at most to each: written from what is due, and written anew at the moment it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from hashlib import sha256

from app.core.clock import at, local, now, today
from app.core.db import db, reading
from app.enrolment.notices.services import ANSWERS, PERSONAL
from app.language import force_locale, lazy_pgettext, ngettext
from app.post.links import LINK
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
Link = tuple[str, int] | None


def remind() -> None:
    """What is due today and was not written yet. What was due on a day that is gone is not."""
    if not FROM <= local(now()).time() < UNTIL:
        return
    day = today()
    db.session.rollback()
    with reading():  # looking through every training keeps nobody from writing
        found = [(mark, notices, _link(notices)) for mark, notices in _by_reader(day).items()]
        due = [(mark, notices[0], link, write(notices, link)) for mark, notices, link in found]
        db.session.rollback()
    ends = at(day + timedelta(days=1), time.min)
    for mark, first, link, words in due:
        to, occasion = first.to, f"{KIND}:{day}:{mark}"
        enqueue(occasion, to.address, to.language, *words, place=first.place, not_after=ends, link=link)
    db.session.commit()


def _link(notices: Sequence[Notice]) -> Link:
    """The one a mail can have: to the answer about one training, or, where several want one, to all that is theirs for
    who has no account. Who has one signs in.
    """
    wanting = [(notice.enrolment_id, notice.url) for notice in notices if notice.wants_link]
    keys = [key for key, url in wanting if key is not None and (len(wanting) == 1 or not url)]
    return (ANSWERS if len(wanting) == 1 else PERSONAL, keys[0]) if keys else None


def _linked(notice: Notice, link: Link) -> bool:
    """Whether the mail's link is what this part of it leads to."""
    if link is None or not notice.wants_link:
        return False
    kind, key = link
    return key == notice.enrolment_id if kind == ANSWERS else not notice.url


def anew(message: Message) -> tuple[str, str] | None:
    """The same as it stands now; None where nothing of it is due any more."""
    _, day, mark, *_ = message.occasion.split(":")
    notices = _by_reader(date.fromisoformat(day)).get(mark)
    link = None if message.link_kind is None or message.link_id is None else (message.link_kind, message.link_id)
    return write(notices, link) if notices else None


def write(notices: Sequence[Notice], link: Link = None) -> tuple[str, str]:
    """(subject, body) to one reader: a letter, or the paragraphs of several under one greeting. A mail has one link."""
    written = [_letter(notice, link) for notice in notices]
    if len(written) == 1:
        return written[0]
    with force_locale(notices[0].to.language):
        subject = ngettext("%(num)s reminder", "%(num)s reminders", len(written))
        signed = settings.institution()
    greeting = written[0][1].partition("\n\n")[0]
    told = [body.partition("\n\n")[2].strip().removesuffix(signed).strip() for _, body in written]
    return subject, "\n\n".join(filter(None, [greeting, *told, signed])) + "\n"


def _letter(notice: Notice, link: Link) -> tuple[str, str]:
    to, linked = notice.to, _linked(notice, link)
    return training_letters.write(
        f"reminders/mail/{LETTERS[notice.kind]}.txt",
        to.name,
        to.language,
        notice.course_session,
        notice.sittings,
        url=LINK if linked else notice.url,
        asks=notice.asks,
        answers=linked and notice.asks,
        left=notice.left,
    )


def _by_reader(day: date) -> dict[str, list[Notice]]:
    """What is due, by a mark of each address that tells nobody the address."""
    found: dict[str, list[Notice]] = {}
    for notice in queries.due(day):
        mark = sha256(notice.to.address.lower().encode()).hexdigest()[:16]
        found.setdefault(mark, []).append(notice)
    return found
