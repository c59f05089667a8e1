"""The sheet people sign: one set of pages per day, one signature column per sitting.

Twenty rows of 9 mm take 181 of the paper's 210 mm: a head of three small lines says which course, day and place
this is, and the table has the whole width, most of it for signatures. They are on the right, where hands reach
them. On the last page of a day stand totals and the boxes the trainer and the officer sign: below the last row, where
two more would be, else, if those two are needed, beside a table that is so much narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from app.paper.pages import A4_LANDSCAPE, MM, Align, Pages, colour, fitted_size, listed, wrapped
from app.paper.qr import qr_path
from app.paper.typeface import SANS, SANS_BOLD, SERIF_BOLD, Typeface
from app.paper.wording import MEETING_SHEET, SHEET, Language, SheetWords, long_date

WIDTH, HEIGHT = A4_LANDSCAPE
INK = colour("#1d2726")
GREY = colour("#55605e")
TEAL = colour("#0f5b57")
RULE = colour("#8d9896")
TINT = colour("#eef3f1")

ROWS_ON_A_PAGE = 20
#: Rows the totals and signature boxes below the last one take the place of.
CLOSING_ROWS = 2
#: What they take beside a full table, and how far they stand from it.
BESIDE, GAP = 36 * MM, 2 * MM
#: Rows left empty at the end of each day's list, for people added on the spot.
BLANK_ROWS = 3
#: A hair above the 9 mm a signature needs, so that rounding to a printer's dots takes nothing from it.
ROW = 9.05 * MM
TOP = HEIGHT - 4.8 * MM
TABLE_TOP = HEIGHT - 15.2 * MM
HEAD = 7.8 * MM
LEFT, RIGHT = 9 * MM, WIDTH - 9 * MM
#: What stands left and right of the title in the middle.
SIDE = 98 * MM
FOOT_Y = 3.6 * MM
#: The code in the upper right corner, and what its quiet zone keeps free beside and below it.
CODE, QUIET = 9.2 * MM, 1.2 * MM
LEAST = 7.0


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A participant: nothing else about a person belongs on a sheet that goes round a room."""

    name: str
    organisation: str
    title: str


@dataclass(frozen=True, slots=True)
class SheetSitting:
    """Start and end as shown on the wall clock of the place; its room where the day has several. `before`: which rows
    (from 0) had no seat yet.
    """

    start: time
    end: time
    room: str = ""
    before: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetDay:
    """`place` names venue and room; `url` is where the signed sheet of the day is brought, printed as a code."""

    day: date
    sittings: tuple[SheetSitting, ...]
    place: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class SignatureSheet:
    """The sheets of one course session: `rows` as they are printed, `women` and `men` counted among them.

    `meeting`: it is one of a meeting, and says so. `note`: what else whoever prints it has to know.
    """

    language: Language
    institution: str
    course: str
    group_code: str
    trainers: tuple[str, ...]
    days: tuple[SheetDay, ...]
    rows: tuple[SheetRow, ...]
    women: int
    men: int
    sample: bool = False
    meeting: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.days or not all(day.sittings for day in self.days):
            raise ValueError("A signature sheet needs days with sittings")
        if min(self.women, self.men) < 0 or self.women + self.men > len(self.rows):
            raise ValueError("More women and men are counted than people listed")


class _Column(NamedTuple):
    left: float
    width: float


def rows_of_a_day(people: int) -> list[int]:
    """Rows on each page of a day: full pages, and a last one with the blank rows."""
    left, pages = people + BLANK_ROWS, []
    while left > ROWS_ON_A_PAGE:
        pages.append(min(ROWS_ON_A_PAGE, left - BLANK_ROWS))
        left -= pages[-1]
    return [*pages, left]


def draw_signature_sheet(sheet: SignatureSheet) -> bytes:
    """The sheets of all days as one PDF, A4 landscape, pages numbered within each day.

    The same sheet gives the same bytes. A letter our typefaces lack is shown by its base letter or a line to write
    on by hand: a sheet is needed in the room, and the person signs beside it.
    """
    words = (MEETING_SHEET if sheet.meeting else SHEET)[sheet.language]
    pages = Pages(
        title=f"{words.title}: {sheet.group_code} {sheet.course}",
        author=sheet.institution or "Yetkin",
        language=sheet.language,
        dated=sheet.days[0].day,
        content=sheet,
    )
    counts = rows_of_a_day(len(sheet.rows))
    for day in sheet.days:
        for page, count in enumerate(counts):
            last = page == len(counts) - 1
            right = RIGHT - BESIDE - GAP if last and count > ROWS_ON_A_PAGE - CLOSING_ROWS else RIGHT
            _draw_head(pages, sheet, day, words)
            bottom = _draw_table(pages, sheet, day, words, right, first_row=sum(counts[:page]), count=count)
            if right < RIGHT:
                _draw_closing_beside(pages, sheet, words, bottom)
            elif last:
                _draw_closing(pages, sheet, words, bottom)
            _draw_foot(pages, sheet, words, page + 1, len(counts))
            pages.next_page()
    return pages.finish()


