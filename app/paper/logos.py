"""Logos made ready once: an uploaded PNG or JPEG becomes a small picture a PDF can hold as it is."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from reportlab.lib.utils import ImageReader

#: Pixels kept: 240 dots an inch at the largest size we print, 110 by 46 points.
_KEPT = (366, 153)
#: A picture that unfolds to more than this was not made as a logo.
_MOST_PIXELS = 40_000_000
#: Flat colours and their soft edges; more would only record noise.
_COLOURS = 64


class UnusableLogo(ValueError):
    """The bytes are not a PNG or JPEG picture of a sensible size."""


@lru_cache(maxsize=32)
def logo(data: bytes) -> ImageReader:
    """The picture of a PNG or JPEG file on the white of the paper, reduced to what is printed."""
    from PIL import Image  # what paper needs is loaded where it is drawn (app/paper/__init__.py)
    from reportlab.lib.utils import ImageReader  # the same

    image = _opened(data)
    paper = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(paper, image).convert("RGB")
    flat.thumbnail(_KEPT)
    return ImageReader(flat.quantize(_COLOURS, dither=Image.Dither.NONE).convert("RGB"))


def _opened(data: bytes) -> Image:
    from PIL import Image  # as above

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height <= _MOST_PIXELS:
                return opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise UnusableLogo("The logo is not a PNG or JPEG picture") from problem
    raise UnusableLogo("The logo has too many pixels")
