from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Length, ValidationError

from app.access.models import Organisation, Province
from app.core.clock import at, local
from app.language import lazy_gettext
from app.language.turkish import normalise
from app.training.conflicts.forms import override_reason
from app.training.models import Acceptance, CourseSession, SessionAudience
from app.training.rules import CLOSES
from app.training.sessions.services import Details
from app.web.forms import MANY, CheckList, ChoiceField, DayField, Form, WholeField, by_name, required


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
    provinces = CheckList(lazy_gettext("Offered to provinces"))
    organisations = CheckList(lazy_gettext("Offered to institutions"), render_kw=MANY)
    nominations_close_on = DayField(
        lazy_gettext("Nominations close on"),
        description=lazy_gettext("Leave it empty to close five working days before the first sitting."),
    )
    step_free_needed = BooleanField(lazy_gettext("Step-free access is needed"))
    note = TextAreaField(lazy_gettext("Note"), [Length(max=1000)])
    plan_item_id = PlanRowField(lazy_gettext("Plan row"))

    def offer_details(self, provinces: Sequence[Province], organisations: Sequence[Organisation]) -> None:
        self.acceptance.choices = [(each.value, each.label) for each in Acceptance]
        self.provinces.offer(by_name(provinces))
        self.organisations.offer(by_name(organisations))

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


class EditSessionForm(DetailsFields):
    override_reason = override_reason()

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
        return form


def _day_of(moment: datetime | None) -> Any:
    return local(moment).date() if moment else None


class OpenForm(Form):
    override_reason = override_reason()


class CopyForm(Form):
    province_id = ChoiceField(lazy_gettext("Province"), [required()])
    plan_item_id = PlanRowField(lazy_gettext("Plan row"))

    @classmethod
    def of(cls, course_session: CourseSession, provinces: Sequence[Province]) -> CopyForm:
        form = cls(data={"province_id": course_session.province_id})
        form.province_id.offer(by_name(provinces))
        return form

    def offer_rows(self, rows: Sequence[tuple[int, str]]) -> None:
        """Those of the province that is chosen now: a row chosen for another one is not chosen any more."""
        if self.plan_item_id.data not in (*dict(rows), PlanRowField.NONE):
            self.plan_item_id.data = None
        self.plan_item_id.offer_rows(rows, None)
