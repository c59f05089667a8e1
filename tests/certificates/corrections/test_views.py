"""A mark corrected after finalising: only what the correction has overtaken is replaced or revoked, in one step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.issuing import queries as issuing
from app.certificates.issuing.services import issue
from app.certificates.models import Certificate, CertificateStatus, EndReason
from app.certificates.queries import session_to_certify
from app.completion import services as completion
from app.completion.models import Outcome
from app.core.db import db
from app.core.errors import Refused
from app.training import services as training
from app.training.models import CourseSession, SessionStatus
from tests import factories
from tests.cast import EVENING, Group, group, mark_all
from tests.conftest import Stage

LATER = EVENING.replace(day=24)


def session(stands: Group) -> CourseSession:
    return session_to_certify(EVERYWHERE, stands.session)


def finalise(stands: Group) -> None:
    completion.finalise(session(stands), by=SYSTEM)
    db.session.commit()


def certificates(stands: Group) -> dict[str, list[Certificate]]:
    db.session.expire_all()
    rows = list(db.session.scalars(EVERYWHERE.select(Certificate).order_by(Certificate.id)))
    return {name: [row for row in rows if row.enrolment_id == key] for name, key in stands.enrolments.items()}


@pytest.fixture
def certified(stage: Stage) -> Iterator[Group]:
    """Finalised, all three with a certificate, and opened again; the next day."""
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        factories.signatory()
        mark_all(stands)
        finalise(stands)
        found = session(stands)
        for outcome in issuing.outcomes_to_certify(found):
            issue(found, outcome, by=SYSTEM, tell=False)
        db.session.commit()
    with time_machine.travel(LATER, tick=False):
        stage.admin.post(f"/sessions/{stands.session}/reopen", data={"reason": "Yanlış işaret"})
        assert session(stands).status is SessionStatus.CONFIRMED
        yield stands


def correct(stage: Stage, stands: Group, name: str, sittings: int) -> None:
    """This person was absent from so many sittings; the session is finalised again."""
    key = stands.enrolments[name]
    sent = {f"m-{sitting}-{key}": "absent" for sitting in stands.sittings[:sittings]}
    sent |= {f"w-{sitting}-{key}": "present" for sitting in stands.sittings[:sittings]}
    stage.coordinator.post(f"/sessions/{stands.session}/attendance/cells", data=sent | {"reason": "Düzeltme"})
    finalise(stands)


def test_certificates_stay_valid_while_it_is_open_and_the_untouched_ones_after_it(
    stage: Stage, certified: Group
) -> None:
    assert {row.status for rows in certificates(certified).values() for row in rows} == {CertificateStatus.VALID}
    correct(stage, certified, "elif", 2)
    path = f"/sessions/{certified.session}/certificates"
    assert f"{path}/corrected" in stage.coordinator.page(path).links
    page = stage.coordinator.get(f"{path}/corrected").text
    assert "Elif AĞAOĞLU" in page and "artık belge hakkı yok" in page
    assert "Işık" not in page
    chosen = str(certificates(certified)["elif"][0].id)
    sent = {"chosen": chosen, "public": "attendance", "reason": "Yoklama düzeltildi"}
    assert stage.coordinator.post(f"{path}/corrected", data=sent).status_code == 303
    found = certificates(certified)
    assert (found["elif"][0].status, found["elif"][0].public_reason) == (
        CertificateStatus.REVOKED,
        EndReason.ATTENDANCE,
    )
    assert [row.status for row in (*found["isik"], *found["sukru"])] == [CertificateStatus.VALID] * 2
    assert "Belgelerin hepsi güncel" in stage.coordinator.page(f"{path}/corrected").text


def test_what_all_certificates_say_is_replaced_for_all_in_one_step(stage: Stage, certified: Group) -> None:
    sitting = certified.sittings[3]
    sent = {"state": "not_held", "reason": "Salon kapalıydı", "effective_minutes": "", "version": "1"}
    assert stage.coordinator.post(f"/sittings/{sitting}/state", data=sent).status_code == 303
    finalise(certified)
    path = f"/sessions/{certified.session}/certificates/corrected"
    page = stage.coordinator.get(path).text
    assert page.count("6 → 4,5") == 3
    chosen = [str(rows[0].id) for rows in certificates(certified).values()]
    sent = {"chosen": chosen, "public": "attendance", "reason": "Bir oturum yapılmadı"}
    assert stage.coordinator.post(path, data=sent).status_code == 303
    for rows in certificates(certified).values():
        assert [row.status for row in rows] == [CertificateStatus.SUPERSEDED, CertificateStatus.VALID]
        assert rows[0].superseded_by_id == rows[1].id
        assert rows[1].snapshot["hours_minutes"] == 270
    assert stage.coordinator.post(path, data=sent).status_code == 422, "and not twice"


def test_a_mark_that_changes_no_certificate_leaves_them_all(stage: Stage, certified: Group) -> None:
    mark_count = {row.enrolment_id: row.at for row in db.session.scalars(EVERYWHERE.select(Outcome))}
    finalise(certified)
    assert {row.enrolment_id: row.at for row in db.session.scalars(EVERYWHERE.select(Outcome))} == mark_count
    path = f"/sessions/{certified.session}/certificates/corrected"
    assert "Belgelerin hepsi güncel" in stage.coordinator.page(path).text


def test_nobody_cancels_it_while_certificates_are_valid(stage: Stage, certified: Group) -> None:
    for status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        with pytest.raises(Refused):
            training.move(session(certified), status, by=SYSTEM, reason="x")
        db.session.rollback()


def test_several_are_revoked_at_once(stage: Stage, certified: Group) -> None:
    path = f"/sessions/{certified.session}/certificates/revoke"
    found = certificates(certified)
    chosen = [str(found[name][0].id) for name in ("elif", "isik")]
    assert stage.coordinator.post(path, data={"chosen": chosen, "public": "other", "reason": ""}).status_code == 422
    sent = {"chosen": chosen, "public": "wrong_person", "reason": "Liste karıştı"}
    assert stage.coordinator.post(path, data=sent).status_code == 303
    found = certificates(certified)
    assert [found[name][0].status.value for name in found] == ["revoked", "revoked", "valid"]


def test_others_may_not(stage: Stage, certified: Group) -> None:
    base = f"/sessions/{certified.session}/certificates"
    for page in ("corrected", "revoke"):
        assert stage.coordinator_elsewhere.get(f"{base}/{page}").status_code == 404
        for who in (stage.trainer, stage.focal_point, stage.viewer):
            assert who.get(f"{base}/{page}").status_code == 403
    key = certificates(certified)["elif"][0].id
    sent = {"chosen": str(key), "public": "other", "reason": "x"}
    assert stage.coordinator_elsewhere.post(f"{base}/revoke", data=sent).status_code == 404
    mine = group(stage.cast, ordinal=4)
    answer = stage.coordinator.post(f"/sessions/{mine.session}/certificates/revoke", data=sent)
    assert answer.status_code == 422, "one of another session is no choice here"
    assert certificates(certified)["elif"][0].status is CertificateStatus.VALID
