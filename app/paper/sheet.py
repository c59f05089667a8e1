"""The sheet people sign: one set of pages per day, one signature column per sitting.

Twenty rows of 9 mm take 181 of the paper's 210 mm, so everything that is not a row stands beside them: a
panel on the left says which course, day and place this is and, on the last page of a day, holds totals and
the boxes the trainer and the officer sign. The signature columns are on the right, where hands reach them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from app.paper.pages import A4_LANDSCAPE, MM, Colour, Pages, colour, fitted_size, listed, wrapped
from app.paper.typeface import SANS, SANS_BOLD, SERIF_BOLD, Typeface
from app.paper.wording import SHEET, Language, SheetWords, long_date

WIDTH, HEIGHT = A4_LANDSCAPE
INK = colour("#1d2726")
GREY = colour("#55605e")
TEAL = colour("#0f5b57")
RULE = colour("#8d9896")
TINT = colour("#eef3f1")

ROWS_ON_A_PAGE = 20
#: Rows left empty at the end of each day's list, for people added on the spot.
BLANK_ROWS = 3
#: A hair above the 9 mm a signature needs, so that rounding to a printer's dots takes nothing from it.
ROW = 9.05 * MM
TABLE_TOP = HEIGHT - 8 * MM
HEAD = 9.0 * MM
LEFT, RIGHT = 9 * MM, WIDTH - 9 * MM
PANEL = 50 * MM
TABLE_LEFT = LEFT + PANEL + 4 * MM
FOOT_Y = 7.6 * MM


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A participant: nothing else about a person belongs on a sheet that goes round a room."""

    name: str
    organisation: str
    title: str


@dataclass(frozen=True, slots=True)
class SheetSitting:
    """Start and end as shown on the wall clock of the place."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SheetDay:
    day: date
    sittings: tuple[SheetSitting, ...]


@dataclass(frozen=True, slots=True)
class SignatureSheet:
    """The sheets of one course session: `rows` as they are printed, `women` and `men` counted among them."""

    language: Language
    institution: str
    course: str
    group_code: str
    place: str
    trainers: tuple[str, ...]
    days: tuple[SheetDay, ...]
    rows: tuple[SheetRow, ...]
    women: int
    men: int
    sample: bool = False

    def __post_init__(self) -> None:
        if not self.days or not all(day.sittings for day in self.days):
            raise ValueError("A signature sheet needs days with sittings")
        if min(self.women, self.men) < 0 or self.women + self.men > len(self.rows):
            raise ValueError("More women and men are counted than people listed")


class _Column(NamedTuple):
    left: float
    width: float


def pages_of_a_day(people: int) -> int:
    """Pages one day takes: the people and the blank rows after them, twenty rows a page."""
    return -(-(people + BLANK_ROWS) // ROWS_ON_A_PAGE)


def draw_signature_sheet(sheet: SignatureSheet) -> bytes:
    """The sheets of all days as one PDF, A4 landscape, pages numbered within each day.

    The same sheet gives the same bytes. A letter our typefaces lack is shown by its base letter or an empty
    box: a sheet is needed in the room, and the person signs beside it.
    """
    words = SHEET[sheet.language]
    pages = Pages(
        title=f"{words.title}: {sheet.group_code} {sheet.course}",
        author=sheet.institution or "Yetkin",
        language=sheet.language,
        dated=sheet.days[0].day,
        content=sheet,
    )
    total = pages_of_a_day(len(sheet.rows))
    for day in sheet.days:
        for page in range(total):
            _draw_panel(pages, sheet, day, words, last=page == total - 1)
            _draw_table(pages, sheet, day, words, first_row=page * ROWS_ON_A_PAGE)
            _draw_foot(pages, words, page + 1, total)
            pages.next_page()
    return pages.finish()


# -- the table -----------------------------------------------------------------------------------------


def _columns(sittings: int) -> tuple[list[_Column], list[_Column]]:
    """Columns for number, name, institution and title, then one per sitting.

    A signature column is as wide as a signature likes, up to 40 mm; all take 60 % of the table at most.
    """
    table = RIGHT - TABLE_LEFT
    signature = min(40 * MM, 0.43 * table / sittings if sittings <= 4 else 0.6 * table / sittings)
    number = 7 * MM
    rest = table - number - signature * sittings
    lefts, at = [], TABLE_LEFT
    for width in (number, rest * 0.39, rest * 0.35, rest * 0.26, *(signature for _ in range(sittings))):
        lefts.append(_Column(at, width))
        at += width
    return lefts[:4], lefts[4:]


def _draw_table(pages: Pages, sheet: SignatureSheet, day: SheetDay, words: SheetWords, *, first_row: int) -> None:
    facts, signatures = _columns(len(day.sittings))
    count = min(ROWS_ON_A_PAGE, len(sheet.rows) + BLANK_ROWS - first_row)
    bottom = TABLE_TOP - HEAD - count * ROW
    pages.area(TABLE_LEFT, TABLE_TOP - HEAD, RIGHT - TABLE_LEFT, HEAD, ink=TINT)
    base = TABLE_TOP - HEAD / 2 - 3
    for column, label in zip(facts, ("", words.name, words.organisation, words.job), strict=True):
        pages.write(column.left + 4, base, label, SANS_BOLD, 8.5, ink=INK)
    for i, (column, sitting) in enumerate(zip(signatures, day.sittings, strict=True)):
        middle, room = column.left + column.width / 2, column.width - 4
        label = words.sitting.format(number=i + 1)
        span = f"{sitting.start:%H:%M}–{sitting.end:%H:%M}"
        size = fitted_size(label, SANS, 7.5, 4, room)
        pages.write(middle, TABLE_TOP - HEAD / 2 + 2.5, label, SANS, size, ink=GREY, align="centre")
        size = fitted_size(span, SANS_BOLD, 9, 4, room)
        pages.write(middle, TABLE_TOP - HEAD / 2 - 8, span, SANS_BOLD, size, ink=INK, align="centre")
    for i in range(count):
        top = TABLE_TOP - HEAD - i * ROW
        pages.stroke(TABLE_LEFT, top, RIGHT, top, ink=RULE, width=0.5)
        number = first_row + i
        right = facts[0].left + facts[0].width - 4
        pages.write(right, top - ROW / 2 - 3, str(number + 1), SANS, 8.5, ink=GREY, align="right")
        if number < len(sheet.rows):
            row = sheet.rows[number]
            _draw_cell(pages, facts[1], top, row.name, SANS_BOLD, 10)
            _draw_cell(pages, facts[2], top, row.organisation, SANS, 8.5)
            _draw_cell(pages, facts[3], top, row.title, SANS, 8.5)
    for column in (*facts, *signatures):
        pages.stroke(column.left, TABLE_TOP, column.left, bottom, ink=RULE, width=0.5)
    pages.frame(TABLE_LEFT, bottom, RIGHT - TABLE_LEFT, TABLE_TOP - bottom, ink=INK, width=0.8)


def _draw_cell(pages: Pages, column: _Column, top: float, text: str, face: Typeface, size: float) -> None:
    """One line; a text too long for it on two lines, as large as they can be."""
    room = column.width - 7
    lines: Sequence[str] = (text,)
    if face.width(text, size) > room:
        size *= 0.85
        while len(lines := wrapped(text, face, size, room)) > 2 and size > 4:
            size -= 0.5
    leading = size * 1.12
    y = top - ROW / 2 - size * 0.33 + leading * (len(lines) - 1) / 2
    for line in lines:
        pages.write(column.left + 4, y, line, face, size, ink=INK)
        y -= leading


# -- the panel -----------------------------------------------------------------------------------------


def _draw_panel(pages: Pages, sheet: SignatureSheet, day: SheetDay, words: SheetWords, *, last: bool) -> None:
    y = TABLE_TOP - 9
    if sheet.sample:
        pages.write(LEFT, y, words.sample, SANS_BOLD, 8.5, ink=colour("#7d6417"))
        y -= 15
    y = _paragraph(pages, y, sheet.institution, SANS, 8.5, GREY, 3)
    y = _paragraph(pages, y - 11, words.title, SERIF_BOLD, 18, TEAL, 2)
    y = _paragraph(pages, y - 5, sheet.course, SANS_BOLD, 11, INK, 6)
    trainers = words.trainer if len(sheet.trainers) == 1 else words.trainers
    facts = (
        (None, long_date(day.day, sheet.language, weekday=True)),
        (words.group, sheet.group_code),
        (words.place, sheet.place),
        (trainers, listed(sheet.trainers)),
    )
    y -= 5
    for label, value in facts:
        if value:
            text, face = (f"{label}: {value}", SANS) if label else (value, SANS_BOLD)
            y = _paragraph(pages, y, text, face, 9.5, INK, 5) - 3
    if last:
        _draw_closing(pages, sheet, words)


def _paragraph(pages: Pages, y: float, text: str, face: Typeface, size: float, ink: Colour, most: int) -> float:
    """The text in the panel's width from baseline `y` down, at most so many lines; the next baseline."""
    while len(lines := wrapped(text, face, size, PANEL)) > most and size > 5:
        size -= 0.5
    for line in lines[:most]:
        pages.write(LEFT, y, line, face, size, ink=ink)
        y -= size * 1.22
    return y


