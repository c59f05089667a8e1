from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from markupsafe import escape
from wtforms import SelectField
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.widgets import Select


class Options(Select):
    """A list to choose from, written as WTForms does in a quarter of the time: a form offers hundreds of things."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> str:
        chosen = " selected" if choice.selected else ""
        return f'<option{chosen} value="{escape(choice.value)}">{escape(choice.label)}</option>'


class Offered(SelectField):
    """What such a list offers: pairs without the two objects more WTForms makes of each, of which one is chosen."""

    def has_groups(self) -> bool:
        return any(isinstance(one, SelectChoice) and one.optgroup for one in self.choices or ())

    def iter_choices(self) -> Iterable[Choice]:
        if not all(type(one) is tuple for one in self.choices or ()):
            return cast("Iterable[Choice]", super().iter_choices())  # type: ignore[no-untyped-call]  # WTForms has no types here
        said = ("", "None") if self.data is None else (str(self.data),)
        return [Choice(key, text, str(key) in said and self.coerce(key) == self.data, {}) for key, text in self.choices]
