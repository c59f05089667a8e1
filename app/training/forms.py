from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.access.models import Organisation, Province
from app.calendar.days import Calendar
from app.catalogue.models import Course
from app.core.clock import at, local
from app.language import in_language, lazy_gettext
from app.language.turkish import normalise
from app.training import pattern
from app.training.circumstances import CLOSES
from app.training.conflicts import Planned
from app.training.models import Acceptance, CourseSession, SessionAudience, Sitting
from app.training.months import weekday_names
from app.training.occupancy import RoomRow
from app.training.services import Details
from app.web.forms import ChoiceField, DayField, Form, TextField, TimeField, WholeField, required

TrainerChoice = tuple[int, str, bool]


class ManyField(SelectMultipleField):
    """Any number of things by id, as boxes to tick; the choices are set by the form's `of()`."""

    widget: Any = ListWidget(prefix_label=False)
    option_widget: Any = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_whole, validate_choice=False, choices=[], **kwargs)

    def offer(self, choices: Iterable[tuple[int, str]]) -> None:
        self.choices = list(choices)

    def pre_validate(self, form: Any) -> None:
        offered = {choice[0] for choice in self.choices or []}
        if not set(self.data or []) <= offered:
            raise ValidationError(str(lazy_gettext("This choice is not available.")))

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(self.data or ())


