"""What somebody's calendar holds of one course session, kept from one mail to the next."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa

from app.core.db import db
from app.post.calendars import ics
from app.post.calendars.ics import Method, Series
from app.post.models import CalendarSeries


@dataclass(frozen=True)
class Part:
    """The calendar file that goes with a mail, and what it asks for."""

    data: bytes
    method: Method


def of(about: str) -> CalendarSeries | None:
    """The row; None where nothing was ever put into a calendar."""
    return db.session.scalar(sa.select(CalendarSeries).where(CalendarSeries.about == about).with_for_update())


def put(about: str, series: Series, organizer: str, attendee: str) -> Part | None:
    """What brings a calendar to show this series, or nothing of it where no day is left; None where it does so."""
    if not series.days:
        return take_out(about)
    row = of(about)
    if row is None:
        # counted up below: the first that leaves is 0
        row = CalendarSeries(about=about, uid=str(uuid4()), sequence=-1)
        db.session.add(row)
    elif row.calendar is not None:
        again = ics.request(series, row.uid, row.sequence, organizer, attendee)
        if ics.digest(again) == ics.digest(row.calendar):
            return None
    row.sequence += 1
    row.calendar = ics.request(series, row.uid, row.sequence, organizer, attendee)
    return Part(row.calendar, Method.REQUEST)


def take_out(about: str) -> Part | None:
    """What takes the whole series out of a calendar; None where nothing of it is there."""
    row = of(about)
    if row is None or row.calendar is None:
        return None
    row.sequence += 1
    # the row stays: put in again, the same UID goes on with a higher SEQUENCE
    data, row.calendar = ics.cancelled(row.calendar, row.sequence), None
    return Part(data, Method.CANCEL)


def hand_over(about: str, to: str) -> None:
    """What was put into a calendar under one name is changed and taken out under another from now on."""
    row, other = of(about), of(to)
    if row is None:
        return
    if other is not None:
        db.session.delete(other)
        db.session.flush()
    row.about = to


def standing(about: str) -> bytes | None:
    """The series kept under a name as it stands, to be opened by hand. Nothing is locked: for who only looks."""
    data = db.session.scalar(sa.select(CalendarSeries.calendar).where(CalendarSeries.about == about))
    return ics.published(data) if data else None


def file(uid: str) -> bytes | None:
    """The series as it stands, to be opened by hand; None where it does not stand any more. It names nobody."""
    data = db.session.scalar(sa.select(CalendarSeries.calendar).where(CalendarSeries.uid == uid))
    return ics.published(data) if data else None
