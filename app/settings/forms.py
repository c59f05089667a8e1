from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from app.access.queries import provinces
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.core.errors import Stale
from app.files.images import MAX_IMAGE_BYTES
from app.language import in_language, lazy_gettext
from app.settings.models import Logo, Signatory
from app.settings.queries import SETTINGS, Group
from app.settings.services import HolidayDetails, SignatoryDetails
from app.web.forms import ChoiceField, DayField, Form, TextField, TimeField, WholeField, required, worded


def filled() -> DataRequired:
    """Something besides spaces."""
    return DataRequired(lazy_gettext("Please fill in this field."))


class StampedForm(Form):
    """Edits what has no version of its own: `stamp` says how it stood, `theirs` what stands there now."""

    stamp: str = ""
    theirs: dict[str, Any]

    def knows(self, stamp: str, theirs: dict[str, Any]) -> None:
        self.stamp, self.theirs = stamp, theirs
        if not self.is_submitted():
            self.version.data = stamp

    def same_stamp(self) -> None:
        """Refuse (409) if it was changed since this form was shown."""
        if (self.version.data or "") == self.stamp:
            return
        self.outcome = 409
        pairs = [
            (field.label.text, worded(field, self.theirs[field.name]), worded(field, field.data))
            for field in self.shown
            if field.name in self.theirs and str(self.theirs[field.name] or "") != str(field.data or "")
        ]
        self.version.data = self.stamp
        self.version.raw_data = [self.stamp]
        raise Stale(lazy_gettext("Somebody else changed this meanwhile. Compare both values, then save again."), pairs)


class SettingsForm(StampedForm):
    """Some of the settings; its fields bear their keys."""

    @classmethod
    def of(cls, group: Group) -> SettingsForm:
        form = cls(data=group.values)
        form.knows(group.version, group.values)
        return form

    def values(self) -> dict[str, Any]:
        return {field.name: field.data for field in self.shown}


def _number(key: str, label: Any, help: Any) -> WholeField:
    known = SETTINGS[key]
    return WholeField(label, [required()], least=known.least, most=known.most, description=help)


def _text(key: str, label: Any, *validators: Any) -> TextField:
    return TextField(label, [*validators, Length(max=SETTINGS[key].most)])


class NamesForm(SettingsForm):
    printed = ("institution_tr", "institution_en", "funding_tr", "funding_en")
    institution_tr = _text("institution_tr", lazy_gettext("Institution in Turkish"), filled())
    institution_en = _text("institution_en", lazy_gettext("Institution in English"), filled())
    funding_tr = TextAreaField(
        lazy_gettext("Funding statement in Turkish"),
        [Length(max=SETTINGS["funding_tr"].most)],
        description=lazy_gettext("Printed at the foot of certificates; left empty, nothing is printed."),
        filters=[lambda text: (text or "").strip()],
    )
    funding_en = TextAreaField(
        lazy_gettext("Funding statement in English"),
        [Length(max=SETTINGS["funding_en"].most)],
        filters=[lambda text: (text or "").strip()],
    )


class ThresholdsForm(SettingsForm):
    threshold = _number(
        "threshold", lazy_gettext("Required attendance"), lazy_gettext("Percent of the minutes; 80 is usual.")
    )
    pass_mark = _number(
        "pass_mark", lazy_gettext("Pass mark"), lazy_gettext("Points out of 100, where a course has a test.")
    )
    nominations_close_days = _number(
        "nominations_close_days",
        lazy_gettext("Nominations close"),
        lazy_gettext("Working days before the first sitting."),
    )
    lock_days = _number(
        "lock_days", lazy_gettext("Attendance is locked"), lazy_gettext("Working days after the sitting.")
    )
    late_grace_minutes = _number(
        "late_grace_minutes",
        lazy_gettext("Late without loss"),
        lazy_gettext("Minutes of a sitting somebody may be late and still get full credit."),
    )


class MaskingForm(SettingsForm):
    mask_names = BooleanField(
        lazy_gettext("Mask names on the verification page"),
        description=lazy_gettext(
            "A name is shown as A*** Y*****, with a field that says whether a typed name is the one on the certificate."
        ),
    )


class SignatoryForm(Form):
    printed = ("name", "title_tr", "title_en")
    name = TextField(
        lazy_gettext("Name"),
        [filled(), Length(max=120)],
        description=lazy_gettext(
            "Certificates print the last word in capitals. A family name of several words is typed in capitals here."
        ),
    )
    title_tr = TextField(lazy_gettext("Title in Turkish"), [filled(), Length(max=120)])
    title_en = TextField(lazy_gettext("Title in English"), [filled(), Length(max=120)])
    province_id = ChoiceField(
        lazy_gettext("Signs for"),
        empty=lazy_gettext("The whole programme"),
        description=lazy_gettext("Whoever signs for the whole programme signs where a province has nobody of its own."),
    )

    @classmethod
    def of(cls, signatory: Signatory | None = None) -> SignatoryForm:
        form = cls(obj=signatory)
        form.province_id.offer((one.id, in_language(one, "name")) for one in provinces())
        if signatory is not None and not form.is_submitted():
            form.version.data = str(signatory.version)
        return form

    def details(self) -> SignatoryDetails:
        return SignatoryDetails(self.name.data, self.title_tr.data, self.title_en.data, self.province_id.data)


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


class HolidayForm(StampedForm):
    date = DayField(lazy_gettext("Date"), [required()])
    basis = ChoiceField(lazy_gettext("Basis"), [required()], empty=lazy_gettext("Choose"), coerce=lambda v: v or None)
    kind = ChoiceField(lazy_gettext("Length"), [required()], empty=lazy_gettext("Choose"), coerce=lambda v: v or None)
    from_time = TimeField(lazy_gettext("From"), description=lazy_gettext("Only for half days; left empty it is 13:00."))
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=120)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=120)])

    @classmethod
    def of(cls, holiday: Holiday | None = None, *, basis: str = "") -> HolidayForm:
        """`basis`: what a new day begins with; administrative leave takes the whole day and has its usual name."""
        leave = {"basis": basis, "kind": "full", "name_tr": "İdari izin", "name_en": "Administrative leave"}
        form = cls(obj=holiday, data=leave if basis == HolidayBasis.ADMINISTRATIVE.value else {"basis": basis})
        form.basis.offer((one.value, one.label) for one in HolidayBasis)
        form.kind.offer((one.value, one.label) for one in HolidayKind)
        if holiday is not None:
            columns = ("date", "basis", "kind", "from_time", "name_tr", "name_en")
            theirs = {name: getattr(holiday, name) for name in columns}
            form.knows(sha256(repr(sorted(theirs.items())).encode()).hexdigest()[:16], theirs)
        return form

    def details(self) -> HolidayDetails:
        return HolidayDetails(
            date=self.date.data,
            kind=HolidayKind(self.kind.data),
            from_time=self.from_time.data,
            name_tr=self.name_tr.data,
            name_en=self.name_en.data,
            basis=HolidayBasis(self.basis.data),
        )
