"""A logo's form."""

from __future__ import annotations

from hashlib import sha256

from flask_wtf.file import FileField
from wtforms.validators import Length, ValidationError

from app.files.pictures.images import MAX_IMAGE_BYTES
from app.language import lazy_gettext
from app.settings.forms import StampedForm
from app.settings.models import Logo
from app.web.forms import TextField, filled


class LogoForm(StampedForm):
    file = FileField(
        lazy_gettext("Picture"),
        description=lazy_gettext("PNG or JPEG, at most 1 MB. A wide picture on white looks best."),
        render_kw={"accept": "image/png,image/jpeg"},
    )
    alt = TextField(
        lazy_gettext("Whose logo"),
        [filled(), Length(max=120)],
        description=lazy_gettext("Read aloud where the picture cannot be seen."),
    )

    @classmethod
    def of(cls, logo: Logo | None) -> LogoForm:
        form = cls(data={"alt": logo.alt if logo else ""})
        form.stands(logo)
        return form

    def stands(self, logo: Logo | None) -> None:
        """What is in the slot; which picture is part of the stamp, though two cannot be laid side by side as words."""
        theirs = {"alt": logo.alt if logo else ""}
        now = (logo.document_id if logo else None, theirs)
        self.knows(sha256(repr(now).encode()).hexdigest()[:16], theirs)

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(str(lazy_gettext("Choose a picture.")))

    def content(self) -> bytes:
        """The bytes, one more than may be at most: what is larger need not be read to be refused."""
        return bytes(self.file.data.stream.read(MAX_IMAGE_BYTES + 1))
