from __future__ import annotations

from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.settings.queries import SETTINGS, Group
from app.web.forms import Form, TextField, WholeField, filled, required


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
        self.same(self.stamp, self.theirs)


class SettingsForm(StampedForm):
    """Some of the settings; its fields bear their keys."""

    @classmethod
    def of(cls, group: Group) -> SettingsForm:
        form = cls(data=group.values)
        form.knows(group.version, group.values)
        return form


def number(key: str, label: Any, help: Any) -> WholeField:
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
    threshold = number(
        "threshold", lazy_gettext("Required attendance"), lazy_gettext("Percent of the minutes; 80 is usual.")
    )
    pass_mark = number(
        "pass_mark", lazy_gettext("Pass mark"), lazy_gettext("Points out of 100, where a course has a test.")
    )
    nominations_close_days = number(
        "nominations_close_days",
        lazy_gettext("Nominations close"),
        lazy_gettext("Working days before the first sitting."),
    )
    lock_days = number(
        "lock_days", lazy_gettext("Attendance is locked"), lazy_gettext("Working days after the sitting.")
    )
    late_grace_minutes = number(
        "late_grace_minutes",
        lazy_gettext("Late without loss"),
        lazy_gettext("Minutes of a sitting somebody may be late and still get full credit."),
    )
    least_women = number(
        "least_women",
        lazy_gettext("Share of women at least"),
        lazy_gettext("Percent of the women and men with a seat; the overview shows groups below it. 0: none."),
    )
    visibility_required = BooleanField(
        lazy_gettext("The visibility checklist belongs to finalising"),
        description=lazy_gettext("A course session is finalised only once its items are settled."),
    )


class MaskingForm(SettingsForm):
    mask_names = BooleanField(
        lazy_gettext("Mask names on the verification page"),
        description=lazy_gettext(
            "A name is shown as A*** Y*****, with a field that says whether a typed name is the one on the certificate."
        ),
    )


class MailForm(SettingsForm):
    remind_week = BooleanField(
        lazy_gettext("Seven working days before a training begins"),
        description=lazy_gettext("To participants who have not said yet whether they will attend."),
    )
    remind_day = BooleanField(
        lazy_gettext("One working day before a training begins"), description=lazy_gettext("To all its participants.")
    )
    remind_asked = BooleanField(
        lazy_gettext("Trainers who have not answered"),
        description=lazy_gettext("Seven working days before a training begins and one, to whoever was asked to teach."),
    )
    remind_marks = BooleanField(
        lazy_gettext("Attendance is missing"),
        description=lazy_gettext("To the trainer, on the working day after the sitting."),
    )
    remind_risk = BooleanField(
        lazy_gettext("Attendance at risk"),
        description=lazy_gettext("To participants who can hardly miss more, with the days they missed."),
    )