# -- the table -----------------------------------------------------------------------------------------


def _columns(sittings: int, right: float) -> tuple[list[_Column], list[_Column]]:
    """Columns for number, name, institution and title, then one per sitting.

    A signature column is as wide as a signature likes, up to 70 mm; all take 62 % of the table at most.
    """
    table = right - LEFT
    signature = min(70 * MM, 0.5 * table / sittings if sittings <= 4 else 0.62 * table / sittings)
    number = 7 * MM
    rest = table - number - signature * sittings
    lefts, at = [], LEFT
    for width in (number, rest * 0.39, rest * 0.35, rest * 0.26, *(signature for _ in range(sittings))):
        lefts.append(_Column(at, width))
        at += width
    return lefts[:4], lefts[4:]


def _draw_table(
    pages: Pages, sheet: SignatureSheet, day: SheetDay, words: SheetWords, edge: float, *, first_row: int, count: int
) -> float:
    """So many rows, as far as `edge`; gives back where the last one ends."""
    facts, signatures = _columns(len(day.sittings), edge)
    bottom = TABLE_TOP - HEAD - count * ROW
    pages.area(LEFT, TABLE_TOP - HEAD, edge - LEFT, HEAD, ink=TINT)
    base = TABLE_TOP - HEAD / 2 - 3
    for column, label in zip(facts, ("", words.name, words.organisation, words.job), strict=True):
        pages.write(column.left + 4, base, label, SANS_BOLD, 8.5, ink=INK)
    for i, (column, sitting) in enumerate(zip(signatures, day.sittings, strict=True)):
        middle, room = column.left + column.width / 2, column.width - 4
        label = words.sitting.format(number=i + 1) + (f" · {sitting.room}" if sitting.room else "")
        span = f"{sitting.start:%H:%M}–{sitting.end:%H:%M}"
        if sitting.room and SANS.width(label, LEAST) > room:
            label = sitting.room  # which sitting it is the hours say as well
        size = fitted_size(label, SANS, 7.5, 4, room)
        pages.write(middle, TABLE_TOP - HEAD / 2 + 2.5, label, SANS, size, ink=GREY, align="centre")
        size = fitted_size(span, SANS_BOLD, 9, LEAST, room)
        pages.write(middle, TABLE_TOP - HEAD / 2 - 7.5, span, SANS_BOLD, size, ink=INK, align="centre")
    for i in range(count):
        top = TABLE_TOP - HEAD - i * ROW
        pages.stroke(LEFT, top, edge, top, ink=RULE, width=0.5)
        number = first_row + i
        right = facts[0].left + facts[0].width - 4
        pages.write(right, top - ROW / 2 - 3, str(number + 1), SANS, 8.5, ink=GREY, align="right")
        if number < len(sheet.rows):
            row = sheet.rows[number]
            _draw_cell(pages, facts[1], top, row.name, SANS_BOLD, 10)
            _draw_cell(pages, facts[2], top, row.organisation, SANS, 8.5)
            _draw_cell(pages, facts[3], top, row.title, SANS, 8.5)
            for column, sitting in zip(signatures, day.sittings, strict=True):
                if number in sitting.before:
                    size = fitted_size(words.before, SANS, 7.5, 4, column.width - 4)
                    middle = column.left + column.width / 2
                    pages.write(middle, top - ROW / 2 - 3, words.before, SANS, size, ink=GREY, align="centre")
    for column in (*facts, *signatures):
        pages.stroke(column.left, TABLE_TOP, column.left, bottom, ink=RULE, width=0.5)
    pages.frame(LEFT, bottom, edge - LEFT, TABLE_TOP - bottom, ink=INK, width=0.8)
    return bottom


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


# -- head, closing and foot ----------------------------------------------------------------------------


def _draw_head(pages: Pages, sheet: SignatureSheet, day: SheetDay, words: SheetWords) -> None:
    """The title in the middle over the day; what is taught to whom on the left, where and by whom on the right."""
    middle = WIDTH / 2
    pages.write(middle, TOP - 12, words.title, SERIF_BOLD, 15, ink=TEAL, align="centre")
    when = long_date(day.day, sheet.language, weekday=True)
    pages.write(middle, TOP - 25, when, SANS_BOLD, 10, ink=INK, align="centre")
    trainers = words.trainer if len(sheet.trainers) == 1 else words.trainers
    group = " · ".join(part for part in (f"{words.group}: {sheet.group_code}", sheet.institution) if part)
    _draw_side(pages, LEFT, [(sheet.course, SANS_BOLD), (group, SANS), (sheet.note, SANS_BOLD)], "left")
    place = f"{words.place}: {day.place}" if day.place else ""
    by = f"{trainers}: {listed(sheet.trainers)}" if sheet.trainers else ""
    if day.url:
        pages.draw(qr_path(day.url, RIGHT - CODE, TABLE_TOP + QUIET, CODE))
    taken = CODE + 2 * QUIET if day.url else 0
    _draw_side(pages, RIGHT - taken, [(place, SANS), (by, SANS)], "right", SIDE - taken)


