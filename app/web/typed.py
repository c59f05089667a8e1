"""What a POST carried, in the words of whoever typed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wtforms import SelectField
from wtforms.fields.core import UnboundField

from app.web.forms import Form


def as_typed(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a POST carried as whoever typed it knows it: under the label that fields of this name bear in our forms.

    Keys of things chosen from lists are left out: here is nobody who knows their words.
    """
    labels: dict[str, set[str]] = {}
    chosen = set()
    for form in _every(Form):
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField):
                labels.setdefault(name, set()).add(str(field.args[0] if field.args else field.kwargs.get("label", "")))
                if issubclass(field.field_class, SelectField):
                    chosen.add(name)
    # of several the plainest
    return [
        (min(filter(None, labels.get(name, set())), key=len, default=name), value)
        for name, value in pairs
        if name not in chosen
    ]


def _every(form: type[Form]) -> Iterator[type[Form]]:
    for each in form.__subclasses__():
        yield each
        yield from _every(each)
