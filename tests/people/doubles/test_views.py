"""Records that may be one person: found, seen by whoever sees both, told apart for good, merged."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.people.doubles import services
from app.people.doubles.rules import MOST_OF_A_KIND, Someone, pairs
from app.people.models import EmployeePair
from tests import factories
from tests.conftest import Stage


def look() -> list[EmployeePair]:
    services.SEEN.here.clear()  # the application has seen other databases
    services.look()
    return list(db.session.scalars(EVERYWHERE.select(EmployeePair).order_by(EmployeePair.id)))


@pytest.fixture
def twice(stage: Stage) -> Stage:
    """Somebody in two spellings at Nizip; one address at Nizip and Yakutiye, one at Nizip and Şahinbey."""
    factories.employee("Muhammed", "Elhalebi", "N-010", 1, email="m@ornek.example")
    factories.employee("Muhammad", "Elhalebi", "N-011", 1, email="m@yakutiye.example")
    factories.employee("Başka", "Biri", "Y-010", 3, email="m@yakutiye.example")
    factories.employee("Öteki", "Kişi", "Ş-010", 2, email="m@ornek.example")
    db.session.commit()
    return stage


def test_what_speaks_for_one_person() -> None:
    people = [
        Someone(1, 1, "Ahmet Örnek", "1", "a@x.example"),
        Someone(2, 1, "ÖRNEK Ahmet", "2", ""),
        Someone(3, 2, "Ahmet Örnek", "1", ""),
        Someone(4, 2, "Başka Biri", "1", "a@x.example"),
    ]
    assert {(one.first_id, one.second_id): one.signs for one in pairs(people)} == {
        (1, 2): "name",
        (1, 4): "email",
        (3, 4): "registry",
    }


def test_nobody_is_their_own_double() -> None:
    assert pairs([Someone(1, 1, "Baran Baran", "1", ""), Someone(2, 1, "Rojin Öz", "2", "")]) == []


def test_a_letter_box_of_many_says_nothing() -> None:
    many = [
        Someone(key, 1, f"Kişi {chr(97 + key) * 8}", str(key), "zabita@x.example") for key in range(MOST_OF_A_KIND + 1)
    ]
    assert pairs(many) == []


def test_pairs_are_seen_by_whoever_sees_both(twice: Stage) -> None:
    assert len(look()) == 3
    text = twice.coordinator.page("/people/doubles").text
    assert "Muhammed Elhalebi" in text and "Öteki Kişi" in text and "Başka Biri" not in text
    assert "Başka Biri" in twice.admin.page("/people/doubles").text
    assert "Elhalebi" not in twice.coordinator_elsewhere.page("/people/doubles").text
    for name in ("focal_point", "staff", "trainer", "viewer"):
        assert getattr(twice, name).get("/people/doubles").status_code == 403, name


def test_one_address_at_two_institutions_is_a_task(twice: Stage) -> None:
    look()
    assert "1 e-posta adresi iki ayrı kurumda kayıtlı" in twice.coordinator.page("/").text
    assert "2 e-posta adresi" in twice.admin.page("/").text
    assert "iki ayrı kurumda" not in twice.coordinator_elsewhere.page("/").text
    assert "Öteki Kişi" in twice.coordinator.page("/people/doubles?sign=email").text


def test_told_apart_for_good(twice: Stage) -> None:
    pair = next(one for one in look() if one.signs == "name")
    key = pair.id
    assert twice.coordinator_elsewhere.post(f"/people/doubles/{key}/different").status_code == 404
    assert twice.coordinator.post(f"/people/doubles/{key}/different").status_code == 303
    factories.employee("Yeni", "Gelen", "N-020", 1)
    db.session.commit()
    look()
    assert "Muhammad" not in twice.coordinator.page("/people/doubles").text
    assert db.session.scalars(sa.select(AuditEntry.event)).all().count("person.told_apart") == 1


def test_what_is_merged_or_mended_is_gone(twice: Stage) -> None:
    pair = next(one for one in look() if one.signs == "name")
    first, second = pair.first_id, pair.second_id
    merged = {"with": str(second), "keep": str(first)}
    assert twice.coordinator.post(f"/people/{first}/merge", data=merged).status_code == 303
    db.session.expire_all()
    assert all(
        second not in (one.first_id, one.second_id) for one in db.session.scalars(EVERYWHERE.select(EmployeePair))
    )
    assert all(second not in (one.first_id, one.second_id) for one in look())


def test_nobody_twice(stage: Stage) -> None:
    assert look() == []
    assert "Olası yineleme yok" in stage.admin.page("/people/doubles").text
