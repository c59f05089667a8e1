"""What goes onto the signature sheets of a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.access.scope import EVERYWHERE
from app.attendance.queries import SittingRow
from app.core.errors import Missing
from app.enrolment.queries import participants
from app.language import in_language, language
from app.paper.sheet import SheetDay, SheetRow, SheetSitting, SignatureSheet
from app.paper.wording import Language
from app.people.models import Sex
from app.settings import queries as settings
from app.training import queries as training
from app.training.models import CourseSession, SittingState


def signature_sheet(course_session: CourseSession, every: Sequence[SittingRow], day: date | None) -> SignatureSheet:
    """The sheet of one day, or of all days that have a sitting; Missing where there is none.

    `every` sitting of a session loaded through a scope that may see who takes part. Sittings that were called off are
    left out.
    """
    rows = [row for row in every if row.date is not None and row.state is not SittingState.NOT_HELD]
    days = sorted({row.date for row in rows if row.date is not None and day in (None, row.date)})
    if not days:
        raise Missing
    people = participants(EVERYWHERE, course_session)
    values = settings.values()
    tongue: Language = "en" if language() == "en" else "tr"
    places = training.places(course_session)
    return SignatureSheet(
        language=tongue,
        institution=str(values[f"institution_{tongue}"]),
        course=in_language(course_session.course, "name"),
        group_code=course_session.code,
        place=", ".join(in_language(venue, "name") for venue in places),
        trainers=tuple(trainer.name for trainer in training.trainers_of(course_session)),
        days=tuple(_day(each, rows) for each in days),
        rows=tuple(SheetRow(p.printed_name, p.organisation, p.title) for p in people),
        women=sum(p.sex is Sex.WOMAN for p in people),
        men=sum(p.sex is Sex.MAN for p in people),
        sample=bool(values["sample_data"]),
    )


def _day(day: date, rows: list[SittingRow]) -> SheetDay:
    return SheetDay(day, tuple(SheetSitting(row.starts, row.ends) for row in rows if row.date == day))
