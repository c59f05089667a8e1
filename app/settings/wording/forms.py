from __future__ import annotations

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import gettext, lazy_gettext
from app.language.turkish import normalise
from app.paper.wording import CERTIFICATE, Kind, Language
from app.settings.forms import StampedForm
from app.settings.queries import WORDING, group
from app.web.forms import TextField

SPOKEN: tuple[Language, ...] = ("tr", "en")
PARTS = tuple(f"{part}_{language}" for language in SPOKEN for part in ("opening", "sentence"))


def _opening(language: Language, label: Any) -> TextField:
    return TextField(label, [Length(max=WORDING[f"thanks_opening_{language}"].most)])


def _sentence(language: Language, label: Any) -> TextAreaField:
    most = WORDING[f"thanks_sentence_{language}"].most
    return TextAreaField(
        label,
        [Length(max=most)],
        filters=[lambda text: normalise(text or "")],
        render_kw={"rows": 2},
    )


class WordingForm(StampedForm):
    """The words of one kind of certificate; empty stands for the usual ones, which each field names."""

    opening_tr = _opening("tr", lazy_gettext("Line above the name, in Turkish"))
    sentence_tr = _sentence("tr", lazy_gettext("Sentence below the name, in Turkish"))
    opening_en = _opening("en", lazy_gettext("Line above the name, in English"))
    sentence_en = _sentence("en", lazy_gettext("Sentence below the name, in English"))

    @classmethod
    def of(cls, kind: Kind) -> WordingForm:
        found = group([f"{kind}_{part}" for part in PARTS])
        words = {part: found.values[f"{kind}_{part}"] for part in PARTS}
        form = cls(data=words)
        form.knows(found.version, words)
        for language in SPOKEN:
            usual = CERTIFICATE[language].kinds[kind]
            for part, text in (("opening", usual.opening), ("sentence", usual.sentence)):
                form[f"{part}_{language}"].description = gettext("Left empty, this is printed: %(text)s", text=text)
        return form

    def words(self) -> dict[str, str]:
        return {part: self[part].data for part in PARTS}
