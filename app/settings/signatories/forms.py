"""A signatory's form."""

from __future__ import annotations

from wtforms.validators import Length

from app.access.queries import provinces
from app.language import lazy_gettext
from app.settings.models import Signatory
from app.settings.signatories.services import SignatoryDetails
from app.web.forms import ChoiceField, Form, TextField, by_name, filled


class SignatoryForm(Form):
    printed = ("name", "title_tr", "title_en")
    name = TextField(
        lazy_gettext("Name"),
        [filled(), Length(max=120)],
        description=lazy_gettext(
            "Certificates print the last word in capitals. A family name of several words is typed in capitals here."
        ),
    )
    title_tr = TextField(lazy_gettext("Title in Turkish"), [filled(), Length(max=120)])
    title_en = TextField(lazy_gettext("Title in English"), [filled(), Length(max=120)])
    province_id = ChoiceField(
        lazy_gettext("Signs for"),
        empty=lazy_gettext("The whole programme"),
        description=lazy_gettext("Whoever signs for the whole programme signs where a province has nobody of its own."),
    )

    @classmethod
    def of(cls, signatory: Signatory | None = None) -> SignatoryForm:
        form = cls(obj=signatory)
        form.province_id.offer(by_name(provinces()))
        return form

    def details(self) -> SignatoryDetails:
        return SignatoryDetails(self.name.data, self.title_tr.data, self.title_en.data, self.province_id.data)
