from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.post.models import LetterText
from app.settings.forms import StampedForm
from app.settings.texts.queries import Words
from app.web.forms import TextField, filled


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class TextForm(StampedForm):
    subject = TextField(lazy_gettext("Subject"), [filled(), Length(max=200)])
    opening = TextAreaField(
        lazy_gettext("First paragraph"),
        [filled(), Length(max=2000)],
        description=lazy_gettext("Follows the greeting; dates, places and links come after it by themselves."),
        filters=[_lines],
    )
    closing = TextAreaField(
        lazy_gettext("Last paragraph"),
        [Length(max=2000)],
        description=lazy_gettext("Stands before the name of the programme; may be empty."),
        filters=[_lines],
    )

    @classmethod
    def of(cls, words: Words, row: LetterText | None) -> TextForm:
        shown = {"subject": words.subject, "opening": words.opening, "closing": words.closing}
        form = cls(data=shown)
        form.knows(str(row.version if row else 0), shown)
        return form

    def words(self) -> Words:
        return Words(self.subject.data or "", self.opening.data or "", self.closing.data or "")
