"""A new session with its dates."""

from __future__ import annotations

from wtforms import HiddenField

from app.catalogue.models import Course
from app.training.models import Acceptance
from app.training.sessions.forms import DetailsFields
from app.training.sittings.forms import DatesFields


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
