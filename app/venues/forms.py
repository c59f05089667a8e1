from __future__ import annotations

from wtforms import BooleanField
from wtforms.validators import Length

from app.access.queries import provinces
from app.access.scope import Scope
from app.language import lazy_gettext
from app.venues.models import Venue
from app.venues.services import VenueDetails
from app.web.forms import ChoiceField, Form, TextField, by_name, filled


class VenueForm(Form):
    printed = ("name_tr", "name_en")
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=200)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=200)])
    province_id = ChoiceField(lazy_gettext("Province"), empty=lazy_gettext("Choose"))
    address = TextField(lazy_gettext("Address"), [Length(max=300)])
    online = BooleanField(
        lazy_gettext("Online"), description=lazy_gettext("No province, no address, never taken by another session.")
    )

    @classmethod
    def of(cls, scope: Scope, venue: Venue | None = None) -> VenueForm:
        """Offers the provinces the scope reaches; who runs only some of them is not asked about online venues."""
        form = cls(obj=venue)
        offered = [one for one in provinces() if scope.covers_province(one.id)]
        form.province_id.offer(by_name(offered))
        if not scope.everything:
            del form.online
        if venue is None and len(offered) == 1 and not form.is_submitted():
            form.province_id.data = offered[0].id
        return form

    def details(self) -> VenueDetails:
        online = bool(self.online.data) if "online" in self else False
        return VenueDetails(
            self.name_tr.data, self.name_en.data, self.province_id.data, self.address.data or "", online
        )
