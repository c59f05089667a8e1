from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from wtforms import TextAreaField
from wtforms.validators import Length

from app.access.models import Province
from app.access.scope import Scope
from app.core.clock import today
from app.language import format_date, in_language, lazy_gettext
from app.programme.forms import PaperForm, offer, offer_provinces, offer_sessions, paper_field
from app.programme.pilots import queries as pilots
from app.programme.visibility import queries
from app.programme.visibility.models import (
    Activity,
    ActivityKind,
    CheckAnswer,
    CheckItem,
    DonorApproval,
    EventCheck,
    Strategy,
)
from app.settings.forms import StampedForm
from app.web.forms import (
    ChoiceField,
    DayField,
    KindField,
    TextField,
    WholeField,
    by_name,
    filled,
    optional,
    required,
    word_or_none,
)

T = TypeVar("T")
REVIEWED_AFTER = timedelta(days=365)


def _text(label: Any) -> TextAreaField:
    return TextAreaField(label, [Length(max=4000)])


class StrategyForm(PaperForm):
    province_id = ChoiceField(lazy_gettext("Province"), [required()])
    valid_from = DayField(lazy_gettext("Valid from"), [required()])
    review_on = DayField(lazy_gettext("Review date"), [required()])
    goals_tr = _text(lazy_gettext("Goals in Turkish"))
    goals_en = _text(lazy_gettext("Goals in English"))
    audiences_tr = _text(lazy_gettext("Audiences in Turkish"))
    audiences_en = _text(lazy_gettext("Audiences in English"))
    messages_tr = _text(lazy_gettext("Messages in Turkish"))
    messages_en = _text(lazy_gettext("Messages in English"))
    channels_tr = _text(lazy_gettext("Channels in Turkish"))
    channels_en = _text(lazy_gettext("Channels in English"))
    rules_tr = _text(lazy_gettext("Rules in Turkish"))
    rules_en = _text(lazy_gettext("Rules in English"))
    file = paper_field(lazy_gettext("The strategy as a file"))

    @classmethod
    def of(cls, strategy: Strategy | None, free: Sequence[Province] = ()) -> StrategyForm:
        """`free`: provinces that have none yet; whose a strategy is does not change."""
        form = cls(obj=strategy)
        if strategy is not None:
            del form.province_id
            return form
        offer(form.province_id, by_name(free))
        if not form.is_submitted():
            form.valid_from.data, form.review_on.data = today(), today() + REVIEWED_AFTER
        return form


def _with(own: T | None, offered: Sequence[T]) -> Sequence[T]:
    """What it belongs to stays among what is offered, also cancelled or long ago; else saving would let go of it."""
    return offered if own is None or own in offered else [own, *offered]


class ActivityForm(PaperForm):
    kind = KindField(lazy_gettext("Kind"), ActivityKind)
    day = DayField(lazy_gettext("Day"), [required()])
    title_tr = TextField(lazy_gettext("Turkish title"), [filled(), Length(max=240)])
    title_en = TextField(lazy_gettext("English title"), [Length(max=240)])
    province_id = ChoiceField(lazy_gettext("Province"), [required()])
    course_session_id = ChoiceField(lazy_gettext("Course session"), empty=lazy_gettext("No course session"))
    pilot_id = ChoiceField(lazy_gettext("Pilot project"), empty=lazy_gettext("None"))
    meeting_id = ChoiceField(lazy_gettext("Meeting"), empty=lazy_gettext("None"))
    reach = WholeField(
        lazy_gettext("Reach"),
        [optional()],
        most=100_000_000,
        description=lazy_gettext("How many people it reached, as its source says."),
    )
    reach_source = TextField(lazy_gettext("Source of the reach"), [Length(max=160)])
    approval = KindField(lazy_gettext("Donor approval"), DonorApproval)
    approval_day = DayField(lazy_gettext("Asked or given on"), [optional()])
    file = paper_field(lazy_gettext("File or picture"))

    @classmethod
    def of(cls, scope: Scope, activity: Activity | None) -> ActivityForm:
        form = cls(obj=activity)
        offer_provinces(form.province_id, scope)
        session, meeting = (activity.course_session, activity.meeting) if activity else (None, None)
        offer_sessions(form.course_session_id, _with(session, queries.sessions_of(scope)))
        form.pilot_id.offer(pilots.choices(scope))
        meetings = _with(meeting, queries.meetings_of(scope))
        form.meeting_id.offer((one.id, f"{format_date(one.date)} {in_language(one.group, 'name')}") for one in meetings)
        if activity is None and not form.is_submitted():
            form.day.data, form.approval.data = today(), DonorApproval.NOT_NEEDED.value
        return form


class ChecklistForm(StampedForm):
    """The items of an event's checklist, in their order; drawn as `ui.segments`."""

    @classmethod
    def of(cls, checks: Mapping[CheckItem, EventCheck]) -> ChecklistForm:
        there = {item.value: checks[item].answer.value if item in checks else None for item in CheckItem}
        form = cls(data=there)
        # another after every answer that was given, changed or taken back
        stamp = "-".join(f"{item.value}{checks[item].version}" for item in CheckItem if item in checks) or "none"
        form.knows(stamp, there)
        for item in CheckItem:
            form[item.value].label.text = item.label
            form[item.value].offer((one.value, one.label) for one in CheckAnswer)
        return form

    def answers(self) -> dict[CheckItem, CheckAnswer | None]:
        typed = {item: self[item.value].data for item in CheckItem}
        return {item: CheckAnswer(said) if said else None for item, said in typed.items()}


for each in CheckItem:
    setattr(ChecklistForm, each.value, ChoiceField(each.english, empty="", coerce=word_or_none))
