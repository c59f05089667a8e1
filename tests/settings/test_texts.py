"""Letters in other words: plain placeholders, the facts as they are, and the way back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core.db import db
from app.enrolment.notices.services import ANSWERS
from app.enrolment.seats import services as seats
from app.post import occasions
from app.post.links import LINK
from app.post.models import Message
from app.settings.texts import queries
from tests.cast import By
from tests.conftest import Stage
from tests.enrolment.stage import course_session, enrolled

INVITATION = "/settings/texts/enrolment.notices.invitation/tr"
LETTERS = "certificates.issuing.ready", "enrolment.notices.invitation", "training.assignments.trainer_asked"
OF_GROUPS = "invitation", "change", "cancellation", "removal", "double"


def test_every_letter_can_be_reworded_in_both_languages(app: Flask) -> None:
    """Each begins with a greeting and a paragraph of its own, which the form shows with what is filled in."""
    assert {*LETTERS, *(f"programme.groups.{each}" for each in OF_GROUPS)} < set(occasions.LETTERS.here)
    for letter in occasions.LETTERS.here.values():
        for language, dear in (("tr", "Sayın "), ("en", "Dear ")):
            words = queries.original(letter, language)
            for about in {"course", "group"} & set(letter.placeholders):  # a needs analysis is about neither
                assert f"{{{about}}}" in words.subject and f"{{{about}}}" in words.opening, letter
            assert words.subject and words.opening, letter
            assert not words.opening.startswith("- "), letter
            _, body = queries.preview(letter, language, words)
            assert body.startswith(dear), letter


def test_only_administrators_reword(stage: Stage) -> None:
    assert stage.coordinator.get(INVITATION).status_code == 403
    text = stage.admin.get(INVITATION).text
    assert "Davet: {course}, {date}" in text
    assert stage.admin.get("/settings/texts/nothing/tr").status_code == 404
    assert stage.admin.get("/settings/texts").status_code == 200


def save(stage: Stage, **fields: str) -> int:
    plain = {"subject": "Davet: {course}", "opening": "Buyurunuz: {course} ({code})", "closing": "", "version": "0"}
    return int(stage.admin.post(INVITATION, data=plain | fields).status_code)


def invitation(stage: Stage) -> Message:
    session = course_session()
    enrolled(session, stage.cast.employees["elif"])
    seats.confirm(session, by=By())
    db.session.commit()
    return db.session.scalars(sa.select(Message).where(Message.occasion.startswith("invite:"))).one()


def test_the_next_letter_says_it_in_the_new_words(stage: Stage) -> None:
    assert save(stage, subject="{course} için davet", closing="Kimliğinizi getiriniz.\n\n{name}") == 303
    text = stage.admin.get(INVITATION).text
    assert "Vaka yönetimi için davet" in text and "Özgün metne dön" in text
    mail = invitation(stage)
    greeting, opening, days, *_, closing, name, institution = mail.body.strip().split("\n\n")
    assert mail.subject == "Vaka yönetimi için davet" and greeting == "Sayın Elif Ağaoğlu,"
    assert opening == "Buyurunuz: Vaka yönetimi (BK-02/1)" and days.startswith("- ")
    assert (closing, name) == ("Kimliğinizi getiriniz.", "Elif Ağaoğlu")
    assert institution == "Eğitim Programı Koordinasyon Birimi"
    assert mail.link_kind == ANSWERS and LINK in mail.body


def test_what_is_put_in_is_not_read_as_a_placeholder_or_a_template(stage: Stage) -> None:
    assert save(stage, opening="{ 7 * 7 } {course}") == 422
    assert save(stage, opening="{course} {% if x %}") == 422
    assert save(stage, opening="{name.__class__}") == 422
    assert save(stage, subject="{kurs}") == 422
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.event.like("letter.%")))
        == 0
    )


@pytest.mark.parametrize("field", ["subject", "opening"])
def test_neither_subject_nor_first_paragraph_may_be_empty(stage: Stage, field: str) -> None:
    assert save(stage, **{field: " "}) == 422


def test_back_to_the_original(stage: Stage) -> None:
    assert save(stage, closing="Kimliğinizi getiriniz.") == 303
    assert save(stage, closing="Başka") == 409, "somebody else was faster"
    assert stage.admin.post(f"{INVITATION}/restore").status_code == 303
    assert "Kimliğinizi" not in stage.admin.get(INVITATION).text
    assert "Kimliğinizi" not in invitation(stage).body
    rows = db.session.execute(
        sa.select(AuditEntry.event, AuditEntry.facts).where(AuditEntry.event.like("letter.%")).order_by(AuditEntry.id)
    )
    (_, facts), (restored, _) = rows.all()
    assert facts["fields"] == ["subject", "opening", "closing"] and restored == "letter.restored"
    assert "Kimliğinizi" not in str(facts)


def test_what_is_typed_is_seen_before_it_is_saved(stage: Stage) -> None:
    typed = {"subject": "Gelin: {course}", "opening": "Sizi bekliyoruz: {course}", "closing": "Bitti.", "version": "0"}
    shown = stage.admin.post(f"{INVITATION}/preview", data=typed)
    assert shown.status_code == 200
    for words in ("Gelin: Vaka yönetimi", "Sizi bekliyoruz: Vaka yönetimi", "Gelin: {course}", 'data-guard="dirty"'):
        assert words in shown.text, words
    assert "Bekliyoruz" not in invitation(stage).body and "Özgün metne dön" not in stage.admin.get(INVITATION).text
    wrong = stage.admin.post(f"{INVITATION}/preview", data=typed | {"opening": "{kurs}"})
    assert wrong.status_code == 422 and "{kurs}" in wrong.text
    assert stage.coordinator.post(f"{INVITATION}/preview", data=typed).status_code == 403
