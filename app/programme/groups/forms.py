from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.access.queries import provinces
from app.access.scope import Scope
from app.catalogue.queries import themes
from app.language import lazy_gettext
from app.programme.groups.models import ActionGroup
from app.programme.groups.queries import themes_of
from app.programme.groups.services import GroupDetails
from app.web.forms import CheckList, ChoiceField, DayField, Form, TextField, by_name, filled


class GroupForm(Form):
    province_id = ChoiceField(lazy_gettext("Province"), empty=lazy_gettext("Choose"))
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=160)])
    aim_tr = TextAreaField(lazy_gettext("Aim (Turkish)"), [Length(max=1000)])
    aim_en = TextAreaField(lazy_gettext("Aim (English)"), [Length(max=1000)])
    theme_ids = CheckList(lazy_gettext("Thematic areas"))
    founded_on = DayField(lazy_gettext("Founded on"))

    @classmethod
    def of(cls, scope: Scope, group: ActionGroup | None = None) -> GroupForm:
        """Offers the provinces the scope reaches; a group that is there stays in its own."""
        chosen = [one.id for one in themes_of(group)] if group is not None else []
        form = cls(obj=group, theme_ids=chosen)
        form.theme_ids.offer(by_name(themes(*chosen)))
        offered = [one for one in provinces() if scope.covers_province(one.id)]
        if group is not None:
            offered = [one for one in offered if one.id == group.province_id]
        form.province_id.offer(by_name(offered))
        if group is None and len(offered) == 1 and not form.is_submitted():
            form.province_id.data = offered[0].id
        return form

    def details(self) -> GroupDetails:
        return GroupDetails(
            self.province_id.data,
            self.name_tr.data or "",
            self.name_en.data or "",
            (self.aim_tr.data or "").strip(),
            (self.aim_en.data or "").strip(),
            self.founded_on.data,
        )
