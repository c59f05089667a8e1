"""A staff list is chosen; what stands in it is said by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField

from app.access.queries import organisations
from app.access.scope import Scope
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import lazy_gettext
from app.people.models import EmploymentType
from app.web.forms import CheckList, ChoiceField, Form, TableField, WholeField, by_name, required, word_or_none


class StaffFileForm(Form):
    organisation_id = ChoiceField(lazy_gettext("Institution"), [required()], empty=lazy_gettext("Choose …"))
    file = TableField(
        lazy_gettext("Staff list"),
        description=lazy_gettext(
            "Excel (.xlsx) or text (.csv, .txt), up to 25 MB and 120,000 rows. Nothing is stored yet."
        ),
    )
    complete = BooleanField(
        lazy_gettext("This list is complete: everybody who works there stands in it"),
        description=lazy_gettext("After the import you are asked whether those who are missing from it left."),
    )

    @classmethod
    def of(cls, scope: Scope) -> StaffFileForm:
        form = cls()
        offered = organisations(scope)
        form.organisation_id.offer(by_name(offered))
        if len(offered) == 1 and not form.is_submitted():
            form.organisation_id.data = offered[0].id
        return form


class ColumnsForm(Form):
    """What each column is: a select of its own for each, `column-0` and on (`meant`)."""

    employment_type = ChoiceField(
        lazy_gettext("Employment type of those whose row says none"),
        empty=lazy_gettext("None: such rows stay out"),
        coerce=word_or_none,
    )

    @classmethod
    def of(cls, chosen: EmploymentType | None = None) -> ColumnsForm:
        form = cls()
        form.employment_type.offer((kind.value, kind.label) for kind in EmploymentType)
        if not form.is_submitted():
            form.employment_type.data = chosen.value if chosen else None
        return form

    @property
    def kind(self) -> EmploymentType | None:
        return EmploymentType(self.employment_type.data) if self.employment_type.data else None


def meant(columns: Sequence[Mapping[str, Any]], known: Mapping[str, Any]) -> dict[str, str]:
    """By the name of a column what was chosen for it, "" for nothing."""
    sent = {one["name"]: request.form.get(f"column-{at}", "") for at, one in enumerate(columns) if not one["forbidden"]}
    if any(field and field not in known for field in sent.values()):
        raise Missing
    return sent


def numbered(prefix: str) -> dict[str, int]:
    """What stands behind `prefix` in the names of fields that were filled, with the ids in them."""
    found = {}
    for name, value in request.form.items():
        if name.startswith(prefix) and value != "":
            key = typed_id(value)
            if key is None:
                raise Missing
            found[name.removeprefix(prefix)] = key
    return found


class StateForm(Form):
    """Carries the state of the preview that was looked at."""

    state = HiddenField()


class LeaversForm(Form):
    people = CheckList(lazy_gettext("Left"))
    number = WholeField(lazy_gettext("How many people leave"))
