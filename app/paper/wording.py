"""What the paper says, in its holder's language, and how it writes dates and hours.

The language of a paper is its holder's, frozen when it is issued, not the reader's: so these words do not go
through the message catalogue of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from babel import Locale
from babel.units import format_unit

from app.language.turkish import upper

Language = Literal["tr", "en"]
Kind = Literal["attendance", "success", "thanks"]


@dataclass(frozen=True, slots=True)
class KindWords:
    """The three texts that differ by kind: title, line above the name, sentence below it."""

    title: str
    opening: str
    sentence: str


#: What a sentence may hold in braces; it names the course, for nothing else on the paper does.
PLACEHOLDERS = ("name", "institution", "course", "hours", "dates")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def filled_in(sentence: str, texts: Mapping[str, str]) -> str:
    """A sentence with its placeholders filled; what they bring is taken as it is, braces and all."""
    return _PLACEHOLDER.sub(lambda found: texts[found[1]], sentence)


def strangers(sentence: str) -> tuple[str, ...]:
    """What stands in braces and is no placeholder, and braces that belong to none."""
    named = [f"{{{name}}}" for name in _PLACEHOLDER.findall(sentence) if name not in PLACEHOLDERS]
    return tuple(dict.fromkeys([*named, *re.findall(r"[{}]", _PLACEHOLDER.sub("", sentence))]))


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """Labels of all a certificate says; the paper itself prints but some, the page that proves it prints all."""

    kinds: dict[Kind, KindWords]
    name: str
    organisation: str
    kind: str
    wording: str
    course: str
    issuer: str
    funding: str
    signatory: str
    signatories: str
    dates: str
    duration: str
    place: str
    trainer: str
    trainers: str
    number: str
    issued_on: str
    code: str
    verify: str
    sample: str


CERTIFICATE: dict[Language, CertificateWords] = {
    "tr": CertificateWords(
        kinds={
            "attendance": KindWords("Katılım belgesi", "Sayın", "“{course}” eğitimine katılmıştır."),
            "success": KindWords("Başarı belgesi", "Sayın", "“{course}” eğitimini başarıyla tamamlamıştır."),
            "thanks": KindWords(
                "Teşekkür belgesi",
                "Sayın",
                "“{course}” eğitimine eğitmen olarak sağladığınız katkı için teşekkür ederiz.",
            ),
        },
        name="Adı soyadı",
        organisation="Kurum",
        kind="Belge türü",
        wording="Belgede yazan",
        course="Eğitim",
        issuer="Belgeyi veren",
        funding="Finansman",
        signatory="İmza yetkilisi",
        signatories="İmza yetkilileri",
        dates="Tarih",
        duration="Süre",
        place="Yer",
        trainer="Eğitmen",
        trainers="Eğitmenler",
        number="Belge numarası",
        issued_on="Veriliş tarihi",
        code="Doğrulama kodu",
        verify="Doğrulama adresi",
        sample="Örnek veridir",
    ),
    "en": CertificateWords(
        kinds={
            "attendance": KindWords(
                "Certificate of attendance", "This is to certify that", "attended the training “{course}”."
            ),
            "success": KindWords(
                "Certificate of achievement",
                "This is to certify that",
                "successfully completed the training “{course}”.",
            ),
            "thanks": KindWords(
                "Certificate of appreciation",
                "Presented to",
                "with our thanks for teaching the training “{course}”.",
            ),
        },
        name="Full name",
        organisation="Institution",
        kind="Kind of document",
        wording="Wording",
        course="Course",
        issuer="Issuer",
        funding="Funding",
        signatory="Signatory",
        signatories="Signatories",
        dates="Date",
        duration="Duration",
        place="Place",
        trainer="Trainer",
        trainers="Trainers",
        number="Certificate number",
        issued_on="Issued on",
        code="Verification code",
        verify="Verify at",
        sample="Sample data",
    ),
}


@dataclass(frozen=True, slots=True)
class SheetWords:
    title: str
    group: str
    place: str
    trainer: str
    trainers: str
    name: str
    organisation: str
    job: str
    sitting: str
    before: str
    enrolled: str
    women: str
    men: str
    not_stated: str
    present: str
    trainer_signs: str
    officer_signs: str
    privacy: str
    page: str
    sample: str


SHEET: dict[Language, SheetWords] = {
    "tr": SheetWords(
        title="İmza çizelgesi",
        group="Grup",
        place="Yer",
        trainer="Eğitmen",
        trainers="Eğitmenler",
        name="Adı soyadı",
        organisation="Kurum",
        job="Unvan",
        sitting="{number}. oturum",
        before="kayıttan önce",
        enrolled="Kayıtlı",
        women="Kadın",
        men="Erkek",
        not_stated="Belirtilmemiş",
        present="Katılan",
        trainer_signs="Eğitmenin adı ve imzası",
        officer_signs="Eğitim sorumlusunun adı ve imzası",
        privacy="Bu çizelgedeki kişisel veriler, 6698 sayılı Kişisel Verilerin Korunması Kanunu uyarınca"
        " yalnızca eğitime katılımı belgelemek amacıyla işlenir.",
        page="Sayfa {page}/{pages}",
        sample="Örnek veridir",
    ),
    "en": SheetWords(
        title="Signature sheet",
        group="Group",
        place="Place",
        trainer="Trainer",
        trainers="Trainers",
        name="Name",
        organisation="Institution",
        job="Job title",
        sitting="Sitting {number}",
        before="before enrolment",
        enrolled="Enrolled",
        women="Women",
        men="Men",
        not_stated="Not stated",
        present="Present",
        trainer_signs="Trainer’s name and signature",
        officer_signs="Training officer’s name and signature",
        privacy="Personal data on this sheet are processed under Law No. 6698 on the Protection of Personal "
        "Data, solely to document attendance.",
        page="Page {page}/{pages}",
        sample="Sample data",
    ),
}

#: The same sheet goes round at a meeting, where nobody teaches.
MEETING_SHEET: dict[Language, SheetWords] = {
    "tr": replace(
        SHEET["tr"],
        group="Toplantı",
        sitting="İmza",
        enrolled="Üye",
        trainer_signs="Başkanın adı ve imzası",
        officer_signs="Sekreterin adı ve imzası",
        privacy="Bu çizelgedeki kişisel veriler, 6698 sayılı Kişisel Verilerin Korunması Kanunu uyarınca"
        " yalnızca toplantıya katılımı belgelemek amacıyla işlenir.",
    ),
    "en": replace(
        SHEET["en"],
        group="Meeting",
        job="Position",
        sitting="Signature",
        enrolled="Members",
        trainer_signs="Name and signature of the chair",
        officer_signs="Name and signature of the secretary",
    ),
}

#: Of months and days, by number: read here, for nothing is read while a page is drawn.
_MONTHS = {language: Locale(language).months["format"]["wide"] for language in SHEET}
_DAYS = {language: Locale(language).days["format"]["wide"] for language in SHEET}


def long_date(day: date, language: Language, *, weekday: bool = False) -> str:
    """`24 Kasım 2026`, with the weekday `24 Kasım 2026 Salı` (English: `Tuesday 24 November 2026`)."""
    text = f"{day.day} {_MONTHS[language][day.month]} {day.year}"
    if not weekday:
        return text
    name = _DAYS[language][day.weekday()]
    return f"{text} {name}" if language == "tr" else f"{name} {text}"


def date_range(first: date, last: date, language: Language) -> str:
    """`24 Kasım 2026`, `24–26 Kasım 2026`, `30 Kasım – 2 Aralık 2026`; both years where they differ."""
    if last < first:
        raise ValueError("The last date lies before the first")
    if first == last:
        return long_date(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_date(last, language)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[language][first.month]} – {long_date(last, language)}"
    return f"{long_date(first, language)} – {long_date(last, language)}"


def hours_text(hours: Decimal, language: Language) -> str:
    """`12 saat`, `4,5 saat`; `12 hours`, `4.5 hours`, `1 hour`."""
    return format_unit(hours.normalize(), "duration-hour", locale=language)


def capitals(text: str, language: Language) -> str:
    """A Turkish line in capitals (i → İ, ı → I); an English one as typed, for it may hold Turkish names."""
    return upper(text) if language == "tr" else text
