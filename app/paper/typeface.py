"""The five typefaces of our paper, and how each file carries only the letters it needs.

ReportLab can subset fonts itself, but parses, copies and re-sorts a whole face for every document, which is
most of the time a certificate takes. Our faces are pre-subset (see fonts/FONTS.toml), without hinting and
without composite glyphs, so a subset is only a selection of byte ranges: glyph numbers stay what they
are and the glyphs nobody used become empty.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from app.language.turkish import upper

FONTS = Path(__file__).parent / "fonts"

#: Letters printed as another when the face lacks them: a no-break space is a space that wraps nowhere.
_SAME_GLYPH = {0xA0: 0x20}


class UnprintableText(ValueError):
    """A text holds letters our typefaces do not have; `letters` says which."""

    def __init__(self, letters: str) -> None:
        super().__init__(f"No typeface of ours has the letters: {' '.join(letters)}")
        self.letters = letters


class SetText(NamedTuple):
    """A text ready to be shown: the operand of TJ, the glyphs in it, its width and letter count.

    The width is in thousandths of the type size, kerning included.
    """

    operand: str
    glyphs: frozenset[int]
    width: int
    length: int


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """NFC, one line, without control or invisible formatting letters."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text.strip()
    kept = (" " if c in "\t\r\n\v\f\u2028\u2029" else c for c in text)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()


