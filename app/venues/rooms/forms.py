"""A room's form."""

from __future__ import annotations

from wtforms import BooleanField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.venues.models import Equipment, Room
from app.venues.services import RoomDetails
from app.web.forms import CheckList, Form, TextField, WholeField, filled, required


class RoomForm(Form):
    printed = ("name_tr", "name_en")
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=160)])
    capacity = WholeField(lazy_gettext("Seats"), [required()], least=1, most=5000)
    step_free = BooleanField(lazy_gettext("Step-free access"))
    equipment = CheckList(lazy_gettext("Equipment"), coerce=str)

    @classmethod
    def of(cls, room: Room | None = None) -> RoomForm:
        form = cls(obj=room)
        form.equipment.choices = [(one.value, one.label) for one in Equipment]
        return form

    def details(self) -> RoomDetails:
        ticked = [one.value for one in Equipment if one.value in (self.equipment.data or [])]
        return RoomDetails(self.name_tr.data, self.name_en.data, self.capacity.data, self.step_free.data, ticked)
