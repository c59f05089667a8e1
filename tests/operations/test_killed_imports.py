"""kill -9 while a long staff list is checked or stored: nothing is half there, and the next service goes on by itself."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import time
import urllib.request
from pathlib import Path

import pytest

from tests.operations.test_kill import PASSWORD, Person, first_administrator, kill_everything, signed_in
from tests.serving import Server

ROWS = 10_000
HALILIYE = "Haliliye Belediyesi"


def the_list() -> bytes:
    target = io.StringIO()
    rows = csv.writer(target, delimiter=";")
    rows.writerow(["Sicil No", "Adı Soyadı", "Birimi", "Unvanı", "İstihdam türü"])
    rows.writerows([f"H-{n:05d}", f"Deneme KİŞİ{n:05d}", "Fen İşleri Müdürlüğü", "Uzman", "Memur"] for n in range(ROWS))
    return target.getvalue().encode("utf-8-sig")


def brought(person: Person) -> str:
    """The address of a list that is being checked."""
    page = person.get("/people/import")
    home = re.search(rf'<option value="(\d+)">{HALILIYE}', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert home is not None and token is not None
    fields = {"csrf_token": token[1], "organisation_id": home[1]}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="personel.csv"\r\n\r\n'
    body = b"".join((*parts, file, the_list(), b"\r\n--x--\r\n"))
    asked = urllib.request.Request(
        f"{person.url}/people/import", body, {"Content-Type": "multipart/form-data; boundary=x"}
    )
    with person.opener.open(asked, timeout=30) as answer:
        html, address = answer.read().decode(), str(answer.url).removeprefix(person.url)
    chosen = dict(re.findall(r'name="(column-\d+)".*?value="(\w+)" selected', html, re.DOTALL))
    person.post(f"{address}/columns", html, **chosen)
    return address


def until(folder: Path, question: str, answer: object, seconds: float = 60) -> None:
    """Wait for what the database says."""
    end = time.monotonic() + seconds
    while asked(folder, question) != answer:
        assert time.monotonic() < end, (question, asked(folder, question))
        time.sleep(0.01)


def asked(folder: Path, question: str) -> object:
    database = sqlite3.connect(f"file:{folder / 'yetkin.db'}?mode=ro", uri=True, timeout=10)
    try:
        return database.execute(question).fetchone()[0]
    finally:
        database.close()


def kill_at(folder: Path, server: Server, question: str, answer: object) -> None:
    until(folder, question, answer)
    kill_everything(server)


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    link = first_administrator(tmp_path)
    server = Server(tmp_path)
    person = Person(server.url)
    person.post(link, person.get(link), new_password=PASSWORD, repeat_password=PASSWORD)
    assert server.stop() == 0
    return tmp_path


STATUS = "SELECT status FROM staff_imports"
STAFF = "SELECT count(*) FROM employees"
RUNNING = "SELECT count(*) FROM jobs WHERE status = 'running' AND kind = 'staff_{}'"


def test_a_killed_service_goes_on_with_a_list_and_stores_it_once(installation: Path) -> None:
    server = Server(installation)
    address = brought(signed_in(server))
    # in the midst: a part of ten takes hundredths of a second, and whoever looks for one of them may miss it
    kill_at(installation, server, "SELECT done BETWEEN 1 AND 6 FROM jobs WHERE kind = 'staff_check'", 1)
    assert asked(installation, STATUS) == "checking"
    server = Server(installation)
    until(installation, STATUS, "checked")
    assert asked(installation, "SELECT count(*) FROM staff_import_rows") == ROWS, "no row of a preview stands twice"
    person = signed_in(server)
    page = person.get(address)
    state = re.search(r'name="state" value="(\w+)"', page)
    assert state is not None
    person.post(f"{address}/commit", page, state=state[1])
    kill_at(installation, server, RUNNING.format("store"), 1)
    assert (asked(installation, STATUS), asked(installation, STAFF)) in (("storing", 0), ("committed", ROWS))
    server = Server(installation)
    until(installation, STATUS, "committed")
    assert asked(installation, STAFF) == ROWS
    assert asked(installation, "SELECT count(*) FROM audit_entries WHERE event = 'staff.imported'") == 1
    assert "Eklenen" in signed_in(server).get(address)
    assert server.stop() == 0
