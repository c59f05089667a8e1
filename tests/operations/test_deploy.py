"""What deploy/ hands to systemd, Caddy and nginx is true to the program: commands, limits, paths, headers."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask
from flask.cli import FlaskGroup

import config
from app import serving
from app.files.workbook import TABLE_REQUEST
from app.operations.backups.rules import GRACE
from tests.laws.test_docs import follow, read_by
from tests.serving import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
ALWAYS = [unit for unit in UNITS if unit.stem != "yetkin-backup"]
CADDY, NGINX = ((DEPLOY / name).read_text("utf-8") for name in ("Caddyfile", "nginx.conf"))
HOME, STATE, COPIES = "/opt/yetkin", "/var/lib/yetkin", "/var/backups/yetkin"
OVERHEAD = 64  # descriptors of a web process that are no client's: listener, database, log, files it reads


def said(unit: Path) -> dict[str, list[str]]:
    """The values of each setting of a unit, in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def settings() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "yetkin.env").read_text("utf-8"), re.MULTILINE))


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        pytest.skip(f"{name} is not on this machine: its file is NOT VERIFIED")
    return found


def run(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# --- systemd --------------------------------------------------------------------------------------------


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """All of them, with this program in the place of the installed one."""
    for unit in DEPLOY.glob("yetkin-*"):
        text = unit.read_text("utf-8").replace(f"{HOME}/.venv/bin/flask", str(Path(sys.executable).with_name("flask")))
        (tmp_path / unit.name).write_text(text.replace(HOME, str(ROOT)))
    return sorted(tmp_path.iterdir())


def test_systemd_takes_the_units_without_a_word(units: list[Path]) -> None:
    assert not run(program("systemd-analyze"), "verify", *units)


def test_the_units_may_little(units: list[Path]) -> None:
    """Exposure of 2.0 at most, of 10; what systemd itself calls OK."""
    for unit in units:
        if unit.suffix == ".service":
            run(program("systemd-analyze"), "security", "--offline=yes", "--threshold=20", unit)


def test_each_unit_runs_a_command_there_is(app: Flask) -> None:
    flask = FlaskGroup()
    flask.commands.update(app.cli.commands)
    run = {}
    for unit in UNITS:
        (line,) = said(unit)["ExecStart"]
        assert line.startswith(f"{HOME}/.venv/bin/flask --app wsgi "), line
        run[unit.stem], unknown = follow(flask, line.partition("wsgi ")[2].split())
        assert not unknown, (unit.name, unknown)
    assert run == {"yetkin-web": "web", "yetkin-worker": "worker", "yetkin-backup": "backup"}


def test_what_is_begun_may_end_and_every_client_has_a_descriptor() -> None:
    for unit in ALWAYS:
        (stop,), (files,) = said(unit)["TimeoutStopSec"], said(unit)["LimitNOFILE"]
        assert int(stop) > serving.STOP_SECONDS
        assert int(files) >= serving.CONNECTIONS + OVERHEAD
        assert said(unit)["KillMode"] == ["mixed"], "the supervisor alone is told, and tells its children"
        assert said(unit)["Restart"] == ["always"], "also where the database was away at the start"
        assert said(unit)["StartLimitIntervalSec"] == ["0"], "however often"


def test_units_write_where_the_settings_say_and_nowhere_else() -> None:
    chosen = settings()
    assert (chosen["YETKIN_INSTANCE"], chosen["BACKUP_FOLDER"]) == (STATE, COPIES)
    for unit in UNITS:
        values = said(unit)
        assert values["WorkingDirectory"] == [HOME]
        assert values["User"] == values["Group"] == ["yetkin"]
        assert [f"/var/lib/{name}" for name in values["StateDirectory"]] == [STATE]
        assert values["StateDirectoryMode"] == ["0700"] and values["UMask"] == ["0077"]
        assert values["ReadWritePaths"] == [f"-{COPIES}"]


def test_the_timer_comes_after_the_worker_and_before_it_is_missed() -> None:
    (at,) = said(DEPLOY / "yetkin-backup.timer")["OnCalendar"]
    hour, minute = map(int, re.findall(r"(\d\d):(\d\d):00 Europe/Istanbul", at)[0])
    after = hour + minute / 60 - config.Testing().BACKUP_HOUR
    assert 0 < after < GRACE.total_seconds() / 3600


# --- settings -------------------------------------------------------------------------------------------


def test_the_settings_are_the_program_s_and_start_a_production() -> None:
    read = set(read_by(ROOT / "config.py")) | set(read_by(ROOT / "app/serving.py"))
    chosen = settings()
    assert not chosen.keys() - read
    filled = chosen | {"SECRET_KEY": secrets.token_urlsafe(32)}
    with patch.dict("os.environ", filled, clear=True):
        made = config.Production()
    assert made.TRUSTED_HOSTS == ["yetkin.example"] and made.TRUSTED_PROXIES == 1
    assert str(made.INSTANCE_PATH) == STATE
    with patch.dict("os.environ", chosen, clear=True), pytest.raises(config.NotConfigured, match="SECRET_KEY"):
        config.Production()


def test_a_folder_named_in_the_file_of_settings_is_the_one_that_is_used(tmp_path: Path) -> None:
    """Whatever folder the command is run in: else it would work beside the installation, on an empty one."""
    (tmp_path / ".env").write_text(f"YETKIN_ENV=development\nYETKIN_INSTANCE={tmp_path / 'elsewhere'}\n")
    with patch.dict("os.environ", clear=True), patch.object(config, "ROOT", tmp_path):
        assert tmp_path / "elsewhere" == config.chosen().INSTANCE_PATH


# --- proxies --------------------------------------------------------------------------------------------


def test_proxies_let_through_what_a_page_can_refuse() -> None:
    taken = config.Testing().MAX_TAKEN_IN
    assert taken > TABLE_REQUEST
    for text, unit in ((CADDY, "MiB"), (NGINX, "m")):
        (size,) = re.findall(rf"(?:max_size|client_max_body_size) (\d+){unit}\b", text)
        assert int(size) * 1024**2 == taken


def test_proxies_lead_to_the_port_that_is_served() -> None:
    there = f"127.0.0.1:{settings()['PORT']}"
    assert f"reverse_proxy {there} " in CADDY and f"proxy_pass http://{there};" in NGINX


def test_nginx_says_itself_what_we_believe_of_it(app: Flask) -> None:
    """Caddy sets these by itself, and drops what a client says."""
    believed = serving.trusted(1, "127.0.0.1")["trusted_proxy_headers"]
    told = dict(re.findall(r"proxy_set_header (\S+) +(\S+);", NGINX))
    assert believed <= {name.lower() for name in told}
    assert told["X-Forwarded-For"] == "$remote_addr", "added to, it would carry what a browser claims"
    assert told["Host"] == told["X-Forwarded-Host"] == "$host"


def test_packing_is_left_to_us() -> None:
    assert "gzip off;" in NGINX
    assert not re.search(r"^\s*(encode|gzip on)", CADDY + NGINX, re.MULTILINE)


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    caddy = program("caddy")
    said = run("env", f"HOME={tmp_path}", caddy, "validate", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile")
    assert "Valid configuration" in said


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    nginx, whole = program("nginx"), tmp_path / "nginx.conf"
    text = NGINX.replace("listen 80;", "listen 127.0.0.1:18080;").replace("listen [::]:80;", "")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {tmp_path / kind};\n" for kind in kinds)
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n")
    run(nginx, "-t", "-e", tmp_path / "errors", "-p", tmp_path, "-c", whole)
