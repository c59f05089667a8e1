"""What goes onto the signature sheets of a session, and the scans of those that were signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.access.scope import EVERYWHERE, within
from app.attendance.models import SignedSheet, SittingRow
from app.attendance.signatures.rules import held_days
from app.core.db import db
from app.core.errors import Missing
from app.enrolment.queries import participants
from app.files.models import Document
from app.language import in_language, language
from app.paper.handouts.sheet import SheetDay, SheetRow, SheetSitting, SignatureSheet
from app.paper.wording import Language
from app.people.models import Sex
from app.post.addresses import public_address
from app.settings import queries as settings
from app.training import queries as training
from app.training.models import CourseSession, SittingState
from app.venues.models import Room


def signature_sheet(course_session: CourseSession, every: Sequence[SittingRow], day: date | None) -> SignatureSheet:
    """The sheet of one day, or of all days that have a sitting; Missing where there is none.

    `every` sitting of a session loaded through a scope that may see who takes part. Sittings that were called off are
    left out.
    """
    rows = [row for row in every if row.date is not None and row.state is not SittingState.NOT_HELD]
    days = sorted({row.date for row in rows if row.date is not None and day in (None, row.date)})
    if not days:
        raise Missing
    people = participants(EVERYWHERE, course_session)  # whoever may print the sheet sees all who sign it
    values = settings.values()
    tongue: Language = "en" if language() == "en" else "tr"
    rooms = {sitting.id: sitting.room for sitting in training.sittings(course_session)}
    return SignatureSheet(
        language=tongue,
        institution=str(values[f"institution_{tongue}"]),
        course=in_language(course_session.course, "name"),
        group_code=course_session.code,
        trainers=tuple(trainer.printed_name for trainer in training.trainers_of(course_session)),
        days=tuple(_day(course_session, each, rows, rooms, [person.given for person in people]) for each in days),
        rows=tuple(SheetRow(p.printed_name, p.organisation, p.title) for p in people),
        women=sum(p.sex is Sex.WOMAN for p in people),
        men=sum(p.sex is Sex.MAN for p in people),
        sample=bool(values["sample_data"]),
    )


def _day(
    course_session: CourseSession,
    day: date,
    rows: list[SittingRow],
    rooms: Mapping[int, Room | None],
    given: Sequence[datetime | None],
) -> SheetDay:
    """Its sittings and their place: venue and room, or the venues and each room over its column.

    `given`: when the seats of those listed were given, in the order of the rows.
    """
    held = [row for row in rows if row.date == day]
    used = {room.id: room for row in held if (room := rooms[row.id])}
    names = {key: in_language(room, "name") for key, room in used.items()}
    venues = dict.fromkeys(in_language(room.venue, "name") for room in used.values())
    place = ", ".join(dict.fromkeys((*venues, *(names.values() if len(names) == 1 else ()))))
    several = len(names) > 1
    sittings = (
        SheetSitting(
            row.starts,
            row.ends,
            names.get(_id(rooms[row.id]), "") if several else "",
            frozenset(n for n, moment in enumerate(given) if row.before(moment)),
        )
        for row in held
    )
    url = public_address("signatures.attach_signed_sheet", course_session_id=course_session.id, day=day.isoformat())
    return SheetDay(day, tuple(sittings), place, url)


def _id(room: Room | None) -> int:
    return room.id if room else 0


def signed_sheets(course_session: CourseSession) -> Sequence[SignedSheet]:
    """The scans of a session loaded through a scope, by day, the latest of a day first."""
    return db.session.scalars(
        within(course_session).select(SignedSheet).order_by(SignedSheet.day, SignedSheet.id.desc())
    ).all()


def scan(course_session: CourseSession, sheet_id: int) -> Document:
    """The file of one scan of a session loaded through a scope, or Missing."""
    found = db.session.execute(
        within(course_session)
        .restrict(sa.select(Document), SignedSheet)
        .join(SignedSheet, SignedSheet.document_id == Document.id)
        .where(SignedSheet.id == sheet_id)
        .options(undefer(Document.content))
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


def days_without_sheet(course_session: CourseSession, rows: Iterable[SittingRow]) -> list[date]:
    """Days on which one of these sittings (all of the session's) was held and whose signed sheet is not attached."""
    signed = {sheet.day for sheet in signed_sheets(course_session)}
    return sorted(held_days(rows) - signed)
