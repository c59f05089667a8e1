"""Tokens, origins, hosts and start-up: with the protections turned on as in production."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from app import create_app
from app.core.db import database_problems, db
from app.web.edge import headers
from app.web.edge.logs import masked
from tests import databases
from tests.conftest import Browser, Stage
from tests.laws.rooms import told


@pytest.fixture
def strict(app: Flask) -> Iterator[Flask]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_a_post_without_token_changes_nothing_and_loses_nothing(strict: Flask, stage: Stage) -> None:
    answer = stage.admin.post("/devices/end-all", data={"note": "yazdıklarım"})
    assert answer.status_code == 400
    assert "yazdıklarım" in answer.text
    assert "Yeniden gönder" in answer.text


def test_who_has_signed_out_is_told_to_sign_in_before_it_is_sent_again(strict: Flask, stage: Stage) -> None:
    answer = stage.nobody.post("/devices/end-all", data={"note": "yazdıklarım"})
    assert answer.status_code == 400
    assert "yazdıklarım" in answer.text
    assert "Önce başka bir sekmede giriş yapınız" in answer.text


def test_a_post_with_the_page_s_own_token_works(strict: Flask, stage: Stage) -> None:
    page = stage.admin.get("/devices")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None, "/devices has a form without its csrf_token: draw it with `ui.form` or `ui.post_button`"
    assert stage.admin.post("/devices/end-all", data={"csrf_token": token[1]}).status_code == 303


def test_the_sign_in_form_needs_its_token_too(strict: Flask, stage: Stage) -> None:
    assert stage.nobody.post("/sign-in", data={"email": "a@b.example", "password": "x"}).status_code == 400


def test_an_address_that_is_a_secret_is_told_nobody(stage: Stage) -> None:
    """Whoever knows it may enter. Every such address there is, whatever it answers."""
    rules = [rule for rule in stage.app.url_map.iter_rules() if rule.arguments & {"token", "uid"}]
    assert len(rules) >= 8
    told_on = []
    for rule in rules:
        path = re.sub(r"<[^>]+>", "7", rule.rule)
        for method in sorted((rule.methods or set()) & {"GET", "HEAD", "POST"}):
            headers = stage.nobody.open(path, method=method).headers
            whole = headers["Referrer-Policy"] != "strict-origin" or "noindex" not in headers.get("X-Robots-Tag", "")
            if whole or headers["Cache-Control"] != "no-store" or "***" not in masked(path):
                told_on.append(f"{method} {rule}")
    assert not told_on, told(told_on, "Name their first word in `_TOKENS` (app/web/edge/logs.py).")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_redirects_never_leave(stage: Stage, target: str) -> None:
    answer = stage.admin.get("/sign-in", query_string={"next": target})
    assert answer.status_code == 302
    assert answer.location == "/", (
        f"?next={target} leads to {answer.location}: let it pass `safe_target` (app/access/sign_in/pages.py), or mend that"
    )


def test_sqlite_is_set_as_it_must_be(app: Flask) -> None:
    problems = database_problems(db.engine)
    assert problems == [], told(problems, "Each connection is set up by `_connected` with PRAGMAS (app/core/db.py).")


def test_a_get_may_change_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a view changes while answering a GET is gone afterwards."""
    import sqlalchemy as sa

    from app.access.models import Province
    from app.home import queries

    def naughty(*_: object) -> list[object]:
        db.session.execute(sa.update(Province).values(name_tr="Değişti"))
        return []

    monkeypatch.setattr(queries, "own_certificates", naughty)
    stage.staff.get("/me")
    db.session.expire_all()
    assert "Değişti" not in set(db.session.scalars(sa.select(Province.name_tr))), (
        "what a view changed while answering a GET was kept: `_settled` in app/web/edge/transaction.py rolls back"
        " whatever is no POST that succeeded, and nothing below it may commit"
    )


