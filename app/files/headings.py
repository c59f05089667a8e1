"""Headings of columns: what they were taken for, what nobody may collect, and the row (or two) they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.files.cells import Row, as_text
from app.language.turkish import normalise, search_key, search_words

WITHIN_ROWS = 30
FEWEST_KNOWN = 2
MOST_COLUMNS, LONGEST = 500, 200
"""Columns behind these, and letters of a heading behind those, are not looked at."""
_NO_LETTER = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"^\W*\d+\s*[-–.)]\s*(?=\D)")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]?")
_EXPLAINED = re.compile(r"[:(\[](.*)", re.DOTALL)
_SIGN = r"\s*(?:[-=]+>|→|=|:)\s*"
_MEANING_FIRST = re.compile(rf"([^\W\d_][^\d,;/|=>:→-]*?){_SIGN}(\d+|[^\W\d_]\b)")
_CODE_FIRST = re.compile(rf"\b(\d+|[^\W\d_]){_SIGN}([^\W\d_][^\d,;/|=>:→()\[\]]*?)(?=\s*[,;/|)\]\d]|\s+\w{_SIGN}|\s*$)")
_FORBIDDEN = re.compile(
    r"\b(?:"
    # identity number, register of births, identity card
    r"t ?c(?: kimlik\w*| no\b| num\w*|$)|tckn\w*|tc(?:kimlik|no)\w*"
    r"|(?:kimlik|nufus)(?: no| num\w*| seri\w*| cuzdan\w*|$)"
    r"|(?:national|citizen\w*|identity) (?:id|no|num\w*|card)\b|nufusa kayit\w*"
    # birth and age
    r"|dogum\w*|dog (?:tar|yer)\w*|dogdugu|yas(?:i\b|$)|birth\w*|date of birth|dob\b|age$"
    # belief, origin, opinion
    r"|din(?:i\b|$)|mezhe[bp]\w*|religio\w*|sect\b|etnik\w*|irk(?:i\b|$)|koken\w*|ethnic\w*|race\b|siyasi\w*|sendika\w*"
    r"|(?:trade )?union(?: member\w*|$)|political\w*"
    # health
    r"|kan (?:grubu|gr)\w*|blood\w*|saglik (?:durumu|bilgi\w*|raporu)|saglik$|engel\w*|ozur\w*|hastalig?\w*|health\w*"
    r"|disab\w*|medical\w*"
    # home and family
    r"|ev adres\w*|ikamet\w*|(?:acik )?adres(?:i\b|$)|home address|(?:postal )?address$|(?:ana|anne|baba) ad\w*"
    r"|(?:mother|father)\w*|medeni\w*|evli\w*|es(?:i|inin)? ad\w*|marital\w*|spouse\w*|cocuk say\w*"
    # past
    r"|adli sicil\w*|sabika\w*|criminal\w*"
    r")"
)
_ADDRESS_OF_WORK = re.compile(
    r"\b(?:e ?posta|elektronik posta|e ?mail|mail|is|kurum|work|office|web)\w* ad(?:res|dress)\w*"
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings of a sheet stand, and what they were taken for; columns are numbered from 1 (A)."""

    rows: tuple[Row, ...]
    headings: Mapping[int, str]
    fields: Mapping[str, int]
    forbidden: frozenset[int]

    @property
    def last_row(self) -> int:
        return self.rows[-1].number

    def is_repeated_in(self, row: Row) -> bool:
        """Whether a row is one of these again, as at the head of each printed page."""
        return any(
            sum(row.cells.get(column) == cell for column, cell in own.cells.items()) * 2 > max(len(own.cells), 2)
            for own in self.rows
        )


def heading_key(text: str) -> str:
    """Fold a heading so that "E-Posta *", "e posta" and "EPOSTA" are one."""
    return _NO_LETTER.sub("", search_key(text))


def is_forbidden(heading: str) -> bool:
    """Whether a column called so holds what nobody may collect (an identity number, birth, belief, health, home)."""
    words = _ADDRESS_OF_WORK.sub("", " ".join(search_words(_NUMBERED.sub("", heading))))
    return _FORBIDDEN.search(words.strip()) is not None


