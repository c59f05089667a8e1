"""Staff lists as tests bring them, and what is done with them in a browser."""

from __future__ import annotations

import csv
import io
import re

import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.people.models import Employee
from tests.conftest import Browser

HEAD = ["Sicil No", "Adı Soyadı", "Birimi", "Unvanı", "İstihdam türü", "Cinsiyeti", "E-posta", "Telefon"]
UNIT = "Sosyal Yardım İşleri Müdürlüğü"
AZAD: list[object] = ["N-100", "Azad KARACA", UNIT, "Uzman", "Memur", "Erkek", "azad.karaca@nizip.example", ""]
ROJIN: list[object] = ["N-101", "Rojin ÖZ", UNIT, "Uzman", "İşçi", "K", "rojin.oz@nizip.example", ""]
NIZIP, SAHINBEY, YAKUTIYE = 1, 2, 3


def text(*rows: list[object], head: list[str] = HEAD) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows([head, *rows])
    return target.getvalue().encode("utf-8-sig")


def send(
    browser: Browser, data: bytes, name: str = "personel.csv", organisation_id: int = NIZIP, **more: str
) -> TestResponse:
    sent = {"organisation_id": str(organisation_id), "file": (io.BytesIO(data), name), **more}
    return browser.post("/people/import", data=sent)


def settle(browser: Browser, address: str, **chosen: str) -> TestResponse:
    """Take the columns as they were understood, but for those chosen."""
    html = browser.page(address).html
    fields = re.findall(r'<select[^>]* name="(column-\d+)".*?</select>', html, re.DOTALL)
    found = {}
    for field, body in re.findall(r'<select[^>]* name="(column-\d+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        selected = re.search(r'value="(\w*)" selected', body)
        found[field] = selected[1] if selected else ""
    assert fields
    return browser.post(f"{address}/columns", data=found | chosen)


def checked(
    browser: Browser, *rows: list[object], head: list[str] = HEAD, organisation_id: int = NIZIP, **more: str
) -> str:
    """The address of a list whose rows were checked."""
    answer = send(browser, text(*rows, head=head), organisation_id=organisation_id, **more)
    assert answer.status_code == 303, answer.text
    address = str(answer.location)
    answer = settle(browser, address)
    assert answer.status_code == 303, answer.text
    return address


def state_of(browser: Browser, address: str) -> str:
    found = re.search(r'name="state" value="(\w+)"', browser.page(address).html)
    assert found is not None
    return found[1]


def store(browser: Browser, address: str) -> TestResponse:
    return browser.post(f"{address}/commit", data={"state": state_of(browser, address)})


def kinds(browser: Browser, address: str) -> dict[str, int]:
    """How many rows of each kind a preview counts."""
    html = browser.page(address).html
    options = re.findall(r'<option value="(\w+)"[^>]*>[^<]*\((\d+)\)</option>', html)
    return {kind: int(count) for kind, count in options if count != "0"}


def person(registry_no: str) -> Employee | None:
    db.session.expire_all()
    return db.session.scalar(EVERYWHERE.select(Employee).where(Employee.registry_no == registry_no))


def staff() -> int:
    return db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(Employee.id)), Employee)) or 0
