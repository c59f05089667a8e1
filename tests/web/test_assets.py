"""The files of the browser: bundled and packed by `flask assets`, whole and right without it."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from rcssmin import cssmin
from werkzeug.test import TestResponse

import config
from app import create_app
from app.web import assets

FILE = re.compile(r'(?:href|src)="(/static/[^"#]+)')
BROWSER, OLD = "gzip, deflate, br, zstd", "gzip, deflate"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sources that may be changed."""
    shutil.copytree(assets.SOURCES, tmp_path / "static")
    monkeypatch.setattr(assets, "SOURCES", tmp_path / "static")
    monkeypatch.setattr(assets, "BUILT", tmp_path / "built")
    forget()
    yield
    forget()


def forget() -> None:
    """As in the next process."""
    assets.digest.cache_clear()
    assets.is_built.cache_clear()


def made(folder: Path) -> Flask:
    settings = config.Testing()
    settings.INSTANCE_PATH = folder
    settings.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'none.db'}"
    return create_app(settings)


def files(app: Flask) -> set[str]:
    """What a page asks for, of which the browser must not be refused any."""
    return set(FILE.findall(app.test_client().get("/nowhere").text))


def fetched(app: Flask, path: str, accepts: str, method: str = "GET", **headers: str) -> TestResponse:
    headers = {"Accept-Encoding": accepts, **headers}
    return app.test_client().open(path, method=method, headers=headers, buffered=True)


def test_without_the_command_pages_link_the_parts(folders: None, tmp_path: Path) -> None:
    app = made(tmp_path)
    asked = files(app)
    for parts in assets.BUNDLES.values():
        assert {part for part in parts if any(path.endswith(part) for path in asked)} == set(parts)
    for path in asked:
        answer = fetched(app, path, BROWSER)
        assert (answer.status_code, answer.content_encoding) == (200, None), path


def test_with_it_one_bundle_of_each_kind_is_sent_packed(folders: None, tmp_path: Path) -> None:
    assets.build()
    app = made(tmp_path)
    asked = files(app)
    parts = {part for bundle in assets.BUNDLES.values() for part in bundle}
    assert not any(path.endswith(part) for path in asked for part in parts)
    for name, bundle in assets.BUNDLES.items():
        path = next(path for path in asked if path.endswith(name))
        whole = fetched(app, path, "").data
        for part in bundle:
            assert last_rule(assets.SOURCES / part) in whole
        assert fetched(app, path, "nonsense;;q=,").data == whole, "a proxy may strip or spoil what a browser says"
        assert gzip.decompress(fetched(app, path, OLD).data) == whole
        packed = fetched(app, path, BROWSER)
        assert packed.content_encoding == "br" and brotli.decompress(packed.data) == whole
        assert "Accept-Encoding" in packed.vary and "immutable" in packed.headers["Cache-Control"]
        head = fetched(app, path, BROWSER, "HEAD")
        assert (head.status_code, head.data, head.content_length) == (200, b"", len(packed.data))
        part = fetched(app, path, "", Range="bytes=100-", **{"If-Range": packed.headers["ETag"]})
        assert (part.status_code, part.data) == (200, whole), "never the rest of what was sent packed before"
        refused = fetched(app, path, "br;q=0, gzip;q=0.5")
        assert refused.content_encoding == "gzip" and gzip.decompress(refused.data) == whole


def last_rule(part: Path) -> bytes:
    """The end of a file, as it stands in a stylesheet without white space, or as it is in a script."""
    text = part.read_bytes().strip()
    return text[-40:] if part.suffix == ".js" else cssmin(text)[-40:]


def test_fonts_are_packed_in_themselves(folders: None) -> None:
    assets.build()
    assert list(assets.BUILT.rglob("*.woff2")) and not list(assets.BUILT.rglob("*.woff2.*"))


def test_what_was_made_of_other_files_is_not_sent(folders: None, tmp_path: Path) -> None:
    """Somebody changed a colour, or took the next release, and did not run it again."""
    assets.build()
    forget()
    before = made(tmp_path)
    style = assets.SOURCES / assets.BUNDLES["css/all.css"][-1]
    old, old_files = assets.digest(), files(before)
    style.write_text(style.read_text("utf-8") + "\n.changed { color: inherit; }\n", "utf-8")
    forget()
    app = made(tmp_path)
    assert not assets.is_built() and assets.digest() != old and not files(app) & old_files
    assert b".changed" in fetched(app, next(path for path in files(app) if path.endswith(style.name)), BROWSER).data
    assets.build()
    anew = made(tmp_path)
    assert b".changed" in fetched(anew, next(path for path in files(anew) if path.endswith("all.css")), "").data


def test_making_them_twice_makes_the_same(folders: None) -> None:
    def content() -> dict[str, bytes]:
        assets.build()
        return {path.name: path.read_bytes() for path in assets.BUILT.rglob("*") if path.is_file()}

    assert content() == content()
    assert not assets.BUILT.with_name("built.new").exists()
