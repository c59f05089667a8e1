"""Who plays in the tests: two provinces, and somebody of each role in them.

An officer here (Gaziantep: Nizip, Şahinbey), one elsewhere (Erzurum: Yakutiye) who must never see us.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.access.models import Grant, Organisation, OrganisationKind, Province, User
from app.access.permissions import Role
from app.core.db import db
from app.language.turkish import search_key, sort_key
from app.people.models import Employee, EmploymentType, Sex, Title, TitleLevel, Unit


@dataclass
class Cast:
    """Ids and emails, not objects: each request has its own session."""

    gaziantep: int = 1
    erzurum: int = 2
    nizip: int = 1
    sahinbey: int = 2
    yakutiye: int = 3
    users: dict[str, int] = field(default_factory=dict)
    employees: dict[str, int] = field(default_factory=dict)


def province(id: int, code: str, slug: str, abbr: str, name: str) -> Province:
    return Province(
        id=id,
        code=code,
        slug=slug,
        doc_abbr=abbr,
        name_tr=name,
        name_en=name,
        locative_tr=f"{name}'da",
        name_sort=sort_key(name),
    )


def organisation(id: int, slug: str, name: str, province_id: int) -> Organisation:
    return Organisation(
        id=id,
        slug=slug,
        kind=OrganisationKind.DISTRICT,
        province_id=province_id,
        name_tr=f"{name} Belediyesi",
        name_en=f"{name} Municipality",
        short_name=name,
        name_sort=sort_key(name),
        search_text=search_key(f"{name} Belediyesi {name} Municipality"),
    )


def user(email: str, given: str, family: str, *grants: Grant) -> User:
    made = User(active=True, language="tr")
    made.set_name(given, family, f"{email}@yetkin.example")
    db.session.add(made)
    db.session.flush()
    for grant in grants:
        grant.user_id = made.id
        db.session.add(grant)
    return made


def employee(given: str, family: str, registry: str, organisation_id: int, **values: object) -> Employee:
    values.setdefault("unit_id", organisation_id)
    values.setdefault("title_id", 1)
    values.setdefault("sex", Sex.WOMAN)
    made = Employee(
        organisation_id=organisation_id, employment_type=EmploymentType.CIVIL_SERVANT, active=True, **values
    )
    made.set_identity(given, family, registry, f"{search_key(given)}.{registry}@ornek.example")
    db.session.add(made)
    db.session.flush()
    return made


def assemble() -> Cast:
    """Put the cast on the stage (committed)."""
    cast = Cast()
    db.session.add_all(
        [province(1, "27", "gaziantep", "GAZ", "Gaziantep"), province(2, "25", "erzurum", "ERZ", "Erzurum")]
    )
    db.session.flush()
    db.session.add_all(
        [
            organisation(1, "gaziantep-nizip", "Nizip", 1),
            organisation(2, "gaziantep-sahinbey", "Şahinbey", 1),
            organisation(3, "erzurum-yakutiye", "Yakutiye", 2),
        ]
    )
    db.session.flush()
    for key in (1, 2, 3):
        db.session.add(
            Unit(
                id=key,
                organisation_id=key,
                function="sosyal-yardim-isleri",
                name_tr="Sosyal Yardım İşleri Müdürlüğü",
                name_en="Social Assistance",
                name_sort=sort_key("Sosyal Yardım İşleri Müdürlüğü"),
                themes=["sosyal-hizmetler"],
            )
        )
    db.session.add(
        Title(
            id=1,
            slug="uzman",
            name_tr="Uzman",
            name_en="Specialist",
            name_sort=sort_key("Uzman"),
            level=TitleLevel.SPECIALIST,
        )
    )
    db.session.flush()
    people = {
        "admin": user("admin", "Deniz", "Yönetici", Grant(role=Role.ADMINISTRATOR)),
        "coordinator": user("koordinator", "Ayşe", "Çelik", Grant(role=Role.COORDINATOR, province_id=1)),
        "coordinator_elsewhere": user(
            "koordinator.erzurum", "Işıl", "Şahin", Grant(role=Role.COORDINATOR, province_id=2)
        ),
        "focal_point": user("ik.nizip", "Hasan", "Öz", Grant(role=Role.FOCAL_POINT, organisation_id=1)),
        "focal_point_elsewhere": user("ik.yakutiye", "İnci", "Uçar", Grant(role=Role.FOCAL_POINT, organisation_id=3)),
        "trainer": user("egitmen", "Ümit", "Güneş", Grant(role=Role.TRAINER)),
        "staff": user("personel", "Elif", "Ağaoğlu", Grant(role=Role.STAFF, organisation_id=1)),
        "viewer": user("izleyici", "Mary", "Donor", Grant(role=Role.VIEWER)),
        "nobody_special": user("rolsuz", "Rol", "Yok"),
    }
    cast.users = {name: person.id for name, person in people.items()}
    cast.employees = {
        "elif": employee("Elif", "Ağaoğlu", "N-001", 1, user_id=people["staff"].id).id,
        "isik": employee("Işık", "Çınar", "N-002", 1, sex=Sex.MAN).id,
        "sukru": employee("Şükrü", "İğneci", "Ş-001", 2, sex=Sex.MAN).id,
        "zeynep": employee("Zeynep", "Yakut", "Y-001", 3).id,
    }
    db.session.commit()
    return cast
