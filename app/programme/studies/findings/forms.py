from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length, ValidationError

from app.catalogue.models import Theme
from app.language import lazy_gettext
from app.programme.studies.models import Finding, FindingStrength
from app.web.forms import (
    ChoiceField,
    DecimalCommaField,
    Form,
    KindField,
    TextField,
    WholeField,
    by_name,
    filled,
    required,
)


class FindingForm(Form):
    theme_id = ChoiceField(lazy_gettext("Thematic area"), [required()], empty=lazy_gettext("Choose"))
    statement_tr = TextAreaField(lazy_gettext("Turkish statement"), [filled(), Length(max=500)])
    statement_en = TextAreaField(lazy_gettext("English statement"), [Length(max=500)])
    strength = KindField(lazy_gettext("Strength"), FindingStrength)
    share_typed = DecimalCommaField(
        lazy_gettext("Share in percent"), description=lazy_gettext("With one decimal at most. Example: 42,5")
    )
    n = WholeField(lazy_gettext("Number of answers"), least=1, most=1_000_000)
    rests_on = TextField(
        lazy_gettext("Table or figure"),
        [Length(max=200)],
        description=lazy_gettext(
            "Where the report shows it; needed before the finding is verified. Example: Table 4, page 21"
        ),
    )

    @classmethod
    def of(cls, themes: Iterable[Theme], finding: Finding | None = None) -> FindingForm:
        share = None if finding is None or finding.share is None else Decimal(finding.share) / 10
        form = cls(obj=finding, data={"share_typed": share})
        form.theme_id.offer(by_name(themes))
        return form

    def validate_share_typed(self, field: DecimalCommaField) -> None:
        value = field.data
        if value is not None and not (0 <= value <= 100 and value * 10 == int(value * 10)):
            raise ValidationError(str(lazy_gettext("Enter a share between 0 and 100, with one decimal at most.")))

    def values(self, *names: str) -> dict[str, Any]:
        """As the columns have it: the share in tenths of a percent."""
        typed = super().values(*names)
        share = typed.pop("share_typed")
        return typed | {"share": None if share is None else int(share * 10)}
