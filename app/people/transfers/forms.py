"""A place at another institution."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.validators import Length

from app.access.models import Organisation
from app.access.rules import plain_email
from app.core.errors import Stale
from app.language import lazy_gettext
from app.people import queries
from app.people.forms import RegistryField
from app.people.models import Employee, EmploymentType
from app.people.transfers.services import NewPlace
from app.users.forms import contact
from app.web.forms import CheckList, ChoiceField, Form, KindField, filled, required


class TransferForm(Form):
    """Their place at another institution, which the page's address names."""

    unit_id = ChoiceField(lazy_gettext("Unit"), [required()], empty=lazy_gettext("Choose"))
    title_id = ChoiceField(lazy_gettext("Job title"), [required()], empty=lazy_gettext("Choose"))
    employment_type = KindField(lazy_gettext("Employment type"), EmploymentType)
    registry_no = RegistryField(
        lazy_gettext("Staff registry no."),
        [filled(), Length(max=32)],
        description=lazy_gettext("The one of the new institution; unique there."),
    )
    email = contact(lazy_gettext("Work e-mail"))
    keep = CheckList(lazy_gettext("Kept"))

    @classmethod
    def of(cls, organisation: Organisation, employee: Employee, keepable: Sequence[str] = ()) -> TransferForm:
        """`organisation` is the new one; what may stay the same is filled in, the unit cannot. `keepable`: what may be
        ticked to go along.
        """
        form = cls(obj=employee)
        units, titles = queries.units_and_titles(organisation, employee.title_id)
        form.unit_id.offer(units)
        form.title_id.offer(titles)
        form.keep.choices = [(key, key) for key in keepable]
        if not form.is_submitted():
            form.unit_id.data = None
        return form

    def same_version(self, thing: Employee) -> None:
        """As everywhere; the unit differs in any case and says nothing."""
        try:
            super().same_version(thing)
        except Stale as stale:
            told = [pair for pair in stale.differences if pair[0] != self.unit_id.label.text]
            raise Stale(stale.message, told) from stale

    def place(self) -> NewPlace:
        return NewPlace(
            unit_id=self.unit_id.data,
            title_id=self.title_id.data,
            registry_no=self.registry_no.data,
            employment_type=EmploymentType(self.employment_type.data),
            email=plain_email(self.email.data or ""),
        )
