"""A holiday's form."""

from __future__ import annotations

from hashlib import sha256

from wtforms.validators import Length

from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.language import lazy_gettext
from app.settings.forms import StampedForm
from app.settings.holidays.services import HolidayDetails
from app.web.forms import DayField, KindField, TextField, TimeField, filled, required


class HolidayForm(StampedForm):
    date = DayField(lazy_gettext("Date"), [required()])
    basis = KindField(lazy_gettext("Basis"), HolidayBasis)
    kind = KindField(lazy_gettext("Length"), HolidayKind)
    from_time = TimeField(lazy_gettext("From"), description=lazy_gettext("Only for half days; left empty it is 13:00."))
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=120)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=120)])

    @classmethod
    def of(cls, holiday: Holiday | None = None, *, basis: str = "") -> HolidayForm:
        """`basis`: what a new day begins with; administrative leave takes the whole day and has its usual name."""
        leave = {"basis": basis, "kind": "full", "name_tr": "İdari izin", "name_en": "Administrative leave"}
        form = cls(obj=holiday, data=leave if basis == HolidayBasis.ADMINISTRATIVE.value else {"basis": basis})
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
