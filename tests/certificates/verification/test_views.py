"""The public door: what it tells, what it never tells, and when it closes."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
import time_machine

from app.access.models import Throttle
from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.codes import printed
from app.certificates.models import Certificate, EndReason
from app.certificates.register import queries as certificates
from app.certificates.register import services as register
from app.certificates.verification import forms
from app.core.db import db
from app.files.models import Document
from app.settings.models import Setting
from tests.cast import Cast
from tests.certificates.stage import Given, issued, person
from tests.conftest import Browser, Stage
from tests.page import Page

UNKNOWN = "0000000000000000"
SHAPE = {
    "status",
    "number",
    "name",
    "kind",
    "course",
    "hours",
    "dates",
    "place",
    "issuer",
    "issued_on",
    "institution",
    "trainers",
    "signatories",
    "revoked",
    "superseded_by",
}


def fresh(stage: Stage) -> Browser:
    browser = stage.app.test_client()
    assert isinstance(browser, Browser)
    return browser


def test_a_valid_certificate_is_told_in_one_line_without_a_cookie(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    answer = fresh(stage).get(f"/d/{made.code}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "noindex" in answer.headers["X-Robots-Tag"]
    for text in ("Geçerli", made.number, "Elif AĞAOĞLU", "Kişisel verilerin korunması", "Protection of personal data"):
        assert text in answer.text, text
    assert "4,5 saat" in answer.text
    assert "9–10 Mart 2026" in answer.text
    assert 'name="robots" content="noindex' in answer.text
    for secret in ("N-001", "ornek.example", "%100", "100,0"):
        assert secret not in answer.text, secret


def test_a_chosen_language_is_remembered_and_nothing_else(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    answer = fresh(stage).get(f"/d/{made.code}?lang=en")
    assert "Valid" in answer.text
    assert "Set-Cookie" in answer.headers


def test_however_it_is_typed_the_canonical_address_answers(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    for typed in (printed(made.code), made.code.lower(), printed(made.code).replace("-", " ")):
        answer = fresh(stage).get("/d", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (302, f"/d/{made.code}"), typed
        if typed != made.code:
            answer = fresh(stage).get(f"/d/{typed}")
            assert (answer.status_code, answer.location) == (302, f"/d/{made.code}"), typed
    wrong = fresh(stage).get("/d?code=yanlış")
    assert wrong.status_code == 422
    assert "yanlış" in wrong.text, "what was typed stays"
    assert fresh(stage).get("/d").status_code == 200


def test_every_unknown_code_hears_the_same(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    texts = set()
    for code in (UNKNOWN, "1234123412341234", "abc", "x" * 300, "'; DROP TABLE certificates"):
        answer = fresh(stage).get(f"/d/{code}")
        assert answer.status_code == 404
        assert "Kayıt bulunamadı" in answer.text
        assert "Set-Cookie" not in answer.headers
        texts.add(Page(answer.text).text)
    assert len(texts) == 1


def test_a_code_with_a_letter_wrong_stands_in_the_field_to_be_corrected(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    found = fresh(stage).get("/d?code=1234-1234 1234-1234", follow_redirects=True)
    assert found.status_code == 404
    assert 'value="1234-1234-1234-1234"' in found.text
    assert 'value="&#34;&gt;abc"' in fresh(stage).get('/d/">abc').text


def test_a_revoked_one_says_when_and_why(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    with time_machine.travel("2026-05-05T21:30:00Z", tick=False):
        register.revoke(made, "Ayşe Öz ile karışmış", public=EndReason.WRONG_PERSON, by=SYSTEM)
        db.session.commit()
    answer = fresh(stage).get(f"/d/{made.code}")
    assert answer.status_code == 200
    assert "İptal edilmiş" in answer.text
    assert "06.05.2026" in answer.text
    assert "Yanlış kişi" in answer.text
    assert "Ayşe Öz" not in answer.text, "what was written stays inside"
    data = fresh(stage).get(f"/d/{made.code}.json")
    assert data.get_json()["revoked"] == {"on": "2026-05-06", "reason": "wrong_person"}
    assert "Ayşe Öz" not in data.text
    assert "Geçerli" not in answer.text


def test_a_superseded_one_leads_to_the_new_one(stage: Stage, given: Given, cast: Cast) -> None:
    old = issued(given, "elif")
    person(cast, "elif").set_identity("Elif", "Demir", "N-001", "e@ornek.example")
    new = register.reissue(
        certificates.certificate(EVERYWHERE, old.id), "Soyadı değişti", public=EndReason.NAME_CHANGE, by=SYSTEM
    )
    db.session.commit()
    answer = fresh(stage).get(f"/d/{old.code}")
    assert "Yenisiyle değiştirilmiş" in answer.text
    assert f'href="/d/{new.code}"' in answer.text
    assert f'href="/d/{old.code}"' in fresh(stage).get(f"/d/{new.code}").text
    assert "Ad değişikliği" in answer.text
    assert "Soyadı değişti" not in answer.text
    assert "Elif AĞAOĞLU" in answer.text
    data = fresh(stage).get(f"/d/{old.code}.json").get_json()
    assert data["status"] == "superseded"
    assert data["superseded_by"] == f"http://127.0.0.1:8000/d/{new.code}"
    assert data["revoked"]["reason"] == "name_change"


def test_machines_get_exactly_the_same_facts(stage: Stage, given: Given) -> None:
    made = issued(given, "elif", at=None)
    answer = fresh(stage).get(f"/d/{made.code}.json")
    assert answer.mimetype == "application/json"
    assert "Set-Cookie" not in answer.headers
    data = answer.get_json()
    assert set(data) == SHAPE
    assert data == {
        "status": "valid",
        "number": made.number,
        "name": "Elif AĞAOĞLU",
        "kind": "success",
        "course": {"tr": "Kişisel verilerin korunması", "en": "Protection of personal data"},
        "hours": 4.5,
        "dates": ["2026-03-09", "2026-03-10"],
        "place": "Gaziantep Eğitim Merkezi",
        "issuer": "Eğitim Programı Koordinasyon Birimi",
        "issued_on": made.issued_on.isoformat(),
        "institution": "Nizip Belediyesi",
        "trainers": ["Dr. Ümit GÜNEŞ"],
        "signatories": [{"name": "Yavuz AYTAÇ", "title": "Program yöneticisi"}],
        "revoked": None,
        "superseded_by": None,
    }
    unknown = fresh(stage).get(f"/d/{UNKNOWN}.json")
    assert unknown.status_code == 404
    assert set(unknown.get_json()) == SHAPE
    assert unknown.get_json()["status"] == "not_found"
    assert fresh(stage).get(f"/d/{printed(made.code)}.json").get_json() == data


def test_the_title_begins_with_the_answer(stage: Stage, given: Given) -> None:
    valid, ended = issued(given, "elif"), issued(given, "isik")
    register.revoke(ended, "Yoklama", by=SYSTEM)
    db.session.commit()
    titles = [fresh(stage).page(f"/d/{made.code}").title for made in (valid, ended)]
    assert titles[0].startswith(f"Geçerli: {valid.number} · ")
    assert titles[1].startswith(f"İptal edilmiş: {ended.number} · ")
    unknown = {Page(fresh(stage).get(f"/d/{code}").text).title for code in (UNKNOWN, "abc")}
    assert len(unknown) == 1
    assert unknown.pop().startswith("Kayıt bulunamadı · ")


def test_one_that_ended_before_reasons_were_chosen_says_other(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    register.revoke(made, "Ayşe Öz ile karışmış", by=SYSTEM)
    made.public_reason = None
    db.session.commit()
    page = fresh(stage).page(f"/d/{made.code}")
    assert "Gerekçe Diğer" in page.text
    assert "Ayşe Öz" not in page.text


def test_a_masked_name_is_only_compared(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    db.session.add(Setting(key="mask_names", value={"value": True}))
    db.session.commit()
    answer = fresh(stage).get(f"/d/{made.code}")
    assert "E*** A******" in answer.text
    assert "AĞAOĞLU" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert fresh(stage).get(f"/d/{made.code}.json").get_json()["name"] == "E*** A******"
    right = fresh(stage).get(f"/d/{made.code}", query_string={"name": "elif agaoglu"})
    assert "belgedeki adla aynı." in right.text
    wrong = fresh(stage).get(f"/d/{made.code}", query_string={"name": "elif demir"})
    assert "aynı değil" in wrong.text


def test_guessing_names_is_counted_like_guessing_codes(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    for _ in range(30):
        fresh(stage).get(f"/d/{made.code}?name=x")
    assert fresh(stage).get(f"/d/{made.code}?name=x").status_code == 429


def test_the_very_file_is_recognised_and_a_changed_one_is_not(
    stage: Stage, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = issued(given, "elif")
    content = db.session.scalars(sa.select(Document.content).where(Document.id == made.document_id)).one()

    def compare(data: bytes) -> tuple[int, str]:
        answer = fresh(stage).post(
            "/d/file", data={"file": (io.BytesIO(data), "belge.pdf")}, content_type="multipart/form-data"
        )
        return answer.status_code, answer.text

    status, text = compare(content)
    assert (status, "birebir aynısıdır" in text, made.number in text) == (200, True, True)
    status, text = compare(content[:-1] + b"!")
    assert (status, made.number in text) == (404, False)
    assert compare(b"")[0] == 422
    monkeypatch.setattr(forms, "LARGEST_FILE", len(content) - 1)
    status, text = compare(content)
    assert (status, "5 MB" in text) == (422, True)
    assert fresh(stage).post("/d/file").status_code == 422


def test_thirty_wrong_codes_close_the_door_for_that_address_only(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    with time_machine.travel("2026-06-01T09:00:00Z", tick=False) as clock:
        for n in range(30):
            headers = {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}", "X-Real-IP": f"10.0.0.{n}"}
            assert fresh(stage).get(f"/d/{UNKNOWN}", headers=headers).status_code == 404, n
        closed = fresh(stage).get(f"/d/{UNKNOWN}", headers={"X-Forwarded-For": "10.9.9.9"})
        assert closed.status_code == 429
        assert 1 <= int(closed.headers["Retry-After"]) <= 601
        assert "Set-Cookie" not in closed.headers
        assert fresh(stage).get(f"/d/{made.code}.json").status_code == 429
        elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert fresh(stage).get(f"/d/{made.code}", environ_base=elsewhere).status_code == 200
        clock.shift(601)
        assert fresh(stage).get(f"/d/{made.code}").status_code == 200
        assert fresh(stage).get(f"/d/{UNKNOWN}").status_code == 404, "the count begins anew"
    stored = db.session.scalars(sa.select(Throttle.key)).all()
    assert not any("127.0.0.1" in key or "192.0.2" in key for key in stored)


def test_right_codes_are_not_counted(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    for _ in range(40):
        assert fresh(stage).get(f"/d/{made.code}").status_code == 200
    assert db.session.scalars(sa.select(Throttle.key)).all() == []


def test_the_page_costs_few_statements_and_shows_no_more_to_those_signed_in(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    page = stage.admin.page(f"/d/{made.code}")
    assert "N-001" not in page.text
    assert EVERYWHERE.get(Certificate, made.id).status.value == "valid"