def _draw_closing(pages: Pages, sheet: SignatureSheet, words: SheetWords) -> None:
    """Totals on record, the same to be counted in the room, and the two signature boxes above the foot."""
    box, gap = 25 * MM, 3 * MM
    bottom = TABLE_TOP - HEAD - ROWS_ON_A_PAGE * ROW
    for i, label in enumerate((words.officer_signs, words.trainer_signs)):
        y = bottom + i * (box + gap)
        pages.frame(LEFT, y, PANEL, box, ink=INK, width=0.8)
        size = fitted_size(label, SANS, 7.5, 5, PANEL - 8)
        pages.write(LEFT + 4, y + box - 9.5, label, SANS, size, ink=GREY)
    top = bottom + 2 * (box + gap) + 60
    other = len(sheet.rows) - sheet.women - sheet.men
    kept = [(words.women, sheet.women), (words.men, sheet.men)]
    if other:
        kept.append((words.not_stated, other))
    text = f"{words.enrolled}: {len(sheet.rows)}"
    pages.write(LEFT, top, text, SANS_BOLD, 9.5, ink=INK)
    text = " · ".join(f"{label}: {number}" for label, number in kept)
    pages.write(LEFT, top - 12, text, SANS, fitted_size(text, SANS, 9, 5, PANEL), ink=INK)
    pages.write(LEFT, top - 33, f"{words.present}:", SANS_BOLD, 9.5, ink=INK)
    for i, label in enumerate((words.women, words.men)):
        x = LEFT + i * PANEL / 2
        pages.write(x, top - 47, f"{label}:", SANS, 9, ink=INK)
        after = x + SANS.width(f"{label}:", 9) + 4
        pages.stroke(after, top - 48.5, x + PANEL / 2 - 6, top - 48.5, ink=RULE, width=0.6)


def _draw_foot(pages: Pages, words: SheetWords, page: int, total: int) -> None:
    pages.write(LEFT, FOOT_Y, words.page.format(page=page, pages=total), SANS_BOLD, 8.5, ink=INK)
    pages.write(RIGHT, FOOT_Y, words.privacy, SANS, 7.4, ink=GREY, align="right")
