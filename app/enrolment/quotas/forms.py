"""How many seats each institution gets, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import request

from app.core.clock import at, local
from app.enrolment.quotas.queries import Share
from app.language import lazy_gettext
from app.training.models import CourseSession
from app.training.rules import CLOSES
from app.web.forms import DayField, Form, WholeField


class QuotasForm(Form):
    """A field for each institution (`seats-7`), and the day."""

    release_on = DayField(
        lazy_gettext("Released on"),
        description=lazy_gettext(
            "At 17:00 on this day seats that are still kept become anybody's. Leave it empty to keep them to the end."
        ),
    )

    @classmethod
    def of(cls, course_session: CourseSession, shares: Iterable[Share]) -> QuotasForm:
        until = course_session.quota_release_at
        form = cls(obj=course_session, data={"release_on": local(until).date() if until else None})
        typed = request.form if form.is_submitted() else None
        for one in shares:
            name = f"seats-{one.organisation_id}"
            # the institutions are known only now; on the class they would be everybody's
            unbound: Any = WholeField(one.name, least=0, most=1000)
            form._fields[name] = unbound.bind(form=form, name=name)
            form[name].process(typed, one.seats or None)
        return form

    @property
    def seats(self) -> dict[int, int]:
        """By the institution's id, as typed."""
        fields = [field for field in self if field.name.startswith("seats-")]
        return {int(field.name.removeprefix("seats-")): field.data or 0 for field in fields}

    @property
    def release_at(self) -> datetime | None:
        return at(self.release_on.data, CLOSES) if self.release_on.data else None

    def share_out(self, seats: dict[int, int]) -> None:
        """Fill in a proposal; nothing is kept yet."""
        for home, number in seats.items():
            field = self[f"seats-{home}"]
            field.data, field.raw_data = number, [str(number)]
