"""What an institution is called, what kind it is, where it lies."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.models import Organisation
from app.audit.models import AuditEntry
from app.core.db import db
from tests.conftest import Stage

NIZIP = {
    "name_tr": "Nizip İlçe Belediyesi",
    "name_en": "Nizip District Municipality",
    "short_name": "Nizip",
    "kind": "district",
    "province_id": "1",
    "version": "1",
}


def organisation(key: int) -> Organisation:
    db.session.expire_all()
    return db.session.get_one(Organisation, key)


def test_an_administrator_changes_it_and_search_follows(stage: Stage) -> None:
    assert "/organisations/1/edit" in stage.admin.page("/organisations/1").links
    assert stage.admin.post("/organisations/1/edit", data=NIZIP).status_code == 303
    assert organisation(1).name_tr == "Nizip İlçe Belediyesi"
    assert "Nizip İlçe" in stage.coordinator.page("/organisations?q=nizip ilce").text
    facts = db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.event == "organisation.changed")).one()
    assert facts == {"organisation_id": 1, "fields": ["name_tr", "name_en"]}


def test_with_its_province_it_comes_under_another_coordinator(stage: Stage) -> None:
    assert stage.coordinator_elsewhere.get("/organisations/1").status_code == 404
    assert stage.admin.post("/organisations/1/edit", data=NIZIP | {"province_id": "2"}).status_code == 303
    assert stage.coordinator_elsewhere.get("/organisations/1").status_code == 200
    assert stage.coordinator.get("/organisations/1").status_code == 404


def test_nobody_else_may(stage: Stage) -> None:
    for name in ("coordinator", "focal_point", "trainer", "staff", "viewer"):
        for path in ("/organisations/1/edit", "/organisations/new"):
            assert getattr(stage, name).get(path).status_code == 403
            assert getattr(stage, name).post(path, data=NIZIP).status_code == 403
    assert "/organisations/1/edit" not in stage.coordinator.page("/organisations/1").links
    assert organisation(1).version == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_tr": "  "}, "name_tr"),
        ({"name_tr": "Şahinbey"}, "name_tr"),
        ({"kind": "kingdom"}, "kind"),
        ({"province_id": "9"}, "province_id"),
        ({"province_id": ""}, "province_id"),
        ({"short_name": "x" * 81}, "short_name"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(stage: Stage, changes: dict[str, str], field: str) -> None:
    answer = stage.admin.post("/organisations/1/edit", data=NIZIP | changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Nizip District Municipality" in answer.text
    assert organisation(1).version == 1


def test_somebody_else_was_first(stage: Stage) -> None:
    assert stage.admin.post("/organisations/1/edit", data=NIZIP | {"name_en": "First"}).status_code == 303
    answer = stage.admin.post("/organisations/1/edit", data=NIZIP | {"name_en": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.text and "Second" in answer.text
    assert organisation(1).name_en == "First"


def test_a_new_one_has_a_key_of_its_own(stage: Stage) -> None:
    central = {"name_tr": "Çevre Bakanlığı", "name_en": "Ministry", "short_name": "Bakanlık", "kind": "central"}
    first = stage.admin.post("/organisations/new", data=central)
    assert first.status_code == 303
    twin = central | {"name_tr": "Göç İdaresi", "short_name": "BAKANLIK"}
    assert stage.admin.post("/organisations/new", data=twin).status_code == 303
    assert stage.admin.post("/organisations/new", data=twin).status_code == 422, "of this name there is one"
    slugs = set(db.session.scalars(sa.select(Organisation.slug).where(Organisation.province_id.is_(None))))
    assert slugs == {"bakanlik", "bakanlik-2"}
    assert "Göç İdaresi" in stage.admin.page(first.location.rsplit("/", 1)[0]).text
    assert "/organisations/new" in stage.admin.page("/organisations").links
    assert "/organisations/new" not in stage.coordinator.page("/organisations").links
