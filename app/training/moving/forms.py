"""How far, where, by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import BooleanField, FieldList, HiddenField

from app.calendar.days import Calendar
from app.core.errors import Refused
from app.language import format_date_long, lazy_gettext
from app.training.conflicts.models import Planned
from app.training.moving import rules
from app.training.moving.rules import MovedDay, Unit
from app.training.sittings.forms import PlaceFields
from app.training.sittings.rules import check_times
from app.web.forms import ChoiceField, DayField, TimeField, WholeField


class DatesField(FieldList):
    """Some dates; what is wrong with them is said of all together."""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        super().validate(form, extra_validators)
        self.errors = tuple(f"{each.label.text}: {error}" for each in self for error in each.errors)
        return not self.errors


class MoveForm(PlaceFields):
    """`day`, `sitting`: what is moved, where it is not all that is still to come."""

    day = HiddenField()
    sitting = HiddenField()
    count = WholeField(
        lazy_gettext("How far"), least=0, most=120, default=1, description=lazy_gettext("0: the dates stay.")
    )
    unit = ChoiceField(lazy_gettext("Weeks or days"), coerce=str, default=Unit.WEEKS_LATER.value)
    dates = DatesField(unbound_field=DayField(), label=lazy_gettext("Dates of their own"), max_entries=100)
    starts = TimeField(lazy_gettext("Start time"))
    ends = TimeField(lazy_gettext("End time"))
    set_trainers = BooleanField(lazy_gettext("Give them the trainers ticked here"))

    @classmethod
    def of(cls, planned: Sequence[Planned], version: str) -> MoveForm:
        """`planned`: what is moved, as it stands."""
        days = sorted({each.date for each in planned})
        giving = sorted({key for each in planned for key in each.trainer_ids})
        data: dict[str, object] = {"dates": [None] * len(days), "trainer_ids": giving}
        if len(planned) == 1:
            data |= {"starts": planned[0].starts, "ends": planned[0].ends}
        form = cls(data=data)
        form.unit.offer((each.value, each.label) for each in Unit)
        form.room_id.empty = lazy_gettext("Leave the rooms as they are")
        form.days, form.giving = days, set(giving)
        for field, was in zip(form.dates, days, strict=False):
            field.label.text = format_date_long(was)
        if not form.is_submitted():
            form.version.data = version
        return form

    days: Sequence[date] = ()
    giving: Collection[int] = ()
    """Who gives something of it as it stands."""

    def where(self, calendar: Calendar, staying: Sequence[date]) -> list[MovedDay]:
        """Each day and where it goes: to a date of its own, else as far as all; none while something cannot be read."""
        if self.count.errors or self.unit.errors or self.dates.errors:
            return []
        own = {was: field.data for was, field in zip(self.days, self.dates, strict=False) if field.data is not None}
        rest, count = [was for was in self.days if was not in own], self.count.data or 0
        found = [MovedDay(was, now) for was, now in own.items()]
        if count:
            found += rules.shifted(rest, count, Unit(self.unit.data), calendar, [*staying, *own.values()])
        else:
            found += [MovedDay(was, was) for was in rest]
        return sorted(found, key=lambda each: each.was)

    def planned(self, standing: Sequence[Planned], days: Mapping[date, date]) -> list[Planned]:
        """What these sittings would be."""
        if len(set(days.values())) < len(days):
            raise Refused(lazy_gettext("Two days would come to stand on one. Give each its own date."), field="dates")
        found = rules.moved(standing, days)
        if len(found) == 1 and self.starts.data is not None and self.ends.data is not None:
            check_times(self.starts.data, self.ends.data)
            if (self.starts.data, self.ends.data) != (standing[0].starts, standing[0].ends):
                found = [replace(found[0], starts=self.starts.data, ends=self.ends.data)]
        if self.trainer_ids.chosen and set(self.trainer_ids.chosen) != self.giving:
            self.set_trainers.data = True  # whoever ticks others means them
        chosen = self.trainer_ids.chosen if self.set_trainers.data else None
        return [
            replace(
                each,
                room_id=self.room_id.data or each.room_id,
                trainer_ids=each.trainer_ids if chosen is None else chosen,
            )
            for each in found
        ]
