"""34 trainers: some from the municipalities' own staff, most from outside, and what each can teach."""

from __future__ import annotations

from random import Random

from app.demo.people import DOMAIN
from app.demo.world import PROVINCE_SLUGS, Person, TrainerFacts, World
from app.language.turkish import printed_name, search_key, sort_key
from app.refdata import load
from app.trainers.models import Trainer, TrainerExpertise, TrainerKind

COUNT = 34
INTERNAL = 11
OWN_TITLES = ("egitmen", "uzman", "sosyolog", "psikolog", "muhendis", "ic-denetci", "ekonomist")
ACADEMIC = ("", "", "", "Dr.", "Dr. Öğr. Üyesi", "Doç. Dr.", "Prof. Dr.")
INSTITUTIONS = (
    "{province} Üniversitesi Sürekli Eğitim Merkezi (örnek)",
    "{province} Halk Eğitim Merkezi",
    "Türkiye Belediyeler Birliği",
    "Serbest eğitmen",
)
# The account's own trainer: what the sessions given to them in the demo are about.
OURS = ("63", "Gülşah", "Ünlü", ("kente-uyum", "toplumsal-tutum", "sosyal-hizmetler"))


def add_trainers(world: World) -> None:
    """The account's trainer first, then the others, province by province."""
    chance = world.chance("trainers")
    provinces = list(world.reference.provinces)
    themes = sorted(world.reference.themes)
    province, given, family, own = OURS
    _trainer(world, chance, province, given, family, own, user="egitmen")
    staff = {code: _suitable(world, code, chance) for code in provinces}
    for place in range(1, COUNT * max(1, world.scale // 12)):
        province = provinces[place % len(provinces)]
        subjects = tuple(themes[(place * 3 + step * 4) % len(themes)] for step in range(3))
        if place <= INTERNAL and staff[province]:
            person = staff[province].pop()
            _trainer(world, chance, province, person.given, person.family, subjects, person=person)
        else:
            names = load("first_names")[chance.choice(("female", "male"))]
            _trainer(world, chance, province, chance.choice(names), chance.choice(load("last_names")), subjects)
    world.ledger.flush()


def _suitable(world: World, province: str, chance: Random) -> list[Person]:
    found = [p for p in world.by_province[province] if p.title in OWN_TITLES and p is not world.member]
    chance.shuffle(found)
    return found[:INTERNAL]


def _trainer(
    world: World,
    chance: Random,
    province: str,
    given: str,
    family: str,
    themes: tuple[str, ...],
    *,
    person: Person | None = None,
    user: str | None = None,
) -> None:
    academic = "" if person or user else chance.choice(ACADEMIC)
    place = next(row["name_tr"] for row in load("provinces") if row["code"] == province)
    institution = person.organisation_tr if person else chance.choice(INSTITUTIONS).format(province=place)
    slug = search_key(f"{given} {family}").replace(" ", ".")
    own = person.email if person else f"{slug}@{PROVINCE_SLUGS[province]}-egitim.example"
    email = f"{user}@{DOMAIN}" if user else own
    employee = person.id if person else None
    key = world.ledger.add(
        Trainer,
        given_name=given,
        family_name=family,
        academic_title=academic,
        name_sort=sort_key(f"{family} {given}"),
        search_text=search_key(f"{given} {family} {email}"),
        kind=TrainerKind.INTERNAL if person else TrainerKind.EXTERNAL,
        email=email,
        institution=institution,
        province_id=world.reference.provinces[province],
        employee_id=employee,
        user_id=world.users[user] if user else None,
    )
    known = [row["slug"] for row in load("competencies") if row["theme"] in themes]
    known = [slug for slug in known if user or chance.random() < 0.9]
    for slug in known:
        world.ledger.add(TrainerExpertise, trainer_id=key, competency_id=world.reference.competencies[slug])
    name = f"{academic} {printed_name(given, family)}".strip()
    called = f"{academic} {given} {family}".strip()
    skills, signs_in = frozenset(known), user is not None
    world.trainers.append(TrainerFacts(key, name, province, skills, employee, institution, called, email, signs_in))