def codes_in(heading: str) -> tuple[tuple[str, str], ...]:
    """The codes a heading explains, as (code, meaning): "Cinsiyet : Erkek-->1 Kadın-->0" says 1 and 0."""
    explained = _EXPLAINED.search(_NUMBERED.sub("", heading))
    text = explained[1] if explained else heading
    pairs = [(code, meaning) for meaning, code in _MEANING_FIRST.findall(text)]
    if len(pairs) < FEWEST_KNOWN:
        pairs = _CODE_FIRST.findall(text)
    codes = {code: normalise(meaning) for code, meaning in pairs}
    return tuple(codes.items()) if len(codes) >= FEWEST_KNOWN else ()


class Known:
    """The headings a reader knows; what a mapping says by hand comes before them."""

    def __init__(
        self,
        known: Mapping[str, Sequence[str]],
        forbidden: Sequence[str] = (),
        mapping: Mapping[str, str | None] | None = None,
    ) -> None:
        self._fields = {heading_key(heading): field for field, headings in known.items() for heading in headings}
        self._forbidden = {heading_key(heading) for heading in forbidden}
        self._mapping = mapping or {}

    def forbids(self, heading: str) -> bool:
        key = heading_key(heading)
        return key in self._forbidden or (key not in self._fields and is_forbidden(heading))

    def by_hand(self, heading: str) -> bool:
        return heading_key(heading) in self._mapping

    def field(self, heading: str) -> str | None:
        key = heading_key(heading)
        if key in self._mapping:
            return self._mapping[key]
        return next((self._fields[key] for way in _ways(heading) if (key := heading_key(way)) in self._fields), None)


def _ways(heading: str) -> Iterator[str]:
    """A heading as it stands, and without what people write around it, a group above it last."""
    group, _, below = heading.rpartition(" / ")
    for text in (heading, below) if group else (heading,):
        yield text
        plain = _NUMBERED.sub("", text)
        yield plain
        yield _BRACKETS.sub(" ", plain)
        if codes_in(text):
            yield re.split(r"[:(\[=]", plain, maxsplit=1)[0]


def find_header(rows: Sequence[Row], known: Known) -> Header | None:
    """Find the row, or two rows together, that name the columns among the first of a sheet.

    The most known headings win, the upper of two equals, one row before two. Where fewer than two are known it is the
    widest row of texts, for people to say what its columns are, or the one that is known; None where there is none.
    """
    best: Header | None = None
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        best = _better(best, _header((row,), known))
        if below is not None and below.number == row.number + 1 and _is_text(below):
            best = _better(best, _header((row, below), known))
    if best is None or len(best.fields) < FEWEST_KNOWN:
        wide = max(filter(_is_text, rows), key=lambda row: len(row.cells), default=None)
        if wide is not None and len(wide.cells) >= FEWEST_KNOWN:
            return _header((wide,), known)
        return best if best is not None and best.fields else None
    return best


def _better(best: Header | None, other: Header) -> Header:
    if best is None:
        return other

    def score(header: Header) -> tuple[int, int]:
        return len(header.fields), -len(header.rows)

    return other if score(other) > score(best) else best


def _is_text(row: Row) -> bool:
    return all(isinstance(cell, str) for cell in row.cells.values())


def _header(rows: tuple[Row, ...], known: Known) -> Header:
    fields: dict[str, int] = {}
    forbidden = set()
    headings = _headings(rows)
    for column, heading in sorted(headings.items(), key=lambda item: not known.by_hand(item[1])):
        if known.forbids(heading):
            forbidden.add(column)
        elif (field := known.field(heading)) is not None:
            # one that comes twice belongs to its first column
            fields.setdefault(field, column)
    return Header(rows, headings, fields, frozenset(forbidden))


def _headings(rows: tuple[Row, ...]) -> dict[int, str]:
    """By column; the upper of two rows names groups of columns, each as far as the lower one goes below it."""
    texts = [
        {column: normalise(as_text(cell))[:LONGEST] for column, cell in row.cells.items() if column <= MOST_COLUMNS}
        for row in rows
    ]
    if len(texts) == 1:
        return texts[0]
    upper, lower = texts
    headings, group = {}, ""
    for column in sorted(upper.keys() | lower.keys()):
        if column in upper:
            group = upper[column]
        below = lower.get(column, "")
        if not below:
            headings[column], group = group, ""
        else:
            headings[column] = f"{group} / {below}" if group else below
    return headings
