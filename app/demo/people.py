"""Synthetic staff of the 63 municipalities, and the accounts of the demo."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import Any

from app.access.events import RoleGranted, UserCreated
from app.access.models import Grant, User
from app.access.permissions import Role
from app.core.clock import at
from app.demo.world import PROVINCE_SLUGS, Person, World
from app.language.turkish import search_key, sort_key
from app.people.models import Employee, Sex, Unit
from app.people.rules import fold
from app.refdata import load
from app.settings.models import NoticeReading
from app.settings.notice.services import reader_of
from app.setup.reference import CODES, Municipality

DOMAIN = "yetkin.example"
STAFF = 1_200
SHARE_OF_WOMEN = 0.41
HALILIYE = "sanliurfa-haliliye"
# Who of the Haliliye list the two accounts belong to, by registry number.
MEMBER, FOCAL_POINT = "4809-030", "7853-018"

OFFICE = ("memur", "memur", "memur", "sef", "uzman", "bilgisayar-isletmeni", "vhki", "sirket-personeli")
TITLES: dict[str, tuple[str, ...]] = {
    "mali-hizmetler": ("mali-hizmetler-uzmani", "memur", "memur", "tahsildar", "sef", "ekonomist", "vhki"),
    "strateji-gelistirme": ("uzman", "uzman", "ekonomist", "sosyolog", "memur", "sef", "mali-hizmetler-uzmani"),
    "hukuk-isleri": ("avukat", "avukat", "memur", "sef"),
    "teftis-kurulu": ("ic-denetci", "ic-denetci", "memur"),
    "bilgi-islem": ("programci", "programci", "muhendis", "teknisyen", "bilgisayar-isletmeni", "vhki"),
    "dis-iliskiler": ("uzman", "uzman", "memur", "sosyolog", "sef"),
    "goc-ve-uyum": ("sosyal-calismaci", "sosyolog", "memur", "psikolog", "sirket-personeli", "uzman"),
    "sosyal-yardim-isleri": (
        "sosyal-calismaci", "sosyal-calismaci", "sosyal-calismaci", "sosyolog", "psikolog", "memur",
        "cocuk-gelisimcisi", "sirket-personeli", "sef",
    ),
    "kultur-ve-sosyal-isler": ("memur", "egitmen", "sosyolog", "sosyal-calismaci", "sef", "sirket-personeli"),
    "kadin-ve-aile": ("sosyal-calismaci", "psikolog", "cocuk-gelisimcisi", "sosyolog", "memur", "egitmen"),
    "genclik-ve-spor": ("egitmen", "egitmen", "memur", "sosyal-calismaci", "sirket-personeli"),
    "saglik-isleri": ("hemsire", "hemsire", "psikolog", "teknisyen", "memur", "sosyal-calismaci"),
    "veteriner-isleri": ("veteriner-hekim", "veteriner-hekim", "teknisyen", "memur"),
    "zabita": ("zabita-memuru", "zabita-memuru", "zabita-memuru", "zabita-memuru", "zabita-komiseri", "memur"),
    "itfaiye": ("itfaiye-eri", "itfaiye-eri", "itfaiye-eri", "teknisyen", "sef"),
    "fen-isleri": ("muhendis", "muhendis", "tekniker", "teknisyen", "surekli-isci", "mimar"),
    "imar-ve-sehircilik": ("sehir-plancisi", "muhendis", "mimar", "tekniker", "teknisyen", "memur"),
    "emlak-ve-istimlak": ("muhendis", "mimar", "tekniker", "memur", "vhki"),
    "ulasim": ("muhendis", "sehir-plancisi", "tekniker", "teknisyen", "uzman"),
    "park-ve-bahceler": ("muhendis", "tekniker", "surekli-isci", "surekli-isci", "sirket-personeli"),
    "temizlik-isleri": ("muhendis", "teknisyen", "surekli-isci", "surekli-isci", "sirket-personeli", "sef"),
    "iklim-ve-sifir-atik": ("muhendis", "uzman", "tekniker", "teknisyen"),
}  # fmt: skip
HEADS = {"metropolitan": "daire-baskani", "district": "mudur"}
# In metropolitan municipalities these are branches of a department.
BRANCHES = {("metropolitan", "goc-ve-uyum"), ("metropolitan", "veteriner-isleri")}
DEPUTIES = {"metropolitan": "genel-sekreter-yardimcisi", "district": "baskan-yardimcisi"}
LEVELS = {row["slug"]: row["level"] for row in load("titles")}
RANK = ("ust-yonetim", "yonetici", "ara-kademe", "uzman", "teknik", "memur", "isci")


def add_people(world: World, password_hash: str) -> None:
    """Accounts, then staff: Haliliye's from the list, everybody else's invented."""
    world.password_hash = password_hash
    _accounts(world)
    hired = at(world.history_starts, time(9))
    sizes = _sizes(world)
    for municipality in world.reference.municipalities:
        chance = world.chance(f"staff/{municipality.slug}")
        if municipality.slug == HALILIYE:
            staff = _from_list(municipality)
            staff += _invented(municipality, sizes[municipality.slug] - len(staff), chance)
        else:
            staff = _invented(municipality, sizes[municipality.slug], chance)
        _employ(world, municipality, staff, hired)
        world.ledger.flush()
    for code in world.reference.provinces:
        world.by_province[code] = [person for person in world.people if person.province == code]


def _sizes(world: World) -> dict[str, int]:
    """Staff for each municipality: metropolitan ones large, central districts larger than the others."""
    central = {row["slug"] for province in load("provinces") for row in province["districts"] if row["is_central"]}
    weights = {
        m.slug: 3.0 if m.kind == "metropolitan" else 1.7 if m.slug in central else 1.0
        for m in world.reference.municipalities
        if m.slug != HALILIYE
    }
    listed = len(_list())
    unit = (STAFF * world.scale - listed * world.scale) / sum(weights.values())
    sizes = {slug: max(6, round(unit * weight)) for slug, weight in weights.items()}
    return sizes | {HALILIYE: listed * world.scale}


def _list() -> list[dict[str, Any]]:
    text = (Path(__file__).parent / "data" / "haliliye.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def _from_list(municipality: Municipality) -> list[dict[str, Any]]:
    return [
        row | {"employment_type": CODES["employment_type"][row["employment_type"]], "accounts": True} for row in _list()
    ]


def _invented(municipality: Municipality, count: int, chance: Random) -> list[dict[str, Any]]:
    """People as rows; the first leads the municipality's departments, the next ones a department each."""
    functions = sorted(municipality.units)
    chance.shuffle(functions)
    core = ["sosyal-yardim-isleri", "zabita", "kultur-ve-sosyal-isler", "fen-isleri"]
    staffed = core + [function for function in functions if function not in core and function != "ozel-kalem"]
    staffed = staffed[: max(4, min(len(staffed), count // 3))]
    domain = f"{search_key(municipality.short_name).split()[0]}.example"
    taken: dict[str, int] = defaultdict(int)
    rows: list[dict[str, Any]] = []
    for place in range(count):
        unit, title = _post(municipality, place, staffed, chance)
        sex = "woman" if chance.random() < SHARE_OF_WOMEN else "man"
        given, family = _name(sex, chance)
        mail = f"{search_key(given).replace(' ', '.')}.{search_key(family)}"
        taken[mail] += 1
        rows.append(
            {
                "registry_no": f"{chance.randrange(1000, 10_000)}-{place:03}",
                "given_name": given,
                "family_name": family,
                "unit": unit,
                "title": title,
                "employment_type": _employment(title, chance),
                "sex": sex,
                "email": f"{mail}{taken[mail] if taken[mail] > 1 else ''}@{domain}",
            }
        )
    return rows


def _post(municipality: Municipality, place: int, staffed: list[str], chance: Random) -> tuple[str, str]:
    if place == 0:
        return "ozel-kalem", DEPUTIES[municipality.kind]
    if place <= len(staffed):
        function = staffed[place - 1]
        return function, "sube-muduru" if (municipality.kind, function) in BRANCHES else HEADS[municipality.kind]
    function = chance.choice(staffed)
    return function, chance.choice(TITLES.get(function, OFFICE))


def _name(sex: str, chance: Random) -> tuple[str, str]:
    names = load("first_names")["female" if sex == "woman" else "male"]
    given = chance.choice(names)
    if chance.random() < 0.12:
        second = chance.choice(names)
        given = f"{given} {second}" if second != given else given
    return given, chance.choice(load("last_names"))


def _employment(title: str, chance: Random) -> str:
    if title == "sirket-personeli":
        return "company"
    if title == "surekli-isci":
        return "worker"
    if LEVELS[title] in ("ust-yonetim", "yonetici"):
        return "civil_servant"
    return chance.choices(("civil_servant", "contract", "company"), (62, 26, 12))[0]


def _employ(world: World, municipality: Municipality, staff: list[dict[str, Any]], hired: datetime) -> None:
    """Write them, those without a supervisor first; set the heads of units."""
    heads: dict[str, int] = {}
    for place, row in enumerate(staff):
        best = heads.get(row["unit"])
        if best is None or _rank(row) < _rank(staff[best]):
            heads[row["unit"]] = place
    deputy = next((place for place, row in enumerate(staff) if LEVELS[row["title"]] == "ust-yonetim"), None)
    leading = set(heads.values())
    order = sorted(range(len(staff)), key=lambda place: (place != deputy, place not in leading, place))
    ids: dict[int, int] = {}
    for place in order:
        row = staff[place]
        chief = deputy if place in leading else heads[row["unit"]]
        supervisor = ids.get(chief) if chief is not None and chief != place else None
        person = _employee(world, municipality, row, supervisor, hired)
        ids[place] = person.id
        world.people.append(person)
    world.ledger.flush()
    for function, place in sorted(heads.items()):
        world.ledger.change(Unit, municipality.units[function], head_id=ids[place])


def _rank(row: dict[str, Any]) -> int:
    return RANK.index(LEVELS[row["title"]])


def _employee(
    world: World, municipality: Municipality, row: dict[str, Any], supervisor: int | None, hired: datetime
) -> Person:
    given, family, registry, email = row["given_name"], row["family_name"], row["registry_no"], row["email"]
    account = {MEMBER: "personel", FOCAL_POINT: "ik.haliliye"}.get(registry) if row.get("accounts") else None
    key = world.ledger.add(
        Employee,
        given_name=given,
        family_name=family,
        name_sort=sort_key(f"{family} {given}"),
        search_text=search_key(f"{given} {family} {registry} {email}"),
        registry_no=registry,
        registry_key=fold(registry),
        organisation_id=municipality.id,
        unit_id=municipality.units[row["unit"]],
        title_id=world.reference.titles[row["title"]],
        employment_type=row["employment_type"],
        sex=Sex(row["sex"]),
        email=email,
        supervisor_id=supervisor,
        user_id=world.users[account] if account else None,
        created_at=hired,
    )
    person = Person(
        key,
        given,
        family,
        municipality.id,
        municipality.name_tr,
        municipality.name_en,
        municipality.province,
        row["unit"],
        row["title"],
        email,
        registry,
        supervisor,
    )
    if account == "personel":
        world.member = person
    return person


def _accounts(world: World) -> None:
    """The accounts of the demo, each at yetkin.example."""
    created = at(world.history_starts, time(8, 30))
    listed = {row["registry_no"]: row for row in _list()}
    haliliye = next(m.id for m in world.reference.municipalities if m.slug == HALILIYE)
    member, focal = listed[MEMBER], listed[FOCAL_POINT]
    coordinators = (
        ("21", "Berfin", "Aksoy"),
        ("25", "İlknur", "Dadaş"),
        ("27", "Ömer", "Antepli"),
        ("63", "Zeliha", "Işık"),
    )
    accounts: list[tuple[str, str, str, Role, dict[str, int]]] = [("admin", "Deniz", "Yalçın", Role.ADMINISTRATOR, {})]
    for code, given, family in coordinators:
        scope = {"province_id": world.reference.provinces[code]}
        accounts.append((f"koordinator.{PROVINCE_SLUGS[code]}", given, family, Role.COORDINATOR, scope))
    ours = {"organisation_id": haliliye}
    accounts += [
        ("ik.haliliye", focal["given_name"], focal["family_name"], Role.FOCAL_POINT, ours),
        ("egitmen", "Gülşah", "Ünlü", Role.TRAINER, {}),
        ("personel", member["given_name"], member["family_name"], Role.STAFF, ours),
        ("izleyici", "Marie", "Lindqvist", Role.VIEWER, {}),
    ]
    for name, given, family, role, scope in accounts:
        world.users[name] = _account(world, f"{name}@{DOMAIN}", given, family, role, created, scope)


def own_account(world: World, person: Person) -> int:
    """A sign-in for a member of staff, made when the programme began."""
    created, scope = at(world.history_starts, time(9, 30)), {"organisation_id": person.organisation}
    key = _account(world, person.email, person.given, person.family, Role.STAFF, created, scope)
    world.ledger.flush()
    world.ledger.change(Employee, person.id, user_id=key)
    return key


def invited_account(world: World, person: Person, at: datetime) -> int:
    """An account somebody was sent a link to, who has set no password yet."""
    scope = {"organisation_id": person.organisation}
    key = _account(world, person.email, person.given, person.family, Role.STAFF, at, scope, opened=False)
    world.ledger.flush()
    world.ledger.change(Employee, person.id, user_id=key)
    return key


def _account(
    world: World,
    email: str,
    given: str,
    family: str,
    role: Role,
    created: datetime,
    scope: dict[str, int],
    *,
    opened: bool = True,
) -> int:
    """`opened`: has a password, and has read the notice."""
    key = world.ledger.add(
        User,
        email=email,
        given_name=given,
        family_name=family,
        name_sort=sort_key(f"{family} {given}"),
        search_text=search_key(f"{given} {family} {email}"),
        language="en" if role is Role.VIEWER else "tr",
        password_hash=world.password_hash if opened else None,
        created_at=created,
    )
    world.ledger.add(Grant, user_id=key, role=role, **scope)
    if opened:
        world.ledger.add(NoticeReading, notice_id=1, reader=reader_of(key), at=at(world.today, time(8, 30)))
    admin = world.users.get("admin", key)
    world.log(UserCreated(key), created, admin)
    province, organisation = scope.get("province_id"), scope.get("organisation_id")
    world.log(RoleGranted(key, role.value, province, organisation), created, admin)
    return key
