"""Own words are kept only where a certificate can be drawn with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.audit.journal import Actor
from app.core.errors import Refused
from app.language import lazy_gettext
from app.paper.certificate import draw_certificates
from app.paper.contents import CertificatePaper
from app.paper.typeface import unprintable
from app.paper.wording import Kind, Language, strangers
from app.settings import queries as settings
from app.settings.logos import queries as logos
from app.settings.services import change_settings

#: What a sample certificate tells of: somebody, their institution, course, place, trainer and signatory.
SAMPLE: dict[Language, tuple[str, str, str, str, str, tuple[str, str]]] = {
    "tr": (
        "Ayşe YILMAZ",
        "Örnek Büyükşehir Belediyesi",
        "Göç ve Uyum Alanında Yerel Hizmetlerin Planlanması",
        "Örnek Eğitim Merkezi",
        "Mehmet Demir",
        ("Zeynep KAYA", "Program Koordinatörü"),
    ),
    "en": (
        "Ayşe YILMAZ",
        "Sample Metropolitan Municipality",
        "Planning Local Services in Migration and Cohesion",
        "Sample Training Centre",
        "Mehmet Demir",
        ("Zeynep KAYA", "Programme Coordinator"),
    ),
}


def check(typed: Mapping[str, str]) -> None:
    """Refused where a sentence leaves out the course, or has what cannot be filled in or printed."""
    for part, text in typed.items():
        if not text:
            continue
        found = strangers(text) if part.startswith("sentence") else tuple(sorted(set(text) & set("{}")))
        if found:
            raise Refused(lazy_gettext("This cannot be filled in: %(what)s", what=" ".join(found)), field=part)
        if part.startswith("sentence") and "{course}" not in text:
            raise Refused(lazy_gettext("The sentence has to name the course: {course}"), field=part)
        if letters := unprintable(text):
            named = " ".join(letters)
            raise Refused(lazy_gettext("These letters cannot be printed: %(letters)s", letters=named), field=part)


def change_wording(kind: Kind, words: Mapping[str, str], *, by: Actor) -> None:
    """For certificates issued from now on."""
    check(words)
    change_settings({f"{kind}_{part}": text for part, text in words.items()}, by=by)


def sample(kind: Kind, words: Mapping[str, str]) -> bytes:
    """A page in each language as certificates would look with these words."""
    check(words)
    pictures = tuple(logos.picture(logo.slot).content for logo in settings.logos())
    return draw_certificates([_sample(kind, language, words, pictures) for language in SAMPLE])


def _sample(kind: Kind, language: Language, words: Mapping[str, str], pictures: tuple[bytes, ...]) -> CertificatePaper:
    name, organisation, course, place, trainer, signatory = SAMPLE[language]
    values = settings.values()
    return CertificatePaper(
        kind=kind,
        language=language,
        heading=(values[f"institution_{language}"],),
        printed_name=name,
        organisation=organisation,
        course=course,
        hours=Decimal(12),
        first_date=date(2026, 3, 9),
        last_date=date(2026, 3, 10),
        place=place,
        trainers=() if kind == "thanks" else (trainer,),
        issued_on=date(2026, 3, 13),
        number="2026/ABC/0000",  # a sample's: no province is called so
        code="0000-0000-0000-0000",
        url="https://example.org/d/0000",
        signatories=(signatory,),
        logos=pictures,
        funding=values[f"funding_{language}"],
        sample=True,
        opening=words[f"opening_{language}"],
        sentence=words[f"sentence_{language}"],
    )
