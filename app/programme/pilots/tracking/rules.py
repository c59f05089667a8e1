"""What is typed of a month, and what is asked about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.core.errors import Text
from app.language import format_number, gettext, lazy_gettext, lazy_pgettext
from app.language.turkish import search_words
from app.programme.pilots.models import FIGURES, MEN, WOMEN, spell

MOST = 99_999
"""Nobody has more users in a month."""
LEAST_ASKED, TIMES = 10, 3
"""From ten on a figure is asked about that is over three times last month's, or the mean of the twelve before."""
_SPANS = {"0": "0–12", "13": "13–17", "18": "18–29", "30": "30–59", "60": "60+"}
SOURCE = 200
LABELS: Mapping[str, Text] = {
    **{name: lazy_gettext("Women %(ages)s", ages=_SPANS[name.partition("_")[2]]) for name in WOMEN},
    **{name: lazy_gettext("Men %(ages)s", ages=_SPANS[name.partition("_")[2]]) for name in MEN},
    "newcomers": lazy_gettext("Newcomers"),
    "settled": lazy_gettext("Long-settled"),
    "visits": lazy_pgettext("counted", "Visits"),
}
AGES = tuple(_SPANS.values())
_MONTHS = {
    word: number
    for names in (
        "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
        "january february march april may june july august september october november december",
    )
    for number, word in enumerate(names.split(), 1)
}
_WORDED = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-[0-9]+)?|(?:[0-9]{1,2}[./])?([0-9]{1,2})[./]([0-9]{4})")


def read_month(cell: object) -> date | None:
    """The month a cell means: a date, 2026-03, 03.2026, 01.03.2026, Mart 2026; None where it means none."""
    if isinstance(cell, date):
        return date(cell.year, cell.month, 1)
    text = str(cell or "").strip()
    if found := _WORDED.fullmatch(text):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    else:
        words = search_words(text[:40])
        named = [_MONTHS[word] for word in words if word in _MONTHS]
        years = [word for word in words if re.fullmatch("20[0-9]{2}", word)]
        if len(words) != 2 or not named or not years:
            return None
        year, month = years[0], str(named[0])
    return date(int(year), int(month), 1) if 1 <= int(month) <= 12 and 2000 <= int(year) <= 2100 else None


def read_figure(text: str) -> int:
    """A count as it was typed; nothing is nobody. ValueError with a sentence for what is none."""
    text = text.strip()
    if not text:
        return 0
    if re.fullmatch(r"-[0-9]+", text):
        raise ValueError(gettext("a count is not below zero: %(text)s", text=text[:20]))
    grouped = re.fullmatch(r"[0-9]{1,3}([. ][0-9]{3})+", text)
    digits = re.sub("[. ]", "", text) if grouped else text
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(gettext("“%(text)s” is no whole number", text=text[:20]))
    if len(digits) > 9 or int(digits) > MOST:
        raise ValueError(gettext("%(text)s is more than a month can have", text=text[:20]))
    return int(digits)


@dataclass(frozen=True)
class Problem:
    """Why a month was not saved: its sentence, and at which figure ("" for the whole). `asks`: a yes is enough."""

    text: str
    figure: str = ""
    asks: bool = False
    stale: bool = False


@dataclass
class Typed:
    """A month as it was typed, beside what the page had shown (`was`, see `spell`). `sure`: unusual or not."""

    month: date
    texts: Mapping[str, str]
    source: str
    was: str
    sure: bool = False
    values: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        for name in FIGURES:
            try:
                self.values[name] = read_figure(self.texts.get(name, ""))
            except ValueError as no:
                self.problems.append(Problem(f"{LABELS[name]}: {no}", name))
        new = sum(self.values.get(name, 0) for name in (*WOMEN, *MEN))
        parts = sum(self.values.get(name, 0) for name in ("newcomers", "settled"))
        if not self.problems and parts > new:
            told = gettext(
                "Newcomers and long-settled together are %(parts)s, new users only %(new)s.", parts=parts, new=new
            )
            self.problems.append(Problem(told, "newcomers"))

    @property
    def blank(self) -> bool:
        return not any(text.strip() for text in self.texts.values())

    @property
    def spelled(self) -> str:
        return "" if self.blank else spell(self.values, self.source)

    @property
    def touched(self) -> bool:
        """A source without a count is said of nothing yet: it is asked about, not dropped."""
        return bool(self.problems or (self.blank and self.source)) or self.spelled != self.was


def unusual(name: str, value: int, last: int | None, earlier: list[int]) -> Problem | None:
    """`earlier`: the same figure of those of the twelve months before that were entered."""
    said = {"figure": LABELS[name], "value": format_number(value)}
    if value < LEAST_ASKED:
        return None
    if last is not None and value > TIMES * last:
        asked = gettext(
            "%(figure)s: %(value)s is over three times last month's %(last)s.", last=format_number(last), **said
        )
    elif earlier and value > TIMES * (mean := Fraction(sum(earlier), len(earlier))):
        asked = gettext(
            "%(figure)s: %(value)s is over three times the mean of the twelve months before, %(mean)s.",
            mean=format_number(mean, 1),
            **said,
        )
    else:
        return None
    return Problem(asked, name, asks=True)
