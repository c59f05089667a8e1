"""Reads finished PDFs the way others do: their text, their fonts, their picture."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PdfReader


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes, page: int = 0) -> str:
    """The text of one page on one line, as a reader copies it."""
    return " ".join(reader(pdf).pages[page].extract_text().split())


def fonts_of(pdf: bytes) -> dict[str, Any]:
    """PostScript name → descriptor of every font any page of the file can use."""
    found: dict[str, Any] = {}
    for page in reader(pdf).pages:
        resources: Any = page["/Resources"]
        for entry in resources["/Font"].values():
            font = entry.get_object()
            descendants = font.get("/DescendantFonts")
            described = descendants[0].get_object() if descendants else font
            found[font["/BaseFont"]] = described.get("/FontDescriptor")
    return found


def picture_of(pdf: bytes, dpi: int = 150) -> Image.Image:
    """The first page as poppler paints it."""
    painter = shutil.which("pdftoppm")
    assert painter, "pdftoppm is missing: install the package poppler-utils; without it no page can be looked at"
    done = subprocess.run(
        [painter, "-r", str(dpi), "-png", "-singlefile", "-"], input=pdf, capture_output=True, check=True
    )
    assert not done.stderr, done.stderr.decode()
    return Image.open(BytesIO(done.stdout))
