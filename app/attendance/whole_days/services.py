"""What one sheet says is written into the others of its day."""

from __future__ import annotations

from collections.abc import Iterable

from app.attendance import queries as attendance
from app.attendance import rules
from app.attendance.marks.services import Typed, mark
from app.attendance.models import Presence
from app.attendance.rules import unspell
from app.attendance.sheets.queries import Sheet, phases
from app.attendance.sheets.rules import Phase
from app.audit.journal import Actor
from app.training.models import SittingState

WHOLE = (Presence.PRESENT, Presence.ABSENT, Presence.EXCUSED, Presence.EXEMPT)
"""What holds for a day as it does for a sitting; who was late or left early was so once."""


def carry_over(sheet: Sheet, every: Iterable[Sheet], *, by: Actor) -> int:
    """Whoever is unmarked in the other open sheets of that day is marked there as here; how many marks that were. Marks
    that stand are left alone, and so is whoever was late or left early.
    """
    others = [
        one for one in every if one.id != sheet.id and one.date == sheet.date and one.state is not SittingState.NOT_HELD
    ]
    open_ = phases(others, sheet.lock_days)
    here = {each.person.enrolment_id: unspell(each.word)[0] for each in attendance.roll_call(sheet)}
    typed = [
        Typed(one.id, key, "", here[key])
        for one in others
        if open_[one.id] is Phase.OPEN and not one.closed
        for key in _unmarked(one)
        if here.get(key) in WHOLE
    ]
    return len(mark(sheet.course_session_id, typed, by=by))


def _unmarked(sheet: Sheet) -> list[int]:
    called = attendance.roll_call(sheet)
    return [called[n].person.enrolment_id for n in rules.missing([(each.word, each.before) for each in called])]
