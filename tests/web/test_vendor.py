"""What the browser gets that others made: the very files, and a typeface that holds what we say."""

from __future__ import annotations

import base64
import hashlib
import tomllib

import pytest
from fontTools.ttLib import TTFont

from app.language import catalogues
from app.web import assets
from tests.laws.rooms import APP, told

VENDOR = assets.SOURCES / "vendor"
PACKAGES = tomllib.loads((VENDOR / "VENDOR.toml").read_text("utf-8"))["package"]
FILES = {file["name"]: file for package in PACKAGES for file in package.get("file", ())}
KURDISH_AND_TURKISH = "çÇğĞıIiİöÖşŞüÜâÂîÎûÛêÊ"


def test_every_file_is_recorded() -> None:
    licences = {package["licence_file"] for package in PACKAGES}
    there = {path.name for path in VENDOR.iterdir()}
    assert there == set(FILES) | licences | {"VENDOR.toml"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_it_is_the_file_that_was_recorded(name: str) -> None:
    digest = hashlib.sha384((VENDOR / name).read_bytes()).digest()
    assert FILES[name]["sha384"] == f"sha384-{base64.b64encode(digest).decode()}"


def test_the_typeface_holds_every_letter_we_write() -> None:
    known = set(TTFont(VENDOR / "inter.woff2").getBestCmap())
    texts = [catalogues.TURKISH.read_text("utf-8"), KURDISH_AND_TURKISH]
    texts += [path.read_text("utf-8") for kind in ("html", "json") for path in APP.rglob(f"*.{kind}")]
    missing = {letter for text in texts for letter in text if ord(letter) > 0x20 and ord(letter) not in known}
    assert len(texts) > 100 and not missing, told(
        missing, "Another typeface would show these. Add them to --unicodes in app/static/vendor/VENDOR.toml."
    )


def test_the_typeface_is_light_and_has_the_weights_in_use() -> None:
    font = TTFont(VENDOR / "inter.woff2")
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    assert (VENDOR / "inter.woff2").stat().st_size <= 45_000
