"""A QR code as one path of PDF operators."""

from __future__ import annotations

import re

import segno

#: Any mask may be used, for the code names it; choosing the prettiest of eight costs five times as much.
_MASK = 2
_DARK = re.compile(rb"\x01+")


def qr_path(text: str, x: float, y: float, side: float) -> str:
    """Operators that fill the code in black; (x, y) is its lower left corner, without the quiet zone.

    `side` is the length of the code without its quiet zone; the caller leaves the zone white.
    One path of rectangles, each a run of dark modules: parts of one path join without hairlines.
    """
    code = segno.make_qr(text, error="m", mask=_MASK)
    rows = code.matrix
    module = side / len(rows)
    runs = [
        f"{run.start()} {len(rows) - 1 - number} {run.end() - run.start()} 1 re"
        for number, row in enumerate(rows)
        for run in _DARK.finditer(bytes(row))
    ]
    return f"0 g {module:.4f} 0 0 {module:.4f} {x:.2f} {y:.2f} cm {' '.join(runs)} f"
