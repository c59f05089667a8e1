from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from app.access.queries import organisations
from app.access.scope import Scope
from app.catalogue.queries import themes
from app.language import lazy_gettext
from app.programme.forms import offer_provinces, offer_sessions, paper_field
from app.programme.pilots.models import Pilot, PilotSection, SectionState, TrackingStatus
from app.training.models import CourseSession
from app.web.forms import ChoiceField, DayField, Form, KindField, TextField, by_name, filled, required


class PilotForm(Form):
    code = TextField(lazy_gettext("Code"), [filled(), Length(max=16)])
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=160)])
    province_id = ChoiceField(lazy_gettext("Province"), [required()], empty=lazy_gettext("Choose"))
    district = TextField(lazy_gettext("District"), [Length(max=80)])
    theme_id = ChoiceField(lazy_gettext("Thematic area"), [required()], empty=lazy_gettext("Choose"))
    organisation_id = ChoiceField(lazy_gettext("Institution that runs it"), empty=lazy_gettext("None"))
    unit = TextField(lazy_gettext("Unit"), [Length(max=160)])
    beneficiaries_tr = TextField(lazy_gettext("Beneficiaries in Turkish"), [Length(max=300)])
    beneficiaries_en = TextField(lazy_gettext("Beneficiaries in English"), [Length(max=300)])
    starts_on = DayField(lazy_gettext("First day"), [required()])
    ends_on = DayField(lazy_gettext("Last day"))
    tracking = KindField(lazy_gettext("User tracking"), TrackingStatus)
    note = TextAreaField(lazy_gettext("Note"), [Length(max=1000)])

    @classmethod
    def of(cls, scope: Scope, pilot: Pilot | None = None) -> PilotForm:
        """Offers the provinces and institutions the scope reaches."""
        form = cls(obj=pilot)
        offer_provinces(form.province_id, scope)
        form.organisation_id.offer(by_name(organisations(scope)))
        form.theme_id.offer(by_name(themes(pilot.theme_id if pilot else None)))
        return form


class CloseForm(Form):
    closing_note = TextAreaField(lazy_gettext("How it ended, and why"), [required(), Length(max=1000)])


class SessionPilotForm(Form):
    """On a session: the pilot it is given for."""

    pilot_id = ChoiceField(lazy_gettext("Pilot project"), empty=lazy_gettext("None"))

    @classmethod
    def of(cls, offered: Iterable[tuple[int, str]], named: Pilot | None) -> SessionPilotForm:
        form = cls(data={"pilot_id": named.id if named else None})
        form.pilot_id.offer(offered)
        return form


class SessionForm(Form):
    """On a pilot: one more session that is given for it."""

    course_session = ChoiceField(lazy_gettext("Course session"), [required()], empty=lazy_gettext("Choose"))

    @classmethod
    def of(cls, offered: Iterable[CourseSession]) -> SessionForm:
        form = cls()
        offer_sessions(form.course_session, offered)
        return form


class SectionForm(Form):
    text_tr = TextAreaField(lazy_gettext("Turkish text"), [Length(max=20_000)], render_kw={"rows": 14})
    text_en = TextAreaField(lazy_gettext("English text"), [Length(max=20_000)], render_kw={"rows": 8})
    responsible = TextField(
        lazy_gettext("Responsible"),
        [Length(max=160)],
        description=lazy_gettext("An office or a role, not a person's name."),
    )
    due_on = DayField(lazy_gettext("Due on"))
    scan = paper_field(lazy_gettext("Attachment"))
    complete = BooleanField(lazy_gettext("This section is complete"))

    @classmethod
    def of(cls, section: PilotSection) -> SectionForm:
        form = cls(obj=section)
        if not form.is_submitted():
            form.complete.data = section.state is SectionState.COMPLETE
        return form
