from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from app.catalogue.queries import themes
from app.language import format_date, in_language, lazy_gettext
from app.programme.forms import PaperForm
from app.programme.groups.actions import queries
from app.programme.groups.models import ActionGroup, ActionStatus, GroupAction
from app.programme.uploads import ACCEPTED
from app.web.forms import ChoiceField, DayField, Form, KindField, WholeField, by_name, filled, required


class ActionForm(Form):
    text_tr = TextAreaField(lazy_gettext("What is to be done (Turkish)"), [filled(), Length(max=500)])
    text_en = TextAreaField(lazy_gettext("What is to be done (English)"), [Length(max=500)])
    owner_id = ChoiceField(lazy_gettext("Who answers for it"), [required()], empty=lazy_gettext("Choose"))
    due_on = DayField(lazy_gettext("Due on"), [required()])
    goal_id = ChoiceField(lazy_gettext("Goal of the strategic action plan"), empty=lazy_gettext("None"))
    theme_id = ChoiceField(lazy_gettext("Thematic area"), empty=lazy_gettext("None"))
    meeting_id = ChoiceField(lazy_gettext("Decided in the meeting of"), empty=lazy_gettext("None"))

    @classmethod
    def of(cls, group: ActionGroup, action: GroupAction | None = None, meeting_id: int | None = None) -> ActionForm:
        """`meeting_id`: the meeting it is entered from."""
        form = cls(obj=action)
        owners = queries.owners(group, action.owner_id if action else None)
        form.owner_id.offer((one.id, " · ".join((in_language(one, "institution"), one.called))) for one in owners)
        form.goal_id.offer((one.id, in_language(one, "text")) for one in queries.goals_in(group.province_id))
        form.theme_id.offer(by_name(themes(action.theme_id if action else None)))
        meetings = queries.meetings(group, action.meeting_id if action else None)
        form.meeting_id.offer((one.id, format_date(one.date)) for one in meetings)
        if action is None and not form.is_submitted():
            form.meeting_id.data = meeting_id
        return form


class StepForm(PaperForm):
    state = KindField(lazy_gettext("Status"), ActionStatus)
    percent = WholeField(lazy_gettext("Percent done"), most=100, description=lazy_gettext("While it is under way."))
    done_on = DayField(lazy_gettext("Done on"), description=lazy_gettext("Leave it empty for today."))
    evidence = TextAreaField(lazy_gettext("By what one sees it"), [Length(max=1000)])
    file = FileField(
        lazy_gettext("File that shows it"),
        description=lazy_gettext("PDF, JPEG or PNG, up to 12 MB. A photograph taken with a phone will do."),
        render_kw=ACCEPTED,
    )
    note = TextAreaField(lazy_gettext("Note or reason"), [Length(max=500)])

    @classmethod
    def of(cls, action: GroupAction) -> StepForm:
        form = cls(obj=action)
        if not form.is_submitted():
            form.state.data = action.status.value  # not that it is late
        form.state.empty = None
        form.state.offer((one.value, one.label) for one in ActionStatus if one in {action.status, *action.status.next})
        return form
