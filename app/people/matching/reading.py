"""The cells of one row as what they mean, and all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from app.access.rules import plain_email
from app.core.identity import HIDDEN
from app.files.cells import Cell, as_text
from app.language.turkish import normalise
from app.people import rules
from app.people.matching.names import divided, spelled
from app.people.matching.places import Index, plain, without_acting
from app.people.models import EmploymentType, Sex

SAYS_NOTHING = frozenset(
    ("", "-", "–", "—", "?", "yok", "belirtilmemis", "belirtilmedi", "bilinmiyor", "n/a", "not stated")
)
EMPLOYMENT = {
    EmploymentType.CIVIL_SERVANT: (
        "memur", "657", "657 memur", "memur 657", "devlet memuru", "kadrolu memur", "kadrolu", "civil servant",
    ),
    EmploymentType.CONTRACT: (
        "sozlesmeli", "sozlesmeli personel", "sozlesmeli memur", "5393 sozlesmeli", "tam zamanli sozlesmeli", "4 b",
        "4b", "contract", "contract staff", "contracted",
    ),
    EmploymentType.WORKER: (
        "isci", "surekli isci", "kadrolu isci", "daimi isci", "gecici isci", "4 d", "4d", "worker", "permanent worker",
    ),
    EmploymentType.COMPANY: (
        "belediye sirketi personeli", "belediye sirketi", "sirket", "sirket personeli", "sirket iscisi",
        "belediye sirket personeli", "696 khk", "taseron", "company", "municipal company",
        "municipal company employee",
    ),
}  # fmt: skip
EMPLOYED = {word: kind for kind, words in EMPLOYMENT.items() for word in words}
SEXES = {
    **dict.fromkeys(("kadin", "k", "bayan", "woman", "female", "f", "kiz"), Sex.WOMAN),
    **dict.fromkeys(("erkek", "e", "bay", "man", "male", "m"), Sex.MAN),
}
ACTIVE = {
    **dict.fromkeys(("evet", "e", "aktif", "calisiyor", "gorevde", "yes", "active", "true"), True),
    **dict.fromkeys(("hayir", "h", "pasif", "ayrildi", "ayrilmis", "emekli", "no", "inactive", "false", "left"), False),
}
LONGEST = 300
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"[0-9+()/ .-]{7,32}")
_DAY = re.compile(r"\d{2}\.\d{2}\.\d{4}( \d{2}:\d{2})?")
# A key wins over a title that begins alike.
FIELDS = ("given_name", "family_name", "registry_no", "unit_id", "title_id", "employment_type", "sex", "email", "phone")


class Line(NamedTuple):
    """A row of the file by the fields its columns were taken for; texts, none of them empty."""

    position: int
    sheet: str
    number: int
    section: str
    cells: Mapping[str, str]


@dataclass(slots=True)
class Meant:
    """What a row says: columns of an employee (a blank says nothing), and what has no column of its own."""

    line: Line
    values: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    supervisor: str = ""
    active: bool | None = None
    acting: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.values.get('given_name', '')} {self.values.get('family_name', '')}".strip()

    def wrong(self, code: str, **facts: Any) -> None:
        self.errors.append({"code": code} | facts)


def text_of(cell: Cell) -> str:
    """A cell as it is kept."""
    text = cell if isinstance(cell, str) else as_text(cell)
    # most are plain letters and digits, and stay as they are
    if not text.isascii() or "  " in text:
        text = normalise(text)
    return text if len(text) <= LONGEST else text[:LONGEST]


def meant(line: Line, units: Index, titles: Index) -> Meant:
    """All a row says, whoever it is about."""
    found, cells = Meant(line), line.cells
    _number(found, cells.get("registry_no", ""))
    _name(found, cells)
    _place(found, "unit", cells.get("unit", "") or line.section, units)
    _title(found, cells.get("title", ""), titles)
    _employment(found, cells.get("employment_type", ""))
    _contact(found, cells)
    said = _said(cells.get("sex", ""))
    if said in SEXES:
        found.values["sex"] = SEXES[said]
    elif said not in SAYS_NOTHING:
        found.notes.append({"code": "sex", "value": cells["sex"][:40]})
    found.active = ACTIVE.get(_said(cells.get("active", "")))
    found.supervisor = rules.fold(cells.get("supervisor", ""))
    return found


@lru_cache(maxsize=1024)
def _said(text: str) -> str:
    """A word of few, folded."""
    return plain(text)


def key_of(text: str) -> str:
    """What a registry number is compared by, or "" where it is none."""
    return _numbered(text)[1]


def _numbered(text: str) -> tuple[str, str, dict[str, Any] | None]:
    """A registry number as it is stored and as it is compared, and what is wrong with it; nothing where it is none."""
    plain = rules.is_plain(text)
    number = text if plain else rules.typed(text)
    if HIDDEN in number:
        return "", "", {"code": "identity"}
    if "." in number and _DAY.fullmatch(number):
        return "", "", {"code": "day", "value": number}
    if len(number) > 32:
        return "", "", {"code": "long", "field": "registry_no"}
    if number in SAYS_NOTHING:
        return "", "", None
    return number, number if plain else rules.fold(number), None


def _number(found: Meant, text: str) -> None:
    number, found.key, wrong = _numbered(text)
    if wrong is not None:
        found.errors.append(wrong)
    elif number:
        found.values["registry_no"] = number


def _name(found: Meant, cells: Mapping[str, str]) -> None:
    given, family = spelled(cells.get("given_name", "")), spelled(cells.get("family_name", ""))
    if "name" in cells and not (given and family):
        given, family = divided(cells["name"])
    for column, text in (("given_name", given), ("family_name", family)):
        if len(text) > 100:
            found.wrong("long", field=column)
        elif text:
            found.values[column] = text


def _place(found: Meant, field: str, text: str, index: Index) -> None:
    if text in SAYS_NOTHING:
        return
    key = index.find(text)
    if key is None:
        found.wrong(f"unknown_{field}", value=text[:120])
    else:
        found.values[f"{field}_id"] = key


def _title(found: Meant, text: str, titles: Index) -> None:
    """An acting post is one too where it is the only one a row tells of."""
    if titles.find(text) is None:
        plainly, acting = without_acting(text)
        if acting:
            found.acting, text = text, plainly if titles.find(plainly) is not None else text
    _place(found, "title", text, titles)


def _employment(found: Meant, text: str) -> None:
    folded = _said(text)
    if folded in SAYS_NOTHING:
        return
    if folded in EMPLOYED:
        found.values["employment_type"] = EMPLOYED[folded]
    else:
        found.wrong("unknown_employment", value=text[:80])


def _contact(found: Meant, cells: Mapping[str, str]) -> None:
    email, phone = cells.get("email", ""), cells.get("phone", "")
    if email and email not in SAYS_NOTHING:
        address = plain_email(email)
        if address and _ADDRESS.fullmatch(address):
            found.values["email"] = address
        else:
            found.wrong("email", value=email[:120])
    if phone and phone not in SAYS_NOTHING:
        if _PHONE.fullmatch(phone):
            found.values["phone"] = phone
        else:
            found.wrong("phone", value=phone[:60])
