from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.access.models import Province
from app.language import in_language, lazy_gettext
from app.programme.parts import Indicator
from app.programme.picture.queries import Targets
from app.settings.forms import StampedForm
from app.web.forms import WholeField, optional

Key = tuple[str, int | None]


class TargetsForm(StampedForm):
    """A number for each indicator and province, and for all together."""

    keys: dict[str, Key]

    @classmethod
    def of(cls, indicators: Sequence[Indicator], provinces: Sequence[Province], there: Targets) -> TargetsForm:
        places = [(one.id, in_language(one, "name")) for one in provinces] + [(None, lazy_gettext("All together"))]
        keys = {_name((each.code, place)): (each.code, place) for each in indicators for place, _ in places}
        fields: dict[str, Any] = {
            _name((each.code, place)): WholeField(
                f"{each.name}: {called}", [optional()], most=1_000_000 if each.plain else 100
            )
            for each in indicators
            for place, called in places
        }
        values = {name: there.get(key) for name, key in keys.items()}
        form: TargetsForm = type("Targets", (cls,), fields)(data=values)
        form.keys = keys
        form.knows(",".join(f"{name}={value}" for name, value in values.items() if value is not None) or "none", values)
        return form

    def cell(self, code: str, province_id: int | None) -> Any:
        return self[_name((code, province_id))]

    def wanted(self) -> dict[Key, int | None]:
        return {key: self[name].data for name, key in self.keys.items()}


def _name(key: Key) -> str:
    return f"{key[0].lower()}_{key[1] or 'all'}"
