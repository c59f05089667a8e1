from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wtforms.validators import StopValidation

from app.access.models import Organisation
from app.core.errors import Stale
from app.people import queries
from app.people.models import Employee
from app.people.rules import is_identity_number, typed
from app.people.services import IDENTITY_NUMBER
from app.web.forms import TextField


def suggestion(employee: Employee) -> str:
    """How a colleague stands in a field that suggests: what is read back is the registry number at its end."""
    return f"{employee.name} · {employee.registry_no}"


def meant(organisation: Organisation, typed: str) -> Employee | None:
    """The colleague somebody typed: a suggestion, a registry number, or a name only one person has; else None."""
    found = queries.colleague(organisation, typed.rpartition(" · ")[2].strip())
    if found is None:
        named = queries.colleagues(organisation, typed, limit=2)
        found = named[0] if len(named) == 1 else None
    return found


@contextmanager
def by_name_too(field: TextField, now: str) -> Iterator[None]:
    """Where somebody else was first, a colleague in the form is told apart by how they stand there, not by their id."""
    try:
        yield
    except Stale as stale:
        told = [pair for pair in stale.differences if pair[0] != field.label.text]
        if (field.data or "") != now:
            told.append((field.label.text, now or "–", field.data or "–"))
        raise Stale(stale.message, told) from stale


class RegistryField(TextField):
    """A staff registry number. A T.C. identity number is refused and forgotten at once: no page repeats it."""

    identity = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = typed(valuelist[0]) if valuelist else ""
        self.identity = is_identity_number(self.data)
        if self.identity:
            self.data, self.raw_data = "", []

    def pre_validate(self, form: Any) -> None:
        if self.identity:
            raise StopValidation(str(IDENTITY_NUMBER))
