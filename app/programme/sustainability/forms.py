from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.clock import today
from app.language import lazy_gettext
from app.programme.forms import PaperForm, offer_provinces, paper_field
from app.programme.pilots import queries as pilots
from app.programme.pilots.models import Pilot
from app.programme.sustainability.models import Measure, MeasureKind, MeasureLevel, MeasureScope, MeasureStatus
from app.web.forms import ChoiceField, DayField, Form, KindField, TextField, by_name, filled, optional, required


class MeasureForm(Form):
    level = KindField(lazy_gettext("Level"), MeasureLevel)
    scope = KindField(lazy_gettext("Scope"), MeasureScope)
    kind = KindField(lazy_gettext("Kind"), MeasureKind)
    text_tr = TextAreaField(lazy_gettext("Measure in Turkish"), [filled(), Length(max=500)])
    text_en = TextAreaField(lazy_gettext("Measure in English"), [Length(max=500)])
    component = TextField(
        lazy_gettext("Component"),
        [Length(max=160)],
        description=lazy_gettext("What it keeps alive: a pilot project, the training, a service."),
    )
    pilot_id = ChoiceField(lazy_gettext("Pilot project"), empty=lazy_gettext("None"))
    province_id = ChoiceField(lazy_gettext("Province"))
    organisation_id = ChoiceField(lazy_gettext("Institution"), empty=lazy_gettext("None in particular"))
    responsible = TextField(
        lazy_gettext("Responsible"), [Length(max=160)], description=lazy_gettext("A unit or an office, no person.")
    )
    due = DayField(lazy_gettext("Due"), [optional()])
    day = DayField(lazy_gettext("Proposed on"), [required()])

    @classmethod
    def of(
        cls,
        scope: Scope,
        institutions: Sequence[Organisation],
        measure: Measure | None = None,
        begun_for: Pilot | None = None,
    ) -> MeasureForm:
        """Offers the provinces the scope reaches, and the whole programme to whoever runs it. `begun_for`: a pilot
        project that a new one keeps alive.
        """
        known: dict[str, Any] = {}
        if begun_for is not None:
            known = {"scope": MeasureScope.PILOTS, "pilot_id": begun_for.id, "province_id": begun_for.province_id}
        form = cls(obj=measure, data=known)
        if scope.everything:
            form.province_id.empty = lazy_gettext("Whole programme")
        flags: Any = form.province_id.flags
        flags.required = not scope.everything
        offer_provinces(form.province_id, scope)
        form.organisation_id.offer(by_name(institutions))
        form.pilot_id.offer(pilots.choices(scope))
        if measure is not None:
            del form.day
        elif not form.is_submitted():
            form.day.data = today()
        return form


class StandForm(PaperForm):
    """How it stands now: its status stays where another is not chosen."""

    stands = ChoiceField(lazy_gettext("Status"), [required()], coerce=str)
    day = DayField(
        lazy_gettext("Since"), [required()], description=lazy_gettext("The day from which this status holds.")
    )
    evidence = TextAreaField(
        lazy_gettext("Evidence"),
        [Length(max=1000)],
        description=lazy_gettext("What shows it: number and date of a decision, a budget line, a protocol."),
    )
    file = paper_field(lazy_gettext("File"))
    reason = TextAreaField(lazy_gettext("Reason or remark"), [Length(max=500)])

    @classmethod
    def of(cls, measure: Measure) -> StandForm:
        form = cls(obj=measure)
        offered = [one for one in MeasureStatus if one is measure.status or one in measure.status.next]
        form.stands.offer((one.value, one.label) for one in offered)
        if not form.is_submitted():
            form.stands.data, form.day.data = measure.status.value, today()
        return form
