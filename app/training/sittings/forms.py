from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from wtforms import BooleanField
from wtforms.validators import Length

from app.calendar.days import Calendar
from app.language import lazy_gettext, weekday_names
from app.training.assignments.queries import TrainerChoice
from app.training.conflicts.forms import override_reason
from app.training.conflicts.models import Planned, RoomRow
from app.training.models import Sitting
from app.training.sittings import rules
from app.web.forms import CheckList, ChoiceField, DayField, Form, TextField, TimeField, WholeField, required


class PlaceFields(Form):
    """Room and trainers of sittings, and why warnings are overridden."""

    room_id = ChoiceField(lazy_gettext("Room"), empty=lazy_gettext("Not decided yet"))
    trainer_ids = CheckList(lazy_gettext("Trainers"))
    replace_reason = TextField(
        lazy_gettext("Why a trainer is replaced"),
        [Length(max=500)],
        description=lazy_gettext(
            "Asked only where somebody who was asked already is taken off; trainers do not see it."
        ),
    )
    override_reason = override_reason()

    def offer_places(self, rooms: Iterable[RoomRow], trainers: Sequence[TrainerChoice]) -> None:
        self.rooms, self.trainers = list(rooms), trainers
        self.room_id.offer((room.id, room.label) for room in self.rooms)
        self.trainer_ids.offer((each.id, each.name) for each in trainers)
        self.experts = sum(1 for each in trainers if each.expert)

    rooms: Sequence[RoomRow] = ()
    trainers: Sequence[TrainerChoice] = ()


class DatesFields(PlaceFields):
    """When: days ticked in a calendar, or some from a first one on, in the usual blocks or at one's own times."""

    start = DayField(lazy_gettext("First day"))
    days = WholeField(lazy_gettext("Number of days"), least=1, most=rules.MOST_DAYS)
    weekdays = CheckList(lazy_gettext("Weekdays"))
    starts = TimeField(lazy_gettext("Start time"))
    ends = TimeField(
        lazy_gettext("End time"),
        description=lazy_gettext("Leave both empty for the usual blocks of the day (6 hours)."),
    )
    picked = CheckList(lazy_gettext("Days"), coerce=str, validate_choice=False)
    pattern = TextField()
    month = TextField(lazy_gettext("Month"))

    def offer_weekdays(self) -> None:
        self.weekdays.offer(enumerate(weekday_names()[:5]))

    def pick(self, calendar: Calendar) -> list[date]:
        """The days of the plan. `pattern` is what the ticks were last made from: where first day, number or weekdays
        are others now, they are made anew; else what was ticked since holds.
        """
        ticked = sorted({day for each in self.picked.chosen if (day := rules.day_of(each)) is not None})
        if self.start.data is None:
            return rules.so_many(ticked)
        pattern = f"{self.start.data} {self.days.data or 1} {','.join(map(str, self.weekdays.chosen))}"
        if self.pattern.data == pattern:
            return rules.so_many(ticked)
        found = rules.days_of(self.start.data, self.days.data or 1, self.weekdays.chosen, calendar)
        self.pattern.data, self.picked.data, self.month.data = pattern, [str(day) for day in found], f"{found[0]:%Y-%m}"
        return found

    def planned(self, calendar: Calendar) -> list[Planned]:
        """The sittings this plan asks for; none while there is no day or something cannot be read."""
        if any(f.errors for f in (self.start, self.days, self.starts, self.ends, self.weekdays)):
            return []
        return rules.on_days(
            self.pick(calendar),
            starts=self.starts.data,
            ends=self.ends.data,
            room_id=self.room_id.data,
            trainer_ids=self.trainer_ids.chosen,
        )


class AddSittingsForm(DatesFields):
    @classmethod
    def of(cls, days: int) -> AddSittingsForm:
        form = cls(data={"days": days, "weekdays": list(range(5))})
        form.offer_weekdays()
        return form


class SittingForm(PlaceFields):
    date = DayField(lazy_gettext("Date"), [required()])
    starts = TimeField(lazy_gettext("Start time"), [required()])
    ends = TimeField(lazy_gettext("End time"), [required()])

    @classmethod
    def of(cls, sitting: Sitting, trainer_ids: Sequence[int]) -> SittingForm:
        return cls(obj=sitting, data={"trainer_ids": list(trainer_ids)})

    def planned(self, sitting_id: int) -> list[Planned]:
        if self.date.data is None or self.starts.data is None or self.ends.data is None:
            return []
        day, starts, ends = self.date.data, self.starts.data, self.ends.data
        rules.check_times(starts, ends)
        return [Planned(day, starts, ends, self.room_id.data, self.trainer_ids.chosen, sitting_id)]


class ApplyForm(PlaceFields):
    """One room, or the same trainers, for every sitting still to come."""

    set_trainers = BooleanField(lazy_gettext("Give all sittings the trainers ticked here"))

    @classmethod
    def of(cls) -> ApplyForm:
        form = cls()
        form.room_id.empty = lazy_gettext("Leave the rooms as they are")
        return form


class RedateForm(Form):
    """New dates after a postponement: rooms and trainers stay, hours follow the weekday."""

    start = DayField(lazy_gettext("First day"), [required()])
    weekdays = CheckList(lazy_gettext("Weekdays"))
    override_reason = override_reason()

    @classmethod
    def of(cls) -> RedateForm:
        form = cls(data={"weekdays": list(range(5))})
        form.weekdays.offer(enumerate(weekday_names()[:5]))
        return form
