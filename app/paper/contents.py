"""What a certificate says: one list, from which the paper is drawn and its verification page is written.

Whoever prints something new on certificates adds it here, and the page that proves them shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.paper.wording import CERTIFICATE, Kind, KindWords, Language, date_range, filled_in, hours_text, long_date


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """Everything one certificate prints, as frozen when it is issued.

    `printed_name` and `signatories` have their family names in capitals already; `hours` are hours of 60 minutes;
    `signatories` are pairs of name and title; an empty logo slot is None and leaves no mark. What was blanked
    because its holder was erased is empty: that can be shown, but not drawn. `opening` and `sentence` are the
    programme's own words; empty, those of the kind are printed.
    """

    kind: Kind
    language: Language
    heading: tuple[str, ...]
    printed_name: str
    organisation: str
    course: str
    hours: Decimal
    first_date: date
    last_date: date
    place: str
    trainers: tuple[str, ...]
    issued_on: date
    number: str
    code: str
    url: str
    signatories: tuple[tuple[str, str], ...]
    logos: tuple[bytes | None, ...] = ()
    funding: str = ""
    sample: bool = False
    opening: str = ""
    sentence: str = ""


class Part(NamedTuple):
    """One thing a certificate says, under its label: entries of one text each, or of several that belong together."""

    label: str
    entries: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """The only text of a part that has one."""
        return self.entries[0][0] if self.entries else ""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(", ".join(entry) for entry in self.entries)


def said_of_kind(paper: CertificatePaper) -> KindWords:
    """Title, opening and sentence as they are printed, placeholders filled."""
    usual = CERTIFICATE[paper.language].kinds[paper.kind]
    texts = {
        "name": paper.printed_name,
        "institution": paper.organisation,
        "course": paper.course,
        "hours": hours_text(paper.hours, paper.language),
        "dates": date_range(paper.first_date, paper.last_date, paper.language),
    }
    sentence = filled_in(paper.sentence or usual.sentence, texts)
    return KindWords(usual.title, paper.opening or usual.opening, sentence)


def contents(paper: CertificatePaper) -> dict[str, Part]:
    """All that a certificate says, in the order a reader wants it; parts without a text are there, and empty."""
    words, kind = CERTIFICATE[paper.language], said_of_kind(paper)
    own = [kind.opening if paper.opening else "", kind.sentence if paper.sentence else ""]
    found: dict[str, tuple[str, Sequence[str | tuple[str, ...]]]] = {
        "number": (words.number, [paper.number]),
        "name": (words.name, [paper.printed_name]),
        "organisation": (words.organisation, [paper.organisation]),
        "kind": (words.kind, [kind.title]),
        "wording": (words.wording, own),
        "course": (words.course, [paper.course]),
        "duration": (words.duration, [hours_text(paper.hours, paper.language)]),
        "dates": (words.dates, [date_range(paper.first_date, paper.last_date, paper.language)]),
        "place": (words.place, [paper.place]),
        "trainers": (words.trainer if len(paper.trainers) == 1 else words.trainers, paper.trainers),
        "signatories": (words.signatory if len(paper.signatories) == 1 else words.signatories, paper.signatories),
        "issuer": (words.issuer, paper.heading),
        "funding": (words.funding, [paper.funding]),
        "issued_on": (words.issued_on, [long_date(paper.issued_on, paper.language)]),
        "code": (words.code, [paper.code]),
        "url": (words.verify, [paper.url]),
        "sample": ("", [words.sample if paper.sample else ""]),
    }
    return {key: Part(label, _entries(texts)) for key, (label, texts) in found.items()}


def _entries(texts: Sequence[str | tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    given = [(text,) if isinstance(text, str) else text for text in texts]
    return tuple(tuple(part.strip() for part in entry) for entry in given if any(part.strip() for part in entry))