def _draw_side(
    pages: Pages, x: float, texts: Sequence[tuple[str, Typeface]], align: Align, width: float = SIDE
) -> None:
    """Texts one below the other, as large as the height of the head allows."""
    size = 9.5

    def lines() -> list[tuple[str, Typeface]]:
        return [(line, face) for text, face in texts if text for line in wrapped(text, face, size, width)]

    while len(lines()) * size * 1.16 > TOP - TABLE_TOP and size > 5:
        size -= 0.25
    y = TOP - size * 0.9
    for line, face in lines():
        pages.write(x, y, line, face, size, ink=INK, align=align)
        y -= size * 1.16


def _draw_closing(pages: Pages, sheet: SignatureSheet, words: SheetWords, table_bottom: float) -> None:
    """Totals on record, the same to be counted in the room, and the two signature boxes, below the last row."""
    box = CLOSING_ROWS * ROW - 2 * GAP
    width = (RIGHT - LEFT) * 0.34
    bottom = table_bottom - GAP - box
    for i, label in enumerate((words.officer_signs, words.trainer_signs)):
        x = RIGHT - width - i * (width + GAP)
        pages.frame(x, bottom, width, box, ink=INK, width=0.8)
        pages.write(x + 4, bottom + box - 9.5, label, SANS, 7.5, ink=GREY)
    room = RIGHT - LEFT - 2 * (width + GAP)
    kept = ", ".join(f"{label}: {number}" for label, number in _counted(sheet, words))
    text = f"{words.enrolled}: {len(sheet.rows)} ({kept})"
    pages.write(LEFT, bottom + box - 12, text, SANS, fitted_size(text, SANS, 9, LEAST, room), ink=INK)
    x, y = LEFT, bottom + 4
    for label in (words.present, words.women, words.men):
        pages.write(x, y, f"{label}:", SANS, 9, ink=INK)
        after = x + SANS.width(f"{label}:", 9) + 3
        pages.stroke(after, y - 1.5, after + 26, y - 1.5, ink=RULE, width=0.6)
        x = after + 33


def _counted(sheet: SignatureSheet, words: SheetWords) -> list[tuple[str, int]]:
    other = len(sheet.rows) - sheet.women - sheet.men
    found = [(words.women, sheet.women), (words.men, sheet.men)]
    return [*found, (words.not_stated, other)] if other else found


def _draw_closing_beside(pages: Pages, sheet: SignatureSheet, words: SheetWords, table_bottom: float) -> None:
    """The same in a strip beside a table that fills the page: what is counted above, the boxes below each other."""
    x, line = RIGHT - BESIDE, 5.6 * MM
    y = TABLE_TOP - HEAD / 2 - 3
    for label, number in ((words.enrolled, len(sheet.rows)), *_counted(sheet, words)):
        text = f"{label}: {number}"
        pages.write(x, y, text, SANS, fitted_size(text, SANS, 9, LEAST, BESIDE), ink=INK)
        y -= line
    y -= line / 2
    for label in (words.present, words.women, words.men):
        pages.write(x, y, f"{label}:", SANS, 9, ink=INK)
        pages.stroke(x + SANS.width(f"{label}:", 9) + 3, y - 1.5, RIGHT, y - 1.5, ink=RULE, width=0.6)
        y -= line * 1.4
    box = (y - table_bottom - GAP) / 2
    for i, label in enumerate((words.officer_signs, words.trainer_signs)):
        bottom = table_bottom + i * (box + GAP)
        pages.frame(x, bottom, BESIDE, box, ink=INK, width=0.8)
        size = 7.5
        for n, one in enumerate(wrapped(label, SANS, size, BESIDE - 8)):
            pages.write(x + 4, bottom + box - 9.5 - n * size * 1.16, one, SANS, size, ink=GREY)


def _draw_foot(pages: Pages, sheet: SignatureSheet, words: SheetWords, page: int, total: int) -> None:
    text = words.page.format(page=page, pages=total)
    pages.write(LEFT, FOOT_Y, text, SANS_BOLD, 8, ink=INK)
    if sheet.sample:
        x = LEFT + SANS_BOLD.width(text, 8) + 14
        pages.write(x, FOOT_Y, words.sample, SANS_BOLD, 8, ink=colour("#7d6417"))
    pages.write(RIGHT, FOOT_Y, words.privacy, SANS, 7.2, ink=GREY, align="right")