def _whole(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


class PlanRowField(ChoiceField):
    """The row of the plan a session is a group of. The only open one is taken if nobody says otherwise; of several one
    is chosen; or none.
    """

    NONE = 0
    standing: int | None = None
    asks = False

    def offer_rows(self, rows: Sequence[tuple[int, str]], standing: int | None) -> None:
        """`standing`: what holds if nothing is said: a row, `NONE`, or None where that is to be found out."""
        if standing is None and len(rows) < 2:
            standing = rows[0][0] if rows else self.NONE
        self.standing, self.asks = standing, standing is None
        self.empty = lazy_gettext("Choose a plan row") if self.asks else None
        self.flags.required = self.asks  # type: ignore[attr-defined]  # any name may be a flag
        self.offer([*rows, (self.NONE, str(lazy_gettext("Not from the plan")))])
        if self.data is None:
            self.data = standing

    @property
    def offers(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.choices or []) > 1

    @property
    def chosen(self) -> int | None:
        return self.data or None

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.asks:
            raise ValidationError(str(lazy_gettext("Please choose one.")))
        super().pre_validate(form)


class DetailsFields(Form):
    """What a coordinator decides beside the dates; shared by a new session and an old one."""

    capacity = WholeField(lazy_gettext("Capacity"), [required()], least=1, most=1000)
    minimum = WholeField(lazy_gettext("Minimum number of participants"), [required()], least=1, most=1000)
    acceptance = RadioField(
        lazy_gettext("Acceptance"),
        description=lazy_gettext("Automatic: a nomination takes a seat at once if the rules allow it."),
    )
    provinces = ManyField(lazy_gettext("Offered to provinces"))
    organisations = ManyField(lazy_gettext("Offered to institutions"))
    nominations_close_on = DayField(
        lazy_gettext("Nominations close on"),
        description=lazy_gettext("Leave it empty to close five working days before the first sitting."),
    )
    step_free_needed = BooleanField(lazy_gettext("Step-free access is needed"))
    note = TextAreaField(lazy_gettext("Note"), [Length(max=1000)])
    plan_item_id = PlanRowField(lazy_gettext("Plan row"))

    def offer_details(self, provinces: Sequence[Province], organisations: Sequence[Organisation]) -> None:
        self.acceptance.choices = [(each.value, each.label) for each in Acceptance]
        self.provinces.offer((each.id, in_language(each, "name")) for each in provinces)
        self.organisations.offer((each.id, in_language(each, "name")) for each in organisations)

    def details(self) -> Details:
        closes = self.nominations_close_on.data
        return Details(
            capacity=self.capacity.data or 0,
            minimum=self.minimum.data or 0,
            acceptance=Acceptance(self.acceptance.data),
            step_free_needed=bool(self.step_free_needed.data),
            note=normalise(self.note.data or ""),
            nominations_close_at=at(closes, CLOSES) if closes else None,
            provinces=self.provinces.chosen,
            organisations=self.organisations.chosen,
            plan_item_id=self.plan_item_id.chosen,
        )


def _override_reason() -> TextField:
    return TextField(
        lazy_gettext("Reason for going ahead"),
        [Length(max=500)],
        description=lazy_gettext("Asked only where there are warnings; it is kept with your name."),
    )


class EditSessionForm(DetailsFields):
    override_reason = _override_reason()

    @classmethod
    def of(
        cls,
        course_session: CourseSession,
        audience: Sequence[SessionAudience],
        provinces: Sequence[Province],
        organisations: Sequence[Organisation],
        rows: Sequence[tuple[int, str]],
    ) -> EditSessionForm:
        form = cls(
            obj=course_session,
            data={
                "provinces": [row.province_id for row in audience if row.province_id],
                "organisations": [row.organisation_id for row in audience if row.organisation_id],
                "nominations_close_on": _day_of(course_session.nominations_close_at),
            },
        )
        form.offer_details(provinces, organisations)
        form.plan_item_id.offer_rows(rows, course_session.plan_item_id or PlanRowField.NONE)
        if not form.is_submitted():
            form.version.data = str(course_session.version)
        return form


def _day_of(moment: datetime | None) -> Any:
    return local(moment).date() if moment else None


class OpenForm(Form):
    override_reason = _override_reason()


class PlaceFields(Form):
    """Room and trainers of sittings, and why warnings are overridden."""

    room_id = ChoiceField(lazy_gettext("Room"), empty=lazy_gettext("Not decided yet"))
    trainer_ids = ManyField(lazy_gettext("Trainers"))
    override_reason = _override_reason()

    def offer_places(self, rooms: Iterable[RoomRow], trainers: Sequence[TrainerChoice]) -> None:
        self.room_id.offer(
            (
                room.id,
                str(
                    lazy_gettext(
                        "%(place)s (%(places)s places)",
                        place=", ".join(dict.fromkeys(in_language(room, name) for name in ("venue", "name"))),
                        places=room.capacity,
                    )
                ),
            )
            for room in rooms
        )
        self.trainer_ids.offer((key, name) for key, name, _ in trainers)
        self.experts = sum(1 for _, _, expert in trainers if expert)


class DatesFields(PlaceFields):
    """When: some days from a first one on, in the usual blocks or at one's own times."""

    start = DayField(lazy_gettext("First day"))
    days = WholeField(lazy_gettext("Number of days"), least=1, most=pattern.MOST_DAYS)
    weekdays = ManyField(lazy_gettext("Weekdays"))
    starts = TimeField(lazy_gettext("Start time"))
    ends = TimeField(
        lazy_gettext("End time"),
        description=lazy_gettext("Leave both empty for the usual blocks of the day (6 hours)."),
    )

    def offer_weekdays(self) -> None:
        self.weekdays.offer(enumerate(weekday_names()[:5]))

    def planned(self, calendar: Calendar) -> list[Planned]:
        """The sittings this plan asks for; none while the first day is missing or something cannot be read."""
        if self.start.data is None or any(f.errors for f in (self.days, self.starts, self.ends, self.weekdays)):
            return []
        return pattern.proposed(
            self.start.data,
            self.days.data or 1,
            self.weekdays.chosen,
            calendar,
            starts=self.starts.data,
            ends=self.ends.data,
            room_id=self.room_id.data,
            trainer_ids=self.trainer_ids.chosen,
        )


class NewSessionForm(DetailsFields, DatesFields):
    course = HiddenField()
    province = HiddenField()
    plan_item = HiddenField()
    competency = HiddenField()

    @classmethod
    def of(cls, course: Course, province_id: int | None, *, organisation_id: int | None = None) -> NewSessionForm:
        """Filled in with what the course and the place it is planned for say."""
        return cls(
            data={
                "course": course.id,
                "province": province_id or "none",
                "capacity": course.max_participants,
                "minimum": course.min_participants,
                "acceptance": Acceptance.AUTOMATIC.value,
                "provinces": [province_id] if province_id and not organisation_id else [],
                "organisations": [organisation_id] if organisation_id else [],
                "days": course.days,
                "weekdays": list(range(5)),
            }
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
        form = cls(obj=sitting, data={"trainer_ids": list(trainer_ids)})
        if not form.is_submitted():
            form.version.data = str(sitting.version)
        return form

    def planned(self, sitting_id: int) -> list[Planned]:
        if self.date.data is None or self.starts.data is None or self.ends.data is None:
            return []
        day, starts, ends = self.date.data, self.starts.data, self.ends.data
        pattern.check_times(starts, ends)
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
    weekdays = ManyField(lazy_gettext("Weekdays"))
    override_reason = _override_reason()

    @classmethod
    def of(cls) -> RedateForm:
        form = cls(data={"weekdays": list(range(5))})
        form.weekdays.offer(enumerate(weekday_names()[:5]))
        return form


class ReasonForm(Form):
    reason = TextAreaField(lazy_gettext("Reason"), [required(), Length(max=500)])


class CopyForm(Form):
    province_id = ChoiceField(lazy_gettext("Province"), [required()])
    plan_item_id = PlanRowField(lazy_gettext("Plan row"))

    @classmethod
    def of(cls, course_session: CourseSession, provinces: Sequence[Province]) -> CopyForm:
        form = cls(data={"province_id": course_session.province_id})
        form.province_id.offer((each.id, in_language(each, "name")) for each in provinces)
        return form

    def offer_rows(self, rows: Sequence[tuple[int, str]]) -> None:
        """Those of the province that is chosen now: a row chosen for another one is not chosen any more."""
        if self.plan_item_id.data not in (*dict(rows), PlanRowField.NONE):
            self.plan_item_id.data = None
        self.plan_item_id.offer_rows(rows, None)


class PostponeDayForm(Form):
    """Which sessions lose a day, all ticked at first, and why."""

    sessions = ManyField(lazy_gettext("Sessions to postpone"))
    reason = TextAreaField(lazy_gettext("Reason"), [required(), Length(max=500)])

    @classmethod
    def of(cls, session_ids: Sequence[int], reason: str = "") -> PostponeDayForm:
        form = cls(data={"sessions": list(session_ids), "reason": reason})
        form.sessions.offer((key, str(key)) for key in session_ids)
        return form
