"""Certificates: one A4 landscape page each, alone or as one file to print.

A page is a column of centred blocks between the frame's top and a fixed bottom row (QR code and issue details
left, signatures right, with room for hand and stamp above each line). Space left over is shared between the
blocks, so that a short certificate breathes and a long one still fits; when none is left, everything in the
column becomes a step smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.paper.contents import CertificatePaper, Part, contents, said_of_kind
from app.paper.logos import logo
from app.paper.pages import A4_LANDSCAPE, Colour, Pages, colour, fitted_size, listed, wrapped
from app.paper.qr import qr_path
from app.paper.typeface import SANS, SANS_BOLD, SERIF, SERIF_BOLD, SERIF_ITALIC, Typeface, refuse_unprintable
from app.paper.wording import KindWords, Language, capitals

if TYPE_CHECKING:
    from reportlab.lib.utils import ImageReader

WIDTH, HEIGHT = A4_LANDSCAPE
CENTRE = WIDTH / 2
TEAL = colour("#0f5b57")
INK = colour("#1d2726")
GREY = colour("#55605e")
GOLD = colour("#a8892f")
DARK_GOLD = colour("#7d6417")

#: Distance of the two frames from the paper's edge, in points.
OUTER, INNER = 24.0, 33.0
#: The text's left and right edge, and the top and bottom of the centred column.
LEFT, RIGHT = 68.0, WIDTH - 68.0
COLUMN_TOP, COLUMN_BOTTOM = HEIGHT - 54.0, 206.0
MEASURE = 590.0
QR_SIDE = 76.0
QR_BOTTOM = 76.0
#: From the QR code's left edge to where signatures may begin.
PROOF_WIDTH = 250.0
SIGNATURE_Y = 118.0
#: Nobody reads anything smaller.
LEAST = 7.0
#: What a paper is made of: its parts by name, as `contents` lists them.
Contents = dict[str, Part]


def draw_certificate(paper: CertificatePaper) -> bytes:
    """One certificate as a PDF of one page; the same paper gives the same bytes.

    Raises `UnprintableText` when a text holds letters our typefaces lack (a proof never shows a wrong name),
    and `UnusableLogo` when a logo is no picture.
    """
    return draw_certificates([paper])


def draw_certificates(papers: Sequence[CertificatePaper]) -> bytes:
    """Certificates as one file to print, one page each, in the given order."""
    if not papers:
        raise ValueError("There is no certificate to draw")
    first = papers[0]
    title = contents(first)["kind"].text
    numbers = first.number if len(papers) == 1 else f"{first.number} – {papers[-1].number}"
    pages = Pages(
        title=f"{title} {numbers}",
        author=first.heading[0] if first.heading else "Yetkin",
        language=first.language,
        dated=first.issued_on,
        content=[(paper.number, paper.code, paper.url) for paper in papers],
    )
    for paper in papers:
        _complete(paper)
        said = contents(paper)
        refuse_unprintable(text for part in said.values() for entry in part.entries for text in entry)
        _draw_page(pages, said, paper.language, said_of_kind(paper), paper.logos)
        pages.next_page()
    return pages.finish()


def _complete(paper: CertificatePaper) -> None:
    """What is blanked, or was never whole, is no certificate."""
    if not 1 <= len(paper.signatories) <= 3:
        raise ValueError("A certificate has one to three signatories")
    if not paper.printed_name.strip():
        raise ValueError("A certificate needs a name")
    if not paper.url.isascii():
        raise ValueError("A verification address is plain ASCII")


def _draw_page(
    pages: Pages, said: Contents, language: Language, kind: KindWords, pictures: Sequence[bytes | None]
) -> None:
    """From the parts alone: what is no part of `contents` is not printed."""
    _draw_frame(pages, said["sample"].text)
    logos = [logo(data) for data in pictures if data is not None]
    _draw_column(pages, said, language, kind, logos)
    _draw_signatories(pages, said["signatories"])
    _draw_proof(pages, said)
    _draw_funding(pages, said["funding"].text)


# -- frame ---------------------------------------------------------------------------------------------


def _draw_frame(pages: Pages, sample: str) -> None:
    """The double frame, stored once per file; a sample's mark interrupts it at the top, seen by everybody."""

    def frames() -> None:
        pages.frame(OUTER, OUTER, WIDTH - 2 * OUTER, HEIGHT - 2 * OUTER, ink=TEAL, width=2.2)
        pages.frame(INNER, INNER, WIDTH - 2 * INNER, HEIGHT - 2 * INNER, ink=GOLD, width=0.7)

    pages.repeated("frame", frames)
    if sample:
        half = SANS_BOLD.width(sample, 9.5, 0.6) / 2 + 10
        pages.area(CENTRE - half, HEIGHT - INNER - 3, 2 * half, INNER - OUTER + 6, ink=(1, 1, 1))
        middle = HEIGHT - (OUTER + INNER) / 2
        pages.write(CENTRE, middle - 3.2, sample, SANS_BOLD, 9.5, ink=DARK_GOLD, align="centre", tracking=0.6)


# -- the centred column --------------------------------------------------------------------------------


