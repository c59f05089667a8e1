"""Two records that are one person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.audit import journal
from app.audit.models import AccessEntry, AuditEntry
from app.core.db import db
from app.core.errors import Refused
from app.people.events import EmployeesMerged
from app.people.models import Employee, Unit
from tests.conftest import Stage
from tests.factories import employee, user
from tests.people.conftest import fresh


@pytest.fixture
def twin(stage: Stage) -> int:
    """Işık Çınar once more, mistyped, at the neighbouring municipality, with a phone."""
    return employee("Işik", "Çinar", "Ş-777", 2, phone="0342 555 00 00").id


def both(stage: Stage, twin: int, keep: int | None = None) -> dict[str, int]:
    return {"with": twin, "keep": keep or stage.cast.employees["isik"]}


def test_likely_twins_are_suggested_with_the_reason(stage: Stage, twin: int) -> None:
    page = stage.coordinator.page(f"/people/{stage.cast.employees['isik']}/merge").text
    assert "Işik Çinar" in page and "Benzer ad" in page and "Elif" not in page


def test_one_letter_wrong_is_still_suggested_and_a_foreign_twin_is_not(stage: Stage) -> None:
    employee("Işık", "Çnar", "N-900", 1)
    employee("Işık", "Çınar", "Y-900", 3)
    page = stage.coordinator.page(f"/people/{stage.cast.employees['isik']}/merge").text
    assert "Çnar" in page and "Y-900" not in page


def test_the_same_address_is_a_reason(stage: Stage) -> None:
    other = employee("Bambaşka", "Biri", "N-901", 1)
    other.set_identity("Bambaşka", "Biri", "N-901", "isik.N-002@ornek.example")
    page = stage.coordinator.page(f"/people/{stage.cast.employees['isik']}/merge").text
    assert "Bambaşka" in page and "Aynı e-posta" in page


def test_anybody_in_the_scope_is_found_by_typing(stage: Stage) -> None:
    path = f"/people/{stage.cast.employees['isik']}/merge?q="
    assert "Şükrü" in stage.coordinator.page(path + "sukru").text
    assert "Zeynep Y" not in stage.coordinator.page(path + "zeynep").text


def test_both_stand_side_by_side_before_anything_happens(stage: Stage, twin: int) -> None:
    key = stage.cast.employees["isik"]
    page = stage.coordinator.page(f"/people/{key}/merge?with={twin}")
    assert "N-002" in page.text and "Ş-777" in page.text and "0342 555 00 00" in page.text
    assert f"/people/{key}/merge?with={twin}&keep={twin}" in {link.replace("&amp;", "&") for link in page.links}
    confirm = stage.coordinator.page(f"/people/{key}/merge?with={twin}&keep={key}").text
    assert "0342 555 00 00" in confirm and "geri alınamaz" in confirm
    assert fresh(twin).active, "looking changes nothing"
    seen = db.session.scalars(sa.select(AccessEntry.facts).where(AccessEntry.event == "person.viewed")).all()
    assert {f["employee_id"] for f in seen} == {key, twin}, "both cards were seen"


def test_the_merged_record_becomes_inactive_and_leads_to_the_kept_one(stage: Stage, twin: int) -> None:
    key = stage.cast.employees["isik"]
    answer = stage.coordinator.post(f"/people/{key}/merge", data=both(stage, twin))
    assert (answer.status_code, answer.location) == (303, f"/people/{key}")
    merged, kept = fresh(twin), fresh(key)
    assert (merged.active, merged.merged_into_id) == (False, key)
    assert kept.phone == "0342 555 00 00", "missing contact data is taken over"
    assert kept.email == "isik.N-002@ornek.example" and kept.registry_no == "N-002", "and nothing else"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "person.merged")).one()
    assert entry.facts == {"kept_id": key, "merged_id": twin}
    page = stage.coordinator.get(f"/people/{twin}", follow_redirects=True)
    assert page.request.path == f"/people/{key}" and "birleştirilmiş" in page.text
    assert "Işik Çinar" not in stage.coordinator.page("/people").text


def test_the_other_one_may_be_kept(stage: Stage, twin: int) -> None:
    key = stage.cast.employees["isik"]
    assert stage.coordinator.post(f"/people/{key}/merge", data=both(stage, twin, twin)).location == f"/people/{twin}"
    assert fresh(key).merged_into_id == twin and fresh(twin).email == "isik.Ş-777@ornek.example"


def test_contact_data_that_is_there_is_never_overwritten(stage: Stage, twin: int) -> None:
    key = stage.cast.employees["isik"]
    fresh(key).phone = "0342 111 11 11"
    stage.coordinator.post(f"/people/{key}/merge", data=both(stage, twin))
    assert fresh(key).phone == "0342 111 11 11"


def test_rights_on_both_are_needed(stage: Stage) -> None:
    here, there = stage.cast.employees["isik"], stage.cast.employees["zeynep"]
    for who, path, other in (("coordinator", here, there), ("coordinator_elsewhere", there, here)):
        browser = getattr(stage, who)
        assert browser.get(f"/people/{path}/merge?with={other}").status_code == 404
        assert browser.post(f"/people/{path}/merge", data={"with": other, "keep": path}).status_code == 404
        assert browser.post(f"/people/{other}/merge", data={"with": path, "keep": path}).status_code == 404
    assert fresh(here).active and fresh(there).active
    assert stage.focal_point.get(f"/people/{here}/merge").status_code == 403
    assert stage.admin.post(f"/people/{here}/merge", data={"with": there, "keep": here}).status_code == 303


def test_one_record_twice_is_refused(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    assert stage.coordinator.get(f"/people/{key}/merge?with={key}").status_code == 422
    answer = stage.coordinator.post(f"/people/{key}/merge", data={"with": key, "keep": key})
    assert answer.status_code == 422 and "iki ayrı kayıt değil" in answer.text
    assert fresh(key).active


@pytest.mark.parametrize("fields", [{}, {"with": "x", "keep": "1"}, {"with": "3", "keep": "4"}, {"with": "3"}])
def test_nonsense_is_missing(stage: Stage, fields: dict[str, str]) -> None:
    assert stage.coordinator.post(f"/people/{stage.cast.employees['isik']}/merge", data=fields).status_code == 404


def test_a_merged_record_is_not_merged_again_nor_changed(stage: Stage, twin: int) -> None:
    key = stage.cast.employees["isik"]
    stage.coordinator.post(f"/people/{key}/merge", data=both(stage, twin))
    again = stage.coordinator.post(f"/people/{stage.cast.employees['sukru']}/merge", data={"with": twin, "keep": twin})
    assert again.status_code == 422 and "birleştirildiği için" in again.text
    assert stage.coordinator.post(f"/people/{twin}/activate").status_code == 422
    assert not fresh(twin).active
    assert stage.coordinator.get(f"/people/{twin}/edit").status_code == 302


def test_whoever_pointed_at_the_merged_record_points_at_the_kept_one(stage: Stage) -> None:
    key, elif_ = stage.cast.employees["isik"], stage.cast.employees["elif"]
    double = employee("Işık", "Cinar", "N-003", 1, supervisor_id=key)
    earlier = employee("Işıkk", "Cinar", "N-004", 1, merged_into_id=double.id)
    earlier.active = False
    fresh(elif_).supervisor_id = double.id
    fresh(key).supervisor_id = double.id
    db.session.get_one(Unit, 1).head_id = double.id
    db.session.commit()
    double_id, earlier_id = double.id, earlier.id
    answer = stage.coordinator.post(f"/people/{key}/merge", data={"with": double_id, "keep": key})
    assert answer.status_code == 303
    assert fresh(elif_).supervisor_id == key and fresh(key).supervisor_id is None
    assert fresh(earlier_id).merged_into_id == key and db.session.get_one(Unit, 1).head_id == key


def test_the_account_goes_along_where_the_kept_one_has_none(stage: Stage) -> None:
    key, elif_ = stage.cast.employees["isik"], stage.cast.employees["elif"]
    account = fresh(elif_).user_id
    stage.coordinator.post(f"/people/{key}/merge", data={"with": elif_, "keep": key})
    assert fresh(key).user_id == account and fresh(elif_).user_id is None


def test_two_accounts_the_kept_ones_stays(stage: Stage) -> None:
    key, elif_ = stage.cast.employees["isik"], stage.cast.employees["elif"]
    own = user("isik", "Işık", "Çınar").id
    fresh(key).user_id = own
    db.session.commit()
    assert "personel@yetkin.example" in stage.coordinator.page(f"/people/{key}/merge?with={elif_}&keep={key}").text
    stage.coordinator.post(f"/people/{key}/merge", data={"with": elif_, "keep": key})
    assert fresh(key).user_id == own and fresh(elif_).user_id is None


@pytest.fixture
def refusing() -> Iterator[None]:
    def no(event: EmployeesMerged, by: object) -> None:
        raise Refused("Bir grupta ikisinin de belgesi var.")

    journal.LISTENERS.here[EmployeesMerged].append(no)
    yield
    journal.LISTENERS.here[EmployeesMerged].remove(no)


def test_a_refusal_from_an_upper_room_is_shown_and_undoes_everything(stage: Stage, twin: int, refusing: None) -> None:
    key = stage.cast.employees["isik"]
    answer = stage.coordinator.post(f"/people/{key}/merge", data=both(stage, twin))
    assert answer.status_code == 422 and "Bir grupta ikisinin de belgesi var." in answer.text
    assert fresh(twin).active and fresh(twin).merged_into_id is None and fresh(key).phone == ""
    recorded = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.event == "person.merged")
    assert db.session.scalar(recorded) == 0


def test_merging_hides_nobody_by_mistake(stage: Stage, twin: int) -> None:
    """An inactive record that is kept becomes active if the other one was."""
    key = stage.cast.employees["isik"]
    fresh(key).active = False
    db.session.commit()
    stage.coordinator.post(f"/people/{key}/merge", data=both(stage, twin))
    assert fresh(key).active
    assert isinstance(fresh(twin), Employee) and not fresh(twin).active
