from __future__ import annotations

import datetime

from app.audit.journal import Event
from app.calendar.models import HolidayBasis
from app.language import lazy_pgettext


class SettingsChanged(Event):
    name = "settings.changed"
    said = lazy_pgettext("event", "Settings changed")
    words = {
        "keys": lazy_pgettext("fact", "Settings"),
        "sample_data": lazy_pgettext("fact", "Sample data"),
        "institution_tr": lazy_pgettext("fact", "Institution's Turkish name"),
        "institution_en": lazy_pgettext("fact", "Institution's English name"),
        "funding_tr": lazy_pgettext("fact", "Funding statement in Turkish"),
        "funding_en": lazy_pgettext("fact", "Funding statement in English"),
        "attendance_opening_tr": lazy_pgettext("fact", "Attendance certificate: opening in Turkish"),
        "attendance_opening_en": lazy_pgettext("fact", "Attendance certificate: opening in English"),
        "attendance_sentence_tr": lazy_pgettext("fact", "Attendance certificate: sentence in Turkish"),
        "attendance_sentence_en": lazy_pgettext("fact", "Attendance certificate: sentence in English"),
        "success_opening_tr": lazy_pgettext("fact", "Achievement certificate: opening in Turkish"),
        "success_opening_en": lazy_pgettext("fact", "Achievement certificate: opening in English"),
        "success_sentence_tr": lazy_pgettext("fact", "Achievement certificate: sentence in Turkish"),
        "success_sentence_en": lazy_pgettext("fact", "Achievement certificate: sentence in English"),
        "thanks_opening_tr": lazy_pgettext("fact", "Appreciation certificate: opening in Turkish"),
        "thanks_opening_en": lazy_pgettext("fact", "Appreciation certificate: opening in English"),
        "thanks_sentence_tr": lazy_pgettext("fact", "Appreciation certificate: sentence in Turkish"),
        "thanks_sentence_en": lazy_pgettext("fact", "Appreciation certificate: sentence in English"),
        "mask_names": lazy_pgettext("fact", "Mask names"),
        "suppress_under": lazy_pgettext("fact", "Hide figures under"),
        "nominations_close_days": lazy_pgettext("fact", "Days before nominations close"),
        "lock_days": lazy_pgettext("fact", "Days until attendance is locked"),
        "late_grace_minutes": lazy_pgettext("fact", "Minutes of grace"),
        "least_women": lazy_pgettext("fact", "Share of women at least"),
        "visibility_required": lazy_pgettext("fact", "The visibility checklist belongs to finalising"),
        "letters_kept_days": lazy_pgettext("fact", "Days letters are kept"),
        "invitations_kept_days": lazy_pgettext("fact", "Days invitations are kept"),
        "imports_kept_days": lazy_pgettext("fact", "Days imports are kept"),
        "answers_kept_days": lazy_pgettext("fact", "Days answers about training needs are kept"),
        "notice_due": lazy_pgettext("fact", "Notice everybody has to read"),
        "remind_week": lazy_pgettext("fact", "Reminder seven working days before"),
        "remind_day": lazy_pgettext("fact", "Reminder one working day before"),
        "remind_asked": lazy_pgettext("fact", "Reminder of trainers’ answers"),
        "remind_marks": lazy_pgettext("fact", "Reminder of missing attendance"),
        "remind_risk": lazy_pgettext("fact", "Warning of attendance at risk"),
    }
    keys: tuple[str, ...]


class SignatoryAdded(Event):
    name = "signatory.added"
    said = lazy_pgettext("event", "Signatory added")
    words = {"signatory_id": lazy_pgettext("fact", "Signatory")}
    signatory_id: int
    province_id: int | None


class SignatoryChanged(Event):
    name = "signatory.changed"
    said = lazy_pgettext("event", "Signatory changed")
    words = {
        "name": lazy_pgettext("fact", "Name"),
        "title_tr": lazy_pgettext("fact", "Turkish title"),
        "title_en": lazy_pgettext("fact", "English title"),
        "position": lazy_pgettext("fact", "Position"),
    }
    signatory_id: int
    fields: tuple[str, ...]


class SignatoryActivated(Event):
    """`active` False: signs no more; certificates that were signed keep the name."""

    name = "signatory.activated"
    said = lazy_pgettext("event", "Signatory put in or out of use")
    signatory_id: int
    active: bool


class LogoSet(Event):
    name = "logo.set"
    said = lazy_pgettext("event", "Logo set")
    words = {"slot": lazy_pgettext("fact", "Place")}
    slot: int
    document_id: int


class LogoRemoved(Event):
    name = "logo.removed"
    said = lazy_pgettext("event", "Logo removed")
    slot: int


class HolidayAdded(Event):
    """`date` in ISO form, `basis` a value of HolidayBasis."""

    name = "holiday.added"
    said = lazy_pgettext("event", "Holiday added")
    words = {
        "holiday_id": lazy_pgettext("fact", "Holiday"),
        "date": lazy_pgettext("fact", "Date"),
        "basis": lazy_pgettext("fact", "Basis"),
    }
    values = {"date": datetime.date, "basis": HolidayBasis}
    holiday_id: int
    date: str
    basis: str


class HolidayChanged(Event):
    name = "holiday.changed"
    said = lazy_pgettext("event", "Holiday changed")
    words = {"from_time": lazy_pgettext("fact", "From what time")}
    values = {"date": datetime.date}
    holiday_id: int
    date: str
    fields: tuple[str, ...]


class HolidayRemoved(Event):
    name = "holiday.removed"
    said = lazy_pgettext("event", "Holiday removed")
    values = {"date": datetime.date}
    holiday_id: int
    date: str


class NoticePublished(Event):
    """`must_read`: everybody is shown it again."""

    name = "notice.published"
    said = lazy_pgettext("event", "Notice on personal data published")
    words = {"notice_id": lazy_pgettext("fact", "Version"), "must_read": lazy_pgettext("fact", "Read by everybody")}
    notice_id: int
    must_read: bool


class LetterReworded(Event):
    """Which of its parts; what they say stands in the letter alone."""

    name = "letter.reworded"
    said = lazy_pgettext("event", "Letter reworded")
    words = {
        "letter": lazy_pgettext("fact", "Letter"),
        "subject": lazy_pgettext("fact", "Subject"),
        "opening": lazy_pgettext("fact", "First paragraph"),
        "closing": lazy_pgettext("fact", "Last paragraph"),
    }
    letter: str
    language: str
    fields: tuple[str, ...]


class LetterRestored(Event):
    name = "letter.restored"
    said = lazy_pgettext("event", "Letter back to its original")
    letter: str
    language: str
