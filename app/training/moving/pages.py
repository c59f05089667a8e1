"""What is moved, where it would go, and who and what is hit by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.access.current import caller
from app.calendar.days import Calendar
from app.core import slots
from app.core.clock import at, now
from app.core.db import typed_id
from app.core.errors import Missing, Refused, Text
from app.language import lazy_gettext
from app.settings.queries import calendar
from app.training import queries
from app.training.conflicts.models import Planned
from app.training.conflicts.pages import Preview, look
from app.training.conflicts.rules import planned_of
from app.training.models import AssignmentAnswer, CourseSession, Sitting, SittingState, TrainerAssignment
from app.training.moving.forms import MoveForm
from app.training.moving.rules import MovedDay


@dataclass(frozen=True)
class Moving:
    """The sittings of a session that are to be moved, among all of it. `kept`: how many keep their date, for they were
    marked, did not take place or have begun.
    """

    course_session: CourseSession
    sittings: Sequence[Sitting]
    given: Sequence[TrainerAssignment]
    moved: Sequence[Sitting]
    kept: int

    @property
    def standing(self) -> list[Planned]:
        return planned_of(self.moved, self.given)

    @property
    def staying(self) -> list[date]:
        """Days on which something stays."""
        going = {each.id for each in self.moved}
        return sorted({each.date for each in self.sittings if each.date is not None and each.id not in going})

    @property
    def version(self) -> str:
        """Another one as soon as anything of it stands elsewhere."""
        parts = [self.course_session.version, *(f"{each.id}:{each.version}" for each in self.sittings)]
        return ".".join(map(str, parts))[-2000:]

    @property
    def trainers(self) -> list[str]:
        """Who gives what is moved."""
        going = {each.id for each in self.moved}
        asked = [each for each in self.given if each.answer is not AssignmentAnswer.DECLINED]
        return list(dict.fromkeys(each.trainer.name for each in asked if each.sitting_id in going))


def moving(course_session: CourseSession, day: str, sitting: str) -> Moving:
    """All that is still to come, or what was named: a day, a sitting. Missing where the session has none such."""
    sittings = queries.sittings(course_session)
    dated = [each for each in sittings if each.date is not None]
    kept = set(slots.collect("training.kept_sittings", caller, [each.id for each in dated]))
    free = [each for each in dated if each.id not in kept and each.state is SittingState.HELD]
    if sitting:
        among = [each for each in dated if each.id == typed_id(sitting)]
    elif day:
        among = [each for each in dated if str(each.date) == day]
    else:
        among, free = dated, [each for each in free if each.date and at(each.date, each.starts) > now()]
    if (sitting or day) and not among:
        raise Missing
    moved = [each for each in free if each in among]
    return Moving(course_session, sittings, queries.assignments(course_session), moved, len(among) - len(moved))


@dataclass(frozen=True)
class Outlook:
    """What saving would come to: the days with where they go, what stands in the way, and whom it hits."""

    days: Sequence[MovedDay]
    preview: Preview
    hit: Sequence[str]
    trainers: Sequence[str]

    @property
    def planned(self) -> list[Planned]:
        return [each for day in self.preview.days for each in day.sittings]

    @property
    def elsewhere(self) -> list[MovedDay]:
        return [each for each in self.days if each.was != each.now]


def outlook(about: Moving, form: MoveForm) -> Outlook:
    """`hit`: what upper rooms know of whom it hits."""
    days: list[MovedDay] = []

    def plan(known: Calendar) -> list[Planned]:
        days.extend(form.where(known, about.staying))
        return form.planned(about.standing, {each.was: each.now for each in days})

    preview = look(about.course_session, about.sittings, plan)
    hit = slots.collect("course_session.moving", caller, about.course_session)
    return Outlook(days, preview, hit, about.trainers)


def tried(about: Moving, form: MoveForm) -> Sequence[Planned]:
    """The plan as far as there is one."""
    try:
        return form.planned(about.standing, {each.was: each.now for each in form.where(calendar(), about.staying)})
    except Refused:
        return ()


def wanted(about: Moving, form: MoveForm) -> list[Planned]:
    """What the form asks for, or a refusal: there is nothing to move, or nothing of it would change."""
    days = {each.was: each.now for each in form.where(calendar(), about.staying)}
    found = form.planned(about.standing, days)
    if found == about.standing:
        raise Refused(nothing_changes(about))
    return found


def nothing_changes(about: Moving) -> Text:
    if not about.moved:
        return lazy_gettext("Nothing of it can be moved: it has begun, or it was marked.")
    return lazy_gettext("Everything would stay as it is. Choose another date, room or trainer.")
