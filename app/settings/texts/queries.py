from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from app.core.clock import ISTANBUL
from app.core.errors import Missing
from app.language import force_locale, format_date
from app.post import letters, occasions
from app.post.links import LINK
from app.post.models import LetterText
from app.post.occasions import Letter

DAY = date(2026, 3, 16)
UNTIL = datetime.combine(DAY, time(17), ISTANBUL)


@dataclass(frozen=True)
class Words:
    """What may be reworded of a letter."""

    subject: str
    opening: str
    closing: str = ""


def all_letters() -> list[Letter]:
    return list(occasions.LETTERS.here.values())


def letter(key: str) -> Letter:
    if key not in occasions.LETTERS.here:
        raise Missing
    return occasions.LETTERS.here[key]


def original(of: Letter, language: str) -> Words:
    """As it was written, with what is put in each time in braces."""
    about = _sample({name: f"{{{name}}}" for name in of.placeholders})
    with force_locale(language):
        subject, body = letters.original(of.template, **about)
        day = format_date(DAY)
    opening = body.split("\n\n")[1].strip()
    return Words(subject.replace(day, "{date}"), opening.replace(LINK, "{link}"))


def words(of: Letter, language: str, row: LetterText | None) -> Words:
    """As it stands now."""
    first = original(of, language)
    return first if row is None else Words(row.subject or first.subject, row.opening or first.opening, row.closing)


def preview(of: Letter, language: str, said: Words) -> tuple[str, str]:
    """(subject, body) as somebody would get it, in these words."""
    about = _sample({})
    with force_locale(language):
        subject, body = letters.original(of.template, **about)
        return letters.reworded(subject, body, said, letters.values(about))


def _sample(given: Mapping[str, str]) -> dict[str, Any]:
    """What letters are about, all of them together."""
    name = given.get("name", "Elif Ağaoğlu")
    day = {"date": DAY, "times": ("09:00–10:30", "10:45–12:15"), "place": "Salon 1", "trainers": "Ümit Güneş"}
    return {
        "name": name,
        "course": given.get("course", "Vaka yönetimi"),
        "code": given.get("code", "BK-02/3"),
        "institution": given.get("institution", "Eğitim Programı Koordinasyon Birimi"),
        "starts_on": DAY,
        "until": UNTIL,
        "days": [day],
        "dateless": 0,
        "reason": "",
        "former": "BK-02/1",
        "asks": True,
        "answers": True,
        "waits": True,
        "signs_in": True,
        "closes": None,
        "calendar": "REQUEST",
        "calendar_url": "",
        "url": "https://yetkin.example",
        "left": 30,
        "round": SimpleNamespace(name_tr="İhtiyaç analizi", name_en="Needs analysis", ends_on=DAY),
        "begun": True,
        "missing": 12,
        "certificate": {"printed_name": name, "number": "YTK-2026-ERZ-00001"},
        "verification_url": "https://yetkin.example/d/",
        "download_url": "https://yetkin.example",
        "group": given.get("group", "Uyum ve sosyal hizmetler grubu"),
        "meeting": SimpleNamespace(date=DAY, starts=time(10), ends=time(12), agenda="", cancel_reason=""),
        "was": None,
        "place": "Valilik",
    }
