from __future__ import annotations

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.refdata import load
from app.settings.models import Notice
from app.settings.notice.services import Text
from app.web.forms import Form, filled


class NoticeForm(Form):
    text_tr = TextAreaField(
        lazy_gettext("Text in Turkish"),
        [filled(), Length(max=20_000)],
        description=lazy_gettext("An empty line begins a new paragraph."),
        render_kw={"rows": 16},
    )
    text_en = TextAreaField(lazy_gettext("Text in English"), [filled(), Length(max=20_000)], render_kw={"rows": 16})
    must_read = BooleanField(
        lazy_gettext("Show it to everybody again"),
        description=lazy_gettext("For changes of substance; leave it empty where only the wording was corrected."),
    )

    @classmethod
    def of(cls, last: Notice | None) -> NoticeForm:
        """Begins with what the last version says, or with the draft that is shipped."""
        draft = load("notice")
        said = (last.text_tr, last.text_en) if last else (draft["tr"], draft["en"])
        return cls(data={"text_tr": said[0], "text_en": said[1]})

    def text(self) -> Text:
        tr, en = (str(field.data or "").replace("\r\n", "\n").strip() for field in (self.text_tr, self.text_en))
        return Text(tr, en, bool(self.must_read.data))