class Typeface:
    """One pre-subset TrueType face, 1000 units to the em."""

    def __init__(self, file_name: str, always: str = "") -> None:
        data = (FONTS / file_name).read_bytes()
        self.name = file_name.removesuffix(".ttf")
        tables = {
            tag.decode(): data[start : start + length]
            for tag, _sum, start, length in struct.iter_unpack(">4sLLL", data[12 : 12 + 16 * int.from_bytes(data[4:6])])
        }
        if struct.unpack(">H", tables["head"][18:20])[0] != 1000:
            raise ValueError(f"{file_name} is not drawn on 1000 units to the em")
        self._tables = tables
        self._count = int.from_bytes(tables["maxp"][4:6])
        self._given: int = int.from_bytes(tables["hhea"][34:36])
        self.ascent, self.descent = struct.unpack(">hh", tables["hhea"][4:8])
        self.box = struct.unpack(">4h", tables["head"][36:44])
        self.cap_height: int = struct.unpack(">h", tables["OS/2"][88:90])[0]
        self.italic = bool(struct.unpack(">H", tables["head"][44:46])[0] & 2)
        self._offsets = self._read_offsets()
        self._advances = self._read_advances()
        self._glyph_of = self._read_letters()
        self._letter_of = {glyph: code for code, glyph in reversed(self._glyph_of.items()) if code != 0xA0}
        self._letters = frozenset(map(chr, self._glyph_of))
        #: Glyphs every file gets: with the letters of codes always there, papers of one
        #: group share their subset.
        self.always = frozenset(self._glyph_of[ord(letter)] for letter in always)
        self.set = lru_cache(maxsize=4096)(self._set)

    # -- reading, once ------------------------------------------------------------------------------

    def _read_offsets(self) -> tuple[int, ...]:
        long = struct.unpack(">h", self._tables["head"][50:52])[0]
        raw = self._tables["loca"]
        if long:
            return struct.unpack(f">{len(raw) // 4}L", raw)
        return tuple(2 * half for half in struct.unpack(f">{len(raw) // 2}H", raw))

    def _read_advances(self) -> list[int]:
        """Widths; the last one given also holds for the glyphs after it, of which only bearings are kept."""
        given, metrics = self._given, self._tables["hmtx"]
        advances = [int.from_bytes(metrics[at : at + 2]) for at in range(0, 4 * given, 4)]
        return advances + advances[-1:] * (self._count - given)

    def _read_letters(self) -> dict[int, int]:
        """Code point → glyph, from the cmap subtable of format 4 (all our letters are in the first plane)."""
        cmap = self._tables["cmap"]
        for _platform, _encoding, start in struct.iter_unpack(">HHL", cmap[4 : 4 + 8 * cmap[3]]):
            if cmap[start : start + 2] == b"\0\4":
                break
        else:
            raise ValueError(f"{self.name} has no cmap of format 4")
        segments = int.from_bytes(cmap[start + 6 : start + 8]) // 2

        def row(number: int, pad: int, kind: str) -> tuple[int, ...]:
            at = start + 14 + 2 * segments * number + pad
            return struct.unpack(f">{segments}{kind}", cmap[at : at + 2 * segments])

        ends, starts, deltas, ranges = row(0, 0, "H"), row(1, 2, "H"), row(2, 2, "h"), row(3, 2, "H")
        ranges_at = start + 14 + 6 * segments + 2
        letters: dict[int, int] = {}
        for i in range(segments):
            for code in range(starts[i], min(ends[i], 0xFFFE) + 1):
                if ranges[i]:
                    at = ranges_at + 2 * i + ranges[i] + 2 * (code - starts[i])
                    glyph = int.from_bytes(cmap[at : at + 2])
                    glyph = (glyph + deltas[i]) % 65536 if glyph else 0
                else:
                    glyph = (code + deltas[i]) % 65536
                if glyph:
                    letters[code] = glyph
        return letters

    @cached_property
    def _kerning(self) -> dict[tuple[int, int], int]:
        """Pairs set closer or wider; the longest table, so unpacked by whoever sets the first text."""
        kern = self._tables["kern"]
        count = struct.unpack(">H", kern[10:12])[0]
        return {(a, b): v for a, b, v in struct.iter_unpack(">HHh", kern[18 : 18 + 6 * count])}

    # -- setting text -------------------------------------------------------------------------------

    def missing(self, text: str) -> str:
        """The letters of a text this face does not have, each once."""
        return "".join(sorted(set(tidy(text)) - self._letters))

    def _glyph(self, letter: str) -> int:
        code = _SAME_GLYPH.get(ord(letter), ord(letter))
        if code in self._glyph_of:
            return self._glyph_of[code]
        base = unicodedata.normalize("NFKD", letter)[0]
        return self._glyph_of.get(ord(base), self._glyph_of[ord("_")])

    def _set(self, text: str) -> SetText:
        """The text in glyphs; a letter we lack shows its base letter, or else a line to write on."""
        glyphs = [self._glyph(letter) for letter in text]
        width = sum(self._advances[g] for g in glyphs)
        parts, run = [], ""
        for i, glyph in enumerate(glyphs):
            run += f"{glyph:04X}"
            shift = self._kerning.get((glyph, glyphs[i + 1]), 0) if i + 1 < len(glyphs) else 0
            if shift:
                parts.append(f"<{run}>{-shift}")
                width += shift
                run = ""
        if run:
            parts.append(f"<{run}>")
        return SetText(f"[{''.join(parts)}]", frozenset(glyphs), width, len(glyphs))

    def width(self, text: str, size: float, tracking: float = 0.0) -> float:
        """Points the text takes at this size; `tracking` is added between letters (not after the last)."""
        done = self.set(text)
        return done.width * size / 1000 + tracking * max(0, done.length - 1)

    # -- embedding ----------------------------------------------------------------------------------

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A TrueType file with these glyphs only, numbers unchanged."""
        offsets, glyf = self._offsets, self._tables["glyf"]
        given, full = self._given, self._tables["hmtx"]
        metrics = bytearray(len(full))
        metrics[4 * given - 4 : 4 * given - 2] = full[4 * given - 4 : 4 * given - 2]
        parts: list[bytes] = []
        places = bytearray(2 * (self._count + 1))
        at, following = 0, 0
        for glyph in sorted({0, *glyphs}):
            outline = glyf[offsets[glyph] : offsets[glyph + 1]]
            outline += bytes(len(outline) % 2)
            places[2 * following : 2 * (glyph + 1)] = (at // 2).to_bytes(2) * (glyph + 1 - following)
            parts.append(outline)
            start, length = (4 * glyph, 4) if glyph < given else (2 * (given + glyph), 2)
            metrics[start : start + length] = full[start : start + length]
            at += len(outline)
            following = glyph + 1
        places[2 * following :] = (at // 2).to_bytes(2) * (self._count + 1 - following)
        head = bytearray(self._tables["head"])
        head[8:12] = bytes(4)
        head[50:52] = b"\0\0"
        return _assemble(
            {
                "glyf": b"".join(parts),
                "head": bytes(head),
                "hhea": self._tables["hhea"],
                "hmtx": bytes(metrics),
                "loca": bytes(places),
                "maxp": self._tables["maxp"],
            }
        )

    def widths_entry(self, glyphs: Iterable[int]) -> str:
        """The W array of a CID font: runs of neighbouring glyphs with their widths."""
        runs: list[list[int]] = []
        for glyph in sorted(glyphs):
            if runs and runs[-1][-1] == glyph - 1:
                runs[-1].append(glyph)
            else:
                runs.append([glyph])
        rows = (f"{run[0]}[{' '.join(str(self._advances[g]) for g in run)}]" for run in runs)
        return f"[{''.join(rows)}]"

    def to_unicode(self, glyphs: Iterable[int]) -> bytes:
        """The CMap by which a reader copies and searches text."""
        pairs = [f"<{g:04X}><{self._letter_of[g]:04X}>" for g in sorted(glyphs) if g in self._letter_of]
        blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
        body = "".join(f"{len(b)} beginbfchar\n{chr(10).join(b)}\nendbfchar\n" for b in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            f"1 begincodespacerange <0000><FFFF> endcodespacerange\n{body}"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode("ascii")

    def tag(self, glyphs: frozenset[int]) -> str:
        """Six capitals that differ between subsets, so that no reader mixes up two of them in its cache."""
        number = zlib.crc32(struct.pack(f">{len(glyphs)}H", *sorted(glyphs)))
        return "".join(chr(65 + number // 26**i % 26) for i in range(6))


def _checksum(table: bytes) -> int:
    table += bytes(-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(table) // 4}L", table)
    return sum(words) & 0xFFFFFFFF


def _assemble(tables: dict[str, bytes]) -> bytes:
    """A TrueType file of these tables, in alphabetical order, with right checksums."""
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">LHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    at = 12 + 16 * count
    head_at = 0
    directory, bodies = [head], []
    for tag in sorted(tables):
        table = tables[tag]
        if tag == "head":
            head_at = at
        directory.append(struct.pack(">4sLLL", tag.encode(), _checksum(table), at, len(table)))
        padded = table + bytes(-len(table) % 4)
        bodies.append(padded)
        at += len(padded)
    font = bytearray(b"".join([*directory, *bodies]))
    struct.pack_into(">L", font, head_at + 8, (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


SERIF = Typeface("YetkinSerif-Regular.ttf")
SERIF_ITALIC = Typeface("YetkinSerif-Italic.ttf")
SERIF_BOLD = Typeface("YetkinSerif-SemiBold.ttf")
_OF_CODES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ-/"
SANS = Typeface("YetkinSans-Regular.ttf", always=_OF_CODES)
SANS_BOLD = Typeface("YetkinSans-SemiBold.ttf", always=_OF_CODES)
TYPEFACES = (SERIF, SERIF_ITALIC, SERIF_BOLD, SANS, SANS_BOLD)
#: What people typed is never set in italics, so the few letters the italic lacks (¹²³) do not matter.
_FOR_TYPED_TEXT = (SERIF, SERIF_BOLD, SANS, SANS_BOLD)


def unprintable(text: str) -> str:
    """The letters of a text that some typeface of ours lacks, each once; empty when all can be printed."""
    return "".join(sorted({letter for face in _FOR_TYPED_TEXT for letter in face.missing(text)}))


def unprintable_names(names: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the names, which papers print in capitals too, that have letters no paper can show, and the letters."""
    found = [(name, unprintable(name) or unprintable(upper(name))) for name in names]
    return [(name, " ".join(letters)) for name, letters in found if letters]


def refuse_unprintable(texts: Iterable[str]) -> None:
    """Raise `UnprintableText` if any of the texts cannot be printed exactly."""
    letters = unprintable("".join(texts))
    if letters:
        raise UnprintableText(letters)


__all__ = [
    "SANS",
    "SANS_BOLD",
    "SERIF",
    "SERIF_BOLD",
    "SERIF_ITALIC",
    "TYPEFACES",
    "SetText",
    "Typeface",
    "UnprintableText",
    "refuse_unprintable",
    "tidy",
    "unprintable",
    "unprintable_names",
]
