"""Issuing: what is frozen, what is refused, what leaves no gap."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
import zxingcpp

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.audit.models import AuditEntry
from app.catalogue.models import Course
from app.certificates import queries as certificates
from app.certificates import snapshot
from app.certificates.issuing import numbers, queries, services
from app.certificates.models import Certificate, CertificateCounter
from app.certificates.register import queries as register
from app.certificates.register import services as register_services
from app.completion.models import DocumentKind
from app.core.db import db
from app.core.errors import Refused
from app.files.models import Document
from app.post.links import LINK
from app.post.models import Message
from app.settings.models import Setting, Signatory
from app.trainers.models import Trainer
from app.training.models import SessionStatus
from tests.cast import Cast
from tests.certificates.stage import Given, issued, person, session_of
from tests.conftest import Stage
from tests.paper.reading import picture_of, text_of


def count() -> int:
    return db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(Certificate), Certificate)) or 0


def bytes_of(certificate: Certificate) -> bytes:
    return db.session.scalars(sa.select(Document.content).where(Document.id == certificate.document_id)).one()


def test_a_certificate_says_what_was_true_when_it_was_issued(given: Given, cast: Cast) -> None:
    made = issued(given, "elif")
    facts = made.snapshot
    assert facts["printed_name"] == made.printed_name == "Elif AĞAOĞLU"
    assert (facts["first_date"], facts["last_date"]) == ("2026-03-09", "2026-03-10"), "the last day was not held"
    assert facts["hours_minutes"] == 270
    assert facts["place_tr"] == "Gaziantep Eğitim Merkezi"
    assert facts["trainers"] == ["Dr. Ümit GÜNEŞ"]
    assert facts["signatories"] == [
        {"name": "Yavuz Aytaç", "title_tr": "Program yöneticisi", "title_en": "Programme manager"}
    ]
    assert (facts["kind"], made.kind) == ("success", DocumentKind.SUCCESS)
    assert {"organisation_tr", "organisation_en", "course_tr", "course_en", "template_version", "language"} <= set(
        facts
    )
    before = bytes_of(made)

    person(cast, "elif").set_identity("Elif", "Evli", "N-001", "elif@ornek.example")
    db.session.get_one(Course, given.course).name_tr = "Başka bir ad"
    db.session.add(Setting(key="institution_tr", value={"value": "Başka kurum"}))
    db.session.commit()
    again = register.certificate(EVERYWHERE, made.id)
    assert again.snapshot == facts
    assert bytes_of(again) == before
    assert hashlib.sha256(before).hexdigest() == db.session.get_one(Document, made.document_id).sha256
    assert snapshot.paper_of(again, {}).course == "Kişisel verilerin korunması"


def test_the_drawn_page_leads_to_its_verification(given: Given) -> None:
    made = issued(given, "elif")
    pdf = bytes_of(made)
    text = text_of(pdf)
    assert "Elif AĞAOĞLU" in text
    assert made.number in text
    assert "BAŞARI BELGESİ" in text
    found = [code.text for code in zxingcpp.read_barcodes(picture_of(pdf))]
    assert found == [f"http://127.0.0.1:8000/d/{made.code}"]


def test_the_holder_decides_the_language(given: Given, cast: Cast) -> None:
    EVERYWHERE.get(User, cast.users["staff"]).language = "en"
    db.session.commit()
    made = issued(given, "elif")
    assert made.language == "en"
    assert "CERTIFICATE OF ACHIEVEMENT" in text_of(bytes_of(made))
    assert issued(given, "isik").language == "tr"
    letter = db.session.scalars(sa.select(Message).where(Message.occasion == f"certificate:{made.id}")).one()
    assert letter.subject == "Your certificate is ready: Protection of personal data"
    assert f"http://127.0.0.1:8000/d/{made.code}" in letter.body


def test_whom_the_letter_does_not_reach_is_told_by_somebody(stage: Stage, given: Given) -> None:
    """A certificate and a letter of thanks: a task of whoever runs the session, until it is done."""
    holder, trainer = person(stage.cast, "isik"), EVERYWHERE.get(Trainer, given.trainer)
    holder.email, trainer.email, trainer.user_id = "", "", None
    db.session.commit()
    issued(given, "elif")
    assert "Telefonla bildirilecek" not in stage.coordinator.page("/").text
    sheet = f"/sessions/{given.session}/enrolments/untold"
    assert "Belge hazır" not in stage.coordinator.page(sheet).text, "Işık's is not issued yet"
    issued(given, "isik")
    course_session = session_of(given)
    giving = {one.id: one for one, _ in certificates.trainers_of(course_session)}
    services.issue_thanks(course_session, giving[trainer.id], by=SYSTEM)
    db.session.commit()
    assert "Telefonla bildirilecek: 2 kişi" in stage.coordinator.page("/").text
    assert "Telefonla bildirilecek" not in stage.coordinator_elsewhere.page("/").text
    path = f"/sessions/{given.session}/enrolments"
    assert "E-postası yok: 2 kişi. Işık Çınar, Dr. Ümit Güneş" in stage.coordinator.page(path).text
    told_of = stage.coordinator.page(sheet).text
    assert "Belge hazır" in told_of and "Elif" not in told_of
    assert "Işık Çınar" in told_of and "Dr. Ümit Güneş" in told_of
    for told in (
        f"/enrolments/{given.enrolments['isik']}/told",
        f"/sessions/{given.session}/trainers/{trainer.id}/told",
    ):
        assert stage.coordinator.post(told, data={"back": "phone"}).status_code == 303
    assert "Telefonla bildirilecek" not in stage.coordinator.page("/").text
    assert "E-postası yok" not in stage.coordinator.page(path).text


def test_numbers_count_by_year_and_province_of_the_date_in_istanbul(given: Given) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 20, 59, tzinfo=UTC), tick=False):
        assert issued(given, "elif").number == "2026/GAZ/0001"
    with time_machine.travel(datetime(2026, 12, 31, 21, 0, tzinfo=UTC), tick=False):
        made = issued(given, "isik")
        assert made.number == "2027/GAZ/0001"
        assert made.issued_on.isoformat() == "2027-01-01"
        assert issued(given, "zeynep").number == "2027/ERZ/0001"


def test_a_number_grows_past_9999_and_stands_for_the_programme_where_there_is_no_province(given: Given) -> None:
    session_of(given).province_id = None
    db.session.add(CertificateCounter(year=2026, series="PRG", last=9999))
    db.session.commit()
    db.session.expire_all()
    assert issued(given, "elif", at=datetime(2026, 5, 4, tzinfo=UTC)).number == "2026/PRG/10000"


def test_a_rollback_leaves_no_gap(given: Given) -> None:
    course_session = session_of(given)
    outcome = queries.outcomes_to_certify(course_session, [given.enrolments["elif"]])[0]
    first = services.issue(course_session, outcome, by=SYSTEM).number
    db.session.rollback()
    assert count() == 0
    assert issued(given, "elif").number == first


def test_one_valid_certificate_for_an_enrolment(given: Given) -> None:
    first = issued(given, "elif")
    with pytest.raises(Refused, match=first.number):
        issued(given, "elif")
    db.session.rollback()
    assert count() == 1
    assert numbers.take(first.issued_on, "GAZ").endswith("0002"), "the refusal took no number"


def test_the_schema_itself_forbids_a_second_valid_one(given: Given) -> None:
    first = issued(given, "elif")
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(
            sa.insert(Certificate).from_select(
                [c.name for c in Certificate.__table__.columns if c.name not in ("id", "number", "code")]
                + ["number", "code"],
                EVERYWHERE.restrict(
                    sa.select(
                        *[c for c in Certificate.__table__.columns if c.name not in ("id", "number", "code")],
                        sa.literal("2026/GAZ/9999"),
                        sa.literal("0" * 16),
                    ),
                    Certificate,
                ).where(Certificate.id == first.id),
            )
        )
    db.session.rollback()


def test_nothing_is_issued_that_is_not_due(given: Given) -> None:
    with pytest.raises(Refused, match=r"Devam koşulu|Attendance"):
        issued(given, "sukru")
    db.session.rollback()
    session_of(given).status = SessionStatus.CONFIRMED
    db.session.commit()
    with pytest.raises(Refused):
        issued(given, "elif")


def test_nothing_is_issued_without_a_signatory_or_a_sitting(given: Given) -> None:
    db.session.execute(sa.delete(Signatory))
    db.session.commit()
    with pytest.raises(Refused):
        issued(given, "elif")


def test_a_name_the_typefaces_lack_is_refused_and_takes_no_number(given: Given, cast: Cast) -> None:
    person(cast, "elif").set_identity("Elif 李", "Ağaoğlu", "N-001", "elif@ornek.example")
    db.session.commit()
    course_session = session_of(given)
    outcome = queries.outcomes_to_certify(course_session, [given.enrolments["elif"]])[0]
    with pytest.raises(Refused, match="李"), db.session.begin_nested():
        services.issue(course_session, outcome, by=SYSTEM)
    db.session.commit()
    assert issued(given, "isik").number.endswith("0001")


def test_a_trainer_is_thanked_once_for_the_sittings_she_gave(given: Given) -> None:
    course_session = session_of(given)
    trainer = certificates.trainers_of(course_session)[0][0]
    made = services.issue_thanks(course_session, trainer, by=SYSTEM)
    db.session.commit()
    assert made.kind is DocumentKind.THANKS
    assert made.trainer_id == given.trainer
    assert (made.snapshot["first_date"], made.snapshot["last_date"]) == ("2026-03-09", "2026-03-09")
    assert made.snapshot["hours_minutes"] == 180
    assert "TEŞEKKÜR BELGESİ" in text_of(bytes_of(made))
    with pytest.raises(Refused):
        services.issue_thanks(course_session, trainer, by=SYSTEM)
    db.session.rollback()
    new = register_services.reissue(register.certificate(EVERYWHERE, made.id), "Unvanı eksik", by=SYSTEM)
    db.session.commit()
    assert new.trainer_id == given.trainer


def test_who_cannot_sign_in_downloads_the_certificate_by_a_personal_link(given: Given, cast: Cast) -> None:
    issued(given, "elif")
    account = person(cast, "elif").user_id
    account_less = person(cast, "isik")
    account_less.set_identity("Işık", "Çelik", "N-002", "isik@ornek.example")
    issued(given, "isik")
    bodies = {row.to_address: row.body for row in db.session.scalars(sa.select(Message))}
    assert account is not None
    for address, body in bodies.items():
        assert ("/certificates/" in body) == (address != "isik@ornek.example")
        assert (LINK in body) == (address == "isik@ornek.example")


def test_the_audit_holds_ids_and_no_names(given: Given) -> None:
    made = issued(given, "elif")
    register_services.revoke(made, "Yanlış kişiye verildi", by=SYSTEM)
    db.session.commit()
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event.startswith("certificate.")).order_by(AuditEntry.id)
    ).all()
    assert [entry.event for entry in entries] == ["certificate.issued", "certificate.revoked"]
    assert entries[0].facts == {"certificate_id": made.id, "course_session_id": given.session, "kind": "success"}
    assert "Elif" not in str([entry.facts for entry in entries])