def production(monkeypatch: pytest.MonkeyPatch, **values: str) -> config.Base:
    for name in ("SECRET_KEY", "DATABASE_URL", "MAIL_URL", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    good = {
        "SECRET_KEY": secrets.token_urlsafe(32),
        "DATABASE_URL": "sqlite:////tmp/none.db",
        "MAIL_URL": "file:///tmp/none",
        "PUBLIC_URL": "https://yetkin.example",
    }
    for name, value in {**good, **values}.items():
        if value:
            monkeypatch.setenv(name, value)
    return config.Production()


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "MAIL_URL", "PUBLIC_URL"])
def test_production_refuses_to_start_half_configured(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(config.NotConfigured):
        production(monkeypatch, **{name: ""})


def printed_keys() -> set[str]:
    """Whatever stands as a key anywhere in the repository."""
    root = Path(__file__).resolve().parents[2]
    files = [path for name in ("README.md", "Makefile", "config.py") for path in root.glob(name)]
    for folder in ("app", "docs", "tests", ".ci", "migrations"):
        files += [path for path in (root / folder).rglob("*") if path.suffix in (".py", ".md", ".toml", "")]
    key = re.compile(r"""\w*_KEY(?:_FALLBACKS)?["'\]]*\s*[:=]\s*(?:(["'])(.{8,}?)\1|([^\s"'`,()]{8,}))""")
    texts = (path.read_text("utf-8", errors="replace") for path in files if path.is_file())
    return {quoted or bare for text in texts for _, quoted, bare in key.findall(text)}


def test_the_keys_printed_here_are_found() -> None:
    missing = {config.DEVELOPMENT_KEY, "a key for journeys only"} - printed_keys()
    assert not missing, f"{missing} stands here and is not found: mend the pattern of `printed_keys`"


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
@pytest.mark.parametrize("weak", ["short", "a" * 64, "abcdefghij" * 4, "0123456789abcdefghijklmnopqrstuvwxyz", None])
def test_production_refuses_a_key_anybody_can_guess(
    monkeypatch: pytest.MonkeyPatch, name: str, weak: str | None
) -> None:
    """None: each that can be read in this repository."""
    for key in printed_keys() if weak is None else {weak}:
        with pytest.raises(config.NotConfigured) as refused:
            production(monkeypatch, **{name: key})
        assert key not in str(refused.value)


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (["-m", "flask", "--app", "wsgi", "serve"], {"SECRET_KEY": config.DEVELOPMENT_KEY}),
        (["-m", "flask", "--app", "wsgi", "setup", "--help"], {"SECRET_KEY": config.DEVELOPMENT_KEY}),
        (["-m", "flask", "--app", "wsgi", "db", "upgrade"], {"PUBLIC_URL": "http://yetkin.example"}),
        (["-m", "flask", "--app", "wsgi", "start"], {"MAIL_URL": ""}),
        (["-m", "flask", "--app", "wsgi", "words"], {"YETKIN_ENV": "produktion"}),
        (["-m", "flask", "--app", "wsgi", "serve"], {"TRUSTED_PROXIES": "one"}),
        (["-c", "import wsgi"], {"DATABASE_URL": "mysql://ayse:gizli@db.example/yetkin"}),
        (["-m", "waitress", "--listen=127.0.0.1:0", "wsgi:app"], {"DATABASE_URL": "gizli"}),
        (["-m", "flask", "--app", "wsgi", "words"], {"DATABASE_URL": "postgresql://ayse:gizli@db.example:port/y"}),
        (["-m", "flask", "--app", "wsgi", "words"], {"DATABASE_URL": "postgresql://ayse:giz@gizli@db.example/y"}),
        (["-m", "flask", "--app", "wsgi", "words"], {"DATABASE_URL": "postgresql+none://ayse:gizli@db.example/y"}),
        *(
            (["-m", "flask", "--app", "wsgi", *command.split()], {"DATABASE_URL": f"{scheme}://a:gizli@127.0.0.1:1/y"})
            for scheme, command in (
                ("postgres", "serve"),
                ("postgresql", "start"),
                ("postgres", "setup --email a@b.example --given A --family B"),
                ("postgresql", "users reset-second-factor a@b.example"),
                ("postgresql", "figures recount"),
                ("postgres", "db upgrade"),
            )
        ),
    ],
)
def test_what_is_not_configured_says_so_in_one_sentence(
    tmp_path: Path, command: list[str], wrong: dict[str, str]
) -> None:
    settings = {
        "YETKIN_ENV": "production",
        "YETKIN_INSTANCE": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(32),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}",
        "MAIL_URL": f"file://{tmp_path}",
        "PUBLIC_URL": "https://yetkin.example",
    }
    done = subprocess.run(
        [sys.executable, *command],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, **settings, **wrong},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told_ = done.stderr.strip()
    assert done.returncode != 0, "it ended well: wsgi.py makes SystemExit of NotConfigured (config.py)"
    assert told_.startswith("Error: ") and len(told_.splitlines()) == 1, told_
    assert "gizli" not in told_, "NotConfigured repeats a value that may be secret: name the setting only (config.py)"
    assert not list(tmp_path.iterdir()), "something was made before the settings were checked: see wsgi.py"