class _Block(NamedTuple):
    """A block of the column: space wanted above it, its share of what is left, height, how to draw it."""

    above: float
    stretch: float
    height: float
    draw: Callable[[float], None]


def _draw_column(
    pages: Pages, said: Contents, language: Language, kind: KindWords, logos: Sequence[ImageReader]
) -> None:
    room = COLUMN_TOP - COLUMN_BOTTOM
    scale = 1.0
    while True:
        blocks = _column(pages, said, language, kind, logos, scale)
        spare = room - sum(block.above + block.height for block in blocks)
        if spare >= 0 or scale < 0.55:
            break
        scale -= 0.06
    # A column with much room keeps together: beyond a limit the rest goes above and below it.
    total = sum(block.stretch for block in blocks)
    share = max(0.0, min(spare, 15.0 * total)) / total if total else 0.0
    y = COLUMN_TOP - max(0.0, spare - share * total) * 0.4
    for block in blocks:
        y -= block.above + share * block.stretch
        block.draw(y)
        y -= block.height


class _Column:
    """The blocks from above down, all at one scale; the heading is no wider than `measure`."""

    def __init__(self, pages: Pages, scale: float, measure: float) -> None:
        self.pages, self.scale, self.measure = pages, scale, measure
        self.blocks: list[_Block] = []

    def block(self, above: float, stretch: float, height: float, draw: Callable[[float], None]) -> None:
        self.blocks.append(_Block(above, stretch, height, draw))

    def line(
        self,
        text: str,
        face: Typeface,
        size: float,
        above: float,
        stretch: float,
        *,
        ink: Colour,
        tracking: float = 0.0,
        leading: float = 1.25,
    ) -> None:
        def draw(top: float) -> None:
            base = top - size * (leading - 0.25 if leading > 1 else 0.75) * 0.92
            self.pages.write(CENTRE, base, text, face, size, ink=ink, align="centre", tracking=tracking)

        self.block(above, stretch, size * leading, draw)


def _column(
    pages: Pages, said: Contents, language: Language, kind: KindWords, logos: Sequence[ImageReader], scale: float
) -> list[_Block]:
    column = _Column(pages, scale, MEASURE - 150 if len(logos) == 2 else MEASURE)
    _issuer(column, said["issuer"].lines, language, logos)
    _title(column, said["kind"].text, language, kind)
    _holder(column, said)
    _training(column, said, kind)
    return column.blocks


def _issuer(column: _Column, lines: Sequence[str], language: Language, logos: Sequence[ImageReader]) -> None:
    """Logos and, under or between them, who issues it: two logos stand in the corners and take no height."""
    scale = column.scale
    corners = len(logos) == 2
    if logos:
        height = 46.0 * max(scale, 0.75)
        column.block(0, 0, 0 if corners else height, lambda top: _draw_logos(column.pages, logos, top, height))
    for i, typed in enumerate(lines):
        text = capitals(typed, language)
        size = fitted_size(text, SERIF_BOLD, 13 * scale, 8, column.measure - 1.2 * len(text))
        above = (8 if logos and not corners else 0) if i == 0 else 1
        column.line(text, SERIF_BOLD, size, above, 0, ink=TEAL, tracking=1.0)


def _title(column: _Column, title: str, language: Language, kind: KindWords) -> None:
    scale = column.scale
    title = capitals(title, language) if language == "tr" else title.upper()
    size = fitted_size(title, SERIF_BOLD, 38 * scale, 20, column.measure - 2 * len(title))
    column.line(title, SERIF_BOLD, size, 12 * scale, 1.3, ink=INK, tracking=2.0)
    column.block(7 * scale, 0.1, 5, lambda top: _draw_ornament(column.pages, top - 2.5))
    size = fitted_size(kind.opening, SERIF_ITALIC, 16 * scale, 1, column.measure)
    column.line(kind.opening, SERIF_ITALIC, size, 12 * scale, 1.1, ink=GREY)


def _holder(column: _Column, said: Contents) -> None:
    scale = column.scale
    size, names = _name_lines(said["name"].text, 35 * scale)
    for i, name in enumerate(names):
        column.line(name, SERIF_BOLD, size, 5 * scale if i == 0 else 0, 0.35 if i == 0 else 0, ink=TEAL, leading=1.18)
    for i, text in enumerate(wrapped(said["organisation"].text, SERIF, 14.5 * scale, MEASURE)):
        column.line(text, SERIF, 14.5 * scale, 3 * scale if i == 0 else 0, 0.1 if i == 0 else 0, ink=INK)


def _training(column: _Column, said: Contents, kind: KindWords) -> None:
    scale = column.scale
    for i, text in enumerate(wrapped(kind.sentence, SERIF, 19 * scale, MEASURE)):
        first = i == 0
        column.line(text, SERIF, 19 * scale, 12 * scale if first else 0, 1.0 if first else 0, ink=INK, leading=1.3)
    small = max(LEAST, 10.5 * scale)
    for i, text in enumerate(_details(said, small)):
        first = i == 0
        column.line(text, SANS, small, 10 * scale if first else 2, 0.9 if first else 0, ink=GREY, leading=1.35)


