"""What a step for several people asks."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from app.enrolment.seats.forms import LeaveForm
from app.language import lazy_gettext
from app.web.forms import ChoiceField, id_or_nobody


class SeveralForm(LeaveForm):
    """`do` is one of `rules.Step`; `why` and `reason` as for one, `override`: one reason for everybody who has another
    training at the same time, or has completed the course.
    """

    do = HiddenField()
    sure = HiddenField()
    enrolment_ids = SelectMultipleField(
        lazy_gettext("Participants"), coerce=id_or_nobody, validate_choice=False, choices=[]
    )
    override = TextAreaField(
        lazy_gettext("Reason for enrolling all the same"),
        [Length(max=500)],
        description=lazy_gettext(
            "Only needed if somebody ticked has another training at the same time, or completed this course."
        ),
    )
    target_id = ChoiceField(lazy_gettext("Course session to move to"))

    def offer_targets(self, targets: Sequence[tuple[int, str]]) -> None:
        self.target_id.offer(targets)
        if self.target_id.data is None and targets:
            self.target_id.data = targets[0][0]
