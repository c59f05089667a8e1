"""Templates compiled by `flask assets`: read where they are the same, and nothing else is ever served."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment

from app.web import compiled
from tests.web.test_assets import made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "compiled")
    return compiled.FOLDER


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of templates that are compiled from here on."""
    names: list[str | None] = []
    original = Environment.compile

    def compile(
        environment: Environment, source: str, name: str | None = None, *rest: object, **more: object
    ) -> object:
        names.append(name)
        return original(environment, source, name, *rest, **more)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(Environment, "compile", compile)
    return names


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_next_process_compiles_none(folder: Path, tmp_path: Path, compilations: list[str | None]) -> None:
    count = compiled.build(made(tmp_path))
    assert len(compilations) == count > 300
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}, "whoever serves reads them"
    compilations.clear()
    app = made(tmp_path)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    assert not compilations


def small(app: Flask, folder: Path, text: str, **settings: bool) -> Environment:
    loader = DictLoader({"a.html": text})
    environment = app.jinja_env.overlay(loader=loader, cache_size=0, **settings)  # type: ignore[arg-type]  # its settings
    environment.bytecode_cache = compiled.Compiled(environment, folder)
    return environment


def test_what_changed_since_is_compiled_and_not_kept(
    folder: Path, tmp_path: Path, compilations: list[str | None]
) -> None:
    """A template of the next release; or the same one read with other settings, which make other code of it."""
    app, text = made(tmp_path), "{% if true %}\n{{ 1 + 1 }}\n{% endif %}\n"
    folder.mkdir()
    writing = small(app, folder, text)
    writing.bytecode_cache = compiled.Compiling(writing, folder)
    assert writing.get_template("a.html").render() == "2\n"
    before = kept(folder)
    assert len(before) == 1
    compilations.clear()
    assert small(app, folder, text).get_template("a.html").render() == "2\n" and not compilations
    assert small(app, folder, text.replace("+", "-")).get_template("a.html").render() == "0\n"
    assert small(app, folder, text, trim_blocks=False).get_template("a.html").render() == "\n2\n"
    assert len(compilations) == 2 and kept(folder) == before


def test_without_a_folder_every_page_is_there(folder: Path, tmp_path: Path) -> None:
    assert made(tmp_path).test_client().get("/nowhere").status_code == 404 and not folder.exists()


def test_making_them_again_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    app = made(tmp_path)
    compiled.build(app)
    (folder / "__jinja2_gone.cache").write_bytes(b"of a template that is no more")
    before = set(kept(folder))
    compiled.build(app)
    assert set(kept(folder)) == before - {"__jinja2_gone.cache"}
    assert not folder.with_name("compiled.new").exists()