def _name_lines(name: str, size: float) -> tuple[float, tuple[str, ...]]:
    """The name on one line down to two thirds of its size, else on two lines as large as they can be."""
    one = fitted_size(name, SERIF_BOLD, size, 1, MEASURE + 40)
    if one >= size * 0.66:
        return one, (name,)
    two = size * 0.8
    while two > 9 and len(wrapped(name, SERIF_BOLD, two, MEASURE + 40)) > 2:
        two -= 1
    return two, wrapped(name, SERIF_BOLD, two, MEASURE + 40)


def _details(said: Contents, size: float) -> list[str]:
    facts = [f"{said[key].label}: {said[key].text}" for key in ("dates", "duration", "place") if said[key].entries]
    lines = list(wrapped("   ·   ".join(facts).replace(" ", "\u00a0"), SANS, size, MEASURE + 60))
    if len(lines) > 1:
        lines = [part for fact in facts for part in wrapped(fact, SANS, size, MEASURE)]
    if said["trainers"].entries:
        lines += wrapped(f"{said['trainers'].label}: {listed(said['trainers'].lines)}", SANS, size, MEASURE)
    return lines


def _draw_ornament(pages: Pages, y: float) -> None:
    """A short gold rule with a lozenge, which parts the title from what it says."""
    for side in (-1, 1):
        pages.stroke(CENTRE + side * 9, y, CENTRE + side * 62, y, ink=GOLD, width=0.8)
    red, green, blue = GOLD
    pages.draw(
        f"{red} {green} {blue} rg {CENTRE - 3.2:.2f} {y:.2f} m {CENTRE:.2f} {y + 3.2:.2f} l"
        f" {CENTRE + 3.2:.2f} {y:.2f} l {CENTRE:.2f} {y - 3.2:.2f} l f"
    )


def _draw_logos(pages: Pages, logos: Sequence[ImageReader], top: float, height: float) -> None:
    """One in the middle, two in the corners beside the heading, more evenly across the page."""
    widest = 110.0 if len(logos) < 5 else 500.0 / len(logos)
    step = (RIGHT - LEFT - widest) / max(1, len(logos) - 1)
    for i, picture in enumerate(logos):
        w, h = picture.getSize()
        factor = min(height / h, widest / w)
        w, h = w * factor, h * factor
        if len(logos) == 1:
            x = CENTRE - w / 2
        elif len(logos) == 2:
            x = LEFT if i == 0 else RIGHT - w
        else:
            x = LEFT + i * step + (widest - w) / 2
        pages.picture(picture, x, top - height + (height - h) / 2, w, h)


# -- the bottom row ------------------------------------------------------------------------------------


def _draw_signatories(pages: Pages, signatories: Part) -> None:
    """Name and title centred under each line; the last one stands at the right edge, and so does one alone."""
    count, gap = len(signatories.entries), 22.0
    width = min(178.0, (RIGHT - LEFT - PROOF_WIDTH - gap * (count - 1)) / count)
    for i, (name, title) in enumerate(signatories.entries):
        x = RIGHT - width - (count - 1 - i) * (width + gap)
        pages.stroke(x, SIGNATURE_Y, x + width, SIGNATURE_Y, ink=GOLD, width=0.8)
        y = SIGNATURE_Y - 15
        for text, face, largest, ink, most in ((name, SERIF_BOLD, 12.5, INK, 2), (title, SERIF, 10.0, GREY, 3)):
            size = largest
            while size > LEAST and len(wrapped(text, face, size, width)) > most:
                size -= 0.5
            for line in wrapped(text, face, size, width):
                pages.write(x + width / 2, y, line, face, size, ink=ink, align="centre")
                y -= size * 1.12


def _draw_proof(pages: Pages, said: Contents) -> None:
    """QR code, beside it number, date of issue and code, and below it the address it leads to."""
    url = said["url"].text
    pages.draw(qr_path(url, LEFT, QR_BOTTOM, QR_SIDE))
    pages.link(url, LEFT, QR_BOTTOM, QR_SIDE, QR_SIDE)
    x, y = LEFT + QR_SIDE + 13, QR_BOTTOM + QR_SIDE - 9
    for part in (said["number"], said["issued_on"], said["code"]):
        pages.write(x, y, part.label, SANS, LEAST, ink=GREY)
        pages.write(x, y - 10.5, part.text, SANS_BOLD, 9, ink=INK)
        y -= 26.5
    y = QR_BOTTOM - 10
    for text in wrapped(url, SANS, LEAST, PROOF_WIDTH - 20):
        pages.write(LEFT, y, text, SANS, LEAST, ink=TEAL)
        y -= 8.5


def _draw_funding(pages: Pages, funding: str) -> None:
    size = 7.4 if len(wrapped(funding, SANS, 7.4, RIGHT - LEFT)) < 3 else LEAST
    lines = wrapped(funding, SANS, size, RIGHT - LEFT)
    y = INNER + 9 + 9.2 * (len(lines) - 1)
    for text in lines:
        pages.write(CENTRE, y, text, SANS, size, ink=GREY, align="centre")
        y -= 9.2