@pytest.mark.postgresql
def test_a_database_that_is_not_there_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = sa.make_url(databases.SERVER)
    for named, wrong in ((there.set(database="yok"), "yok"), (there.set(username="yok", password="gizli"), "yok")):
        settings = production(monkeypatch, DATABASE_URL=named.render_as_string(hide_password=False))
        settings.INSTANCE_PATH = tmp_path
        app = create_app(settings)
        with app.app_context():
            (told_,) = database_problems(db.engine)
            db.engine.dispose()
        assert wrong in told_ and "gizli" not in told_ and "\n" not in told_, told_


def test_production_cookies_and_hosts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = production(monkeypatch, DATABASE_URL=f"sqlite:///{tmp_path / 'p.db'}")
    settings.INSTANCE_PATH = tmp_path
    app = create_app(settings)
    app.test_client_class = Browser
    answer = app.test_client().get("/healthz", base_url="https://yetkin.example")
    assert answer.status_code == 200
    assert "Strict-Transport-Security" in answer.headers, (
        "production answers without HSTS: `everywhere` in app/web/edge/headers.py adds it where config.SECURE is set"
    )
    for path, method in (("/healthz", "GET"), ("/people", "GET"), ("/sign-in", "POST")):
        refused = app.test_client().open(path, method=method, base_url="https://evil.example")
        assert refused.status_code == 400, path
        assert {"Strict-Transport-Security", *headers.EVERYWHERE} <= set(refused.headers.keys()), path
    name = app.config["SESSION_COOKIE_NAME"]
    assert name.startswith("__Host-"), f"the cookie {name} may be set by another host: see Production in config.py"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_nothing_of_this_workplace_stands_in_the_repository() -> None:
    """No path of a machine, no registry host, no secret."""
    root = Path(__file__).resolve().parents[2]
    forbidden = re.compile(r"/(root|home|work)/\w|(py[p]i|n[p]mjs)\.org|BEGIN (RSA |EC )?PRIVATE KEY")
    guilty = []
    for folder in ("app", "migrations", "docs", ".ci", "tests"):
        for path in (root / folder).rglob("*"):
            if (
                path.suffix in (".py", ".html", ".md", ".toml", ".po", ".txt", ".js", ".css", ".json", "")
                and path.is_file()
            ):
                if "vendor" in path.parts or path == Path(__file__).resolve():
                    continue
                if match := forbidden.search(path.read_text("utf-8", errors="replace")):
                    guilty.append(f"{path.relative_to(root).as_posix()}: {match.group()}")
    assert not guilty, told(
        guilty,
        "Write paths from the project's folder on, addresses under .example, and read secrets from the environment"
        " (config.py).",
    )


def test_a_static_file_not_modified_carries_the_headers_too(stage: Stage) -> None:
    page = stage.nobody.get("/sign-in").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    first = stage.nobody.get(address)
    first.close()
    again = stage.nobody.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    missing = sorted(set(headers.EVERYWHERE) - (set(first.headers.keys()) & set(again.headers.keys())))
    assert not missing, (
        f"{address} or its 304 lacks {missing}. Whatever answers before Flask stands inside headers.Everywhere, see"
        " `init_app` in app/web/__init__.py."
    )
