"""A version is published and stays as it is; whoever was shown it is remembered."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.settings import services
from app.settings.events import NoticePublished
from app.settings.models import Notice, NoticeReading
from app.settings.notice import queries


@dataclass(frozen=True)
class Text:
    """What a version says; `must_read`: to everybody once more."""

    text_tr: str
    text_en: str
    must_read: bool


def reader_of(user_id: int) -> str:
    return f"user:{user_id}"


def person_reader(employee_id: int) -> str:
    """Of somebody without an account, by a personal link."""
    return f"employee:{employee_id}"


def publish(text: Text, *, by: Actor) -> Notice:
    """The next version. Whoever comes first to the programme has to read one, so the first is always shown."""
    must_read = text.must_read or queries.current() is None
    made = Notice(text_tr=text.text_tr, text_en=text.text_en, must_read=must_read)
    db.session.add(made)
    db.session.flush()
    journal.record(NoticePublished(made.id, must_read), by=by)
    if must_read:
        services.change_settings({"notice_due": made.id}, by=by)
    return made


def shown(notice: Notice, reader: str) -> None:
    """This reader (`reader_of`, `person_reader`) was shown this version; once, however often."""
    if all(reading.notice_id != notice.id for reading in queries.readings(reader)):
        db.session.add(NoticeReading(notice_id=notice.id, reader=reader))


def hand_on(was: str, now: str) -> None:
    """One reader was another: what they were shown is noted for the other, too. Nothing is taken from the first."""
    known = {reading.notice_id for reading in queries.readings(now)}
    theirs = [reading for reading in queries.readings(was) if reading.notice_id not in known]
    db.session.add_all([NoticeReading(notice_id=each.notice_id, reader=now, at=each.at) for each in theirs])
