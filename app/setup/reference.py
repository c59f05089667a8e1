"""What every installation begins with: provinces, institutions, units, titles, catalogue, rooms, holidays, settings.

The shipped data name things by Turkish slugs; `CODES` is the one table that says what they are called here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from app.access.models import Organisation, OrganisationKind, Province
from app.calendar.models import Holiday
from app.catalogue.models import CapacityArea, Competency, Course, CourseCompetency, CourseTitle, Theme
from app.language.turkish import search_key, sort_key
from app.people.models import Title, Unit
from app.refdata import load
from app.settings.models import Notice, Setting
from app.settings.queries import DEFAULTS
from app.setup.ledger import Ledger
from app.venues.models import Room, Venue

CODES: dict[str, dict[str, str]] = {
    "title_level": {
        "ust-yonetim": "top",
        "yonetici": "manager",
        "ara-kademe": "middle",
        "uzman": "specialist",
        "teknik": "technical",
        "memur": "officer",
        "isci": "worker",
    },
    "employment_type": {
        "memur": "civil_servant",
        "sozlesmeli": "contract",
        "isci": "worker",
        "sirket": "company",
    },
    "course_level": {"temel": "basic", "orta": "intermediate", "ileri": "advanced"},
    "delivery_mode": {"yuz-yuze": "in_person", "cevrim-ici": "online", "karma": "blended"},
    "equipment": {
        "projeksiyon": "projector",
        "ses-sistemi": "sound_system",
        "kayit": "recording",
        "flipchart": "flipchart",
        "wifi": "wifi",
        "bilgisayar": "computers",
    },
}

# Columns of a course that stand in the shipped list under the same name.
AS_THEY_ARE = (
    "code",
    "name_tr",
    "name_en",
    "hours",
    "days",
    "min_participants",
    "max_participants",
    "pass_mark",
    "objectives_tr",
    "objectives_en",
    "target_units",
)

# Each room of the shipped list bears its building's name; what remains after the room's own is the building.
ROOM_NAMES: dict[str, tuple[str, str]] = {
    "meclis-salonu": (r"Meclis Salonu", r"Council Hall"),
    "egitim-salonu": (r"Eğitim Salonu \d+", r"Training Room \d+"),
    "seminer-salonu": (r"Seminer Salonu", r"Seminar Room"),
    "cok-amacli-salon": (r"Çok Amaçlı Salon", r"Multi-purpose Room"),
    "derslik": (r"Derslik \d+", r"Classroom \d+"),
    "universite": (r"Salonu(?= \(örnek\))", r"Room(?= \(example\))"),
}
WHOLE_BUILDINGS = {
    "bilgisayar-laboratuvari": ("Bilgisayar laboratuvarı", "Computer laboratory"),
    "cevrim-ici": ("Çevrim içi sınıf", "Online classroom"),
}

# District municipalities differ in what they have; these nine every one has.
DISTRICT_CORE = frozenset(
    {
        "ozel-kalem",
        "yazi-isleri",
        "insan-kaynaklari-egitim",
        "mali-hizmetler",
        "sosyal-yardim-isleri",
        "kultur-ve-sosyal-isler",
        "zabita",
        "fen-isleri",
        "imar-ve-sehircilik",
    }
)
WITH_ALL_UNITS = frozenset({"sanliurfa-haliliye"})
OTHER_BODIES = (
    ("icisleri-bakanligi", "central", "İçişleri Bakanlığı", "Ministry of Interior"),
    (
        "cevre-sehircilik-bakanligi",
        "central",
        "Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
        "Ministry of Environment, Urbanisation and Climate Change",
    ),
    ("goc-idaresi-baskanligi", "central", "Göç İdaresi Başkanlığı", "Presidency of Migration Management"),
    ("turkiye-belediyeler-birligi", "other", "Türkiye Belediyeler Birliği", "Union of Municipalities of Türkiye"),
    ("undp-turkiye", "international", "UNDP Türkiye", "UNDP Türkiye"),
    ("iom-turkiye", "international", "IOM Türkiye", "IOM Türkiye"),
)


@dataclass(frozen=True)
class Municipality:
    """A municipality with the ids of its units by function."""

    id: int
    slug: str
    name_tr: str
    name_en: str
    short_name: str
    kind: str
    province: str
    units: dict[str, int]


@dataclass(frozen=True)
class RoomFacts:
    id: int
    province: str | None
    capacity: int
    place_tr: str
    place_en: str
    type: str
    name_tr: str


@dataclass
class Reference:
    """Ids by slug (courses by code, provinces by code) of what was loaded."""

    provinces: dict[str, int] = field(default_factory=dict)
    municipalities: list[Municipality] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)
    competencies: dict[str, int] = field(default_factory=dict)
    courses: dict[str, int] = field(default_factory=dict)
    rooms: list[RoomFacts] = field(default_factory=list)


def load_reference(ledger: Ledger, at: datetime, settings: dict[str, Any] | None = None) -> Reference:
    """Add the reference data, as of this moment. `settings` are values other than the defaults."""
    reference = Reference()
    _provinces(ledger, reference)
    _institutions(ledger, reference)
    _titles(ledger, reference)
    _catalogue(ledger, reference)
    _rooms(ledger, reference)
    _holidays(ledger)
    # the draft is what everybody reads until the institution's own text follows it
    draft = load("notice")
    due = {"notice_due": ledger.add(Notice, text_tr=draft["tr"], text_en=draft["en"], created_at=at)}
    for key, value in (DEFAULTS | due | (settings or {})).items():
        ledger.add(Setting, key=key, value={"value": value})
    return reference


def _provinces(ledger: Ledger, reference: Reference) -> None:
    for row in load("provinces"):
        columns = ("code", "slug", "doc_abbr", "name_tr", "name_en", "locative_tr")
        values = {column: row[column] for column in columns}
        reference.provinces[row["code"]] = ledger.add(Province, **values, name_sort=sort_key(row["name_tr"]))


def _institutions(ledger: Ledger, reference: Reference) -> None:
    for province in load("provinces"):
        code, name = province["code"], province["name_tr"]
        large = province["metropolitan_municipality"]
        names = (large["name_tr"], large["name_en"], f"{name} Büyükşehir")
        _municipality(ledger, reference, code, large["slug"], "metropolitan", names)
        for row in province["districts"]:
            names = (row["municipality_tr"], row["municipality_en"], row["name"])
            _municipality(ledger, reference, code, row["slug"], "district", names)
    for province in load("provinces"):
        tr, en = province["governorship_tr"], province["governorship_en"]
        _organisation(
            ledger, f"{province['slug']}-valiligi", "governorate", reference.provinces[province["code"]], tr, en
        )
    for slug, kind, tr, en in OTHER_BODIES:
        _organisation(ledger, slug, kind, None, tr, en)


def _organisation(
    ledger: Ledger, slug: str, kind: str, province_id: int | None, tr: str, en: str, short: str | None = None
) -> int:
    return ledger.add(
        Organisation,
        slug=slug,
        kind=OrganisationKind(kind),
        province_id=province_id,
        name_tr=tr,
        name_en=en,
        short_name=short or tr,
        name_sort=sort_key(tr),
        search_text=search_key(f"{tr} {en}"),
    )


def _municipality(
    ledger: Ledger, reference: Reference, province: str, slug: str, kind: str, names: tuple[str, str, str]
) -> None:
    tr, en, short = names
    key = _organisation(ledger, slug, kind, reference.provinces[province], tr, en, short)
    units: dict[str, int] = {}
    for place, row in enumerate(load("units")):
        if kind not in row["found_in"] or not (kind == "metropolitan" or _has_unit(slug, key, place, row["slug"])):
            continue
        name = row["name_metropolitan_tr"] if kind == "metropolitan" else row["name_tr"]
        units[row["slug"]] = ledger.add(
            Unit,
            organisation_id=key,
            function=row["slug"],
            name_tr=name,
            name_en=row["name_en"],
            name_sort=sort_key(name),
            themes=row["themes"],
        )
    reference.municipalities.append(Municipality(key, slug, tr, en, short, kind, province, units))


def _has_unit(slug: str, key: int, place: int, function: str) -> bool:
    """A third of the units beyond the core, others in each district."""
    return function in DISTRICT_CORE or slug in WITH_ALL_UNITS or (key + place) % 3 == 0


def _titles(ledger: Ledger, reference: Reference) -> None:
    for row in load("titles"):
        reference.titles[row["slug"]] = ledger.add(
            Title,
            slug=row["slug"],
            name_tr=row["name_tr"],
            name_en=row["name_en"],
            name_sort=sort_key(row["name_tr"]),
            level=CODES["title_level"][row["level"]],
            former=[],
        )


def _catalogue(ledger: Ledger, reference: Reference) -> None:
    areas: dict[str, int] = {}
    for row in load("themes"):
        values = {key: row[key] for key in ("slug", "prefix", "name_tr", "name_en", "description_tr", "description_en")}
        reference.themes[row["slug"]] = ledger.add(Theme, **values, position=row["order"], former=[])
    for row in load("capacity_areas"):
        areas[row["slug"]] = ledger.add(CapacityArea, **row)
    for row in load("competencies"):
        reference.competencies[row["slug"]] = ledger.add(
            Competency,
            slug=row["slug"],
            theme_id=reference.themes[row["theme"]],
            capacity_area_id=areas[row["capacity_area"]],
            name_tr=row["name_tr"],
            name_en=row["name_en"],
            name_key=search_key(row["name_tr"]),
            name_sort=sort_key(row["name_tr"]),
            former=[],
        )
    for row in load("courses"):
        _course(ledger, reference, row)


def _course(ledger: Ledger, reference: Reference, row: dict[str, Any]) -> None:
    key = ledger.add(
        Course,
        **{column: row[column] for column in AS_THEY_ARE},
        theme_id=reference.themes[row["theme"]],
        name_sort=sort_key(row["name_tr"]),
        search_text=search_key(f"{row['code']} {row['name_tr']} {row['name_en']}"),
        level=CODES["course_level"][row["level"]],
        delivery_mode=CODES["delivery_mode"][row["delivery_mode"]],
        has_test=row["has_pre_post_test"],
        threshold=row["min_attendance_pct"],
    )
    reference.courses[row["code"]] = key
    for slug in row["competencies"]:
        ledger.add(CourseCompetency, course_id=key, competency_id=reference.competencies[slug])
    for slug in row["target_titles"]:
        ledger.add(CourseTitle, course_id=key, title_id=reference.titles[slug])


def _rooms(ledger: Ledger, reference: Reference) -> None:
    venues: dict[str, int] = {}
    for row in load("venues"):
        (venue_tr, room_tr), (venue_en, room_en) = _split(row)
        province_id = reference.provinces[row["province"]] if row["province"] else None
        if venue_tr not in venues:
            venues[venue_tr] = ledger.add(
                Venue,
                province_id=province_id,
                name_tr=venue_tr,
                name_en=venue_en,
                name_sort=sort_key(venue_tr),
                online=row["type"] == "cevrim-ici",
            )
        key = ledger.add(
            Room,
            venue_id=venues[venue_tr],
            name_tr=room_tr,
            name_en=room_en,
            capacity=row["capacity"],
            step_free=row["step_free_access"],
            equipment=[CODES["equipment"][slug] for slug in row["equipment"]],
        )
        reference.rooms.append(
            RoomFacts(key, row["province"], row["capacity"], venue_tr, venue_en, row["type"], room_tr)
        )


def _split(row: dict[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    """(venue, room) in Turkish and in English."""
    if row["type"] in WHOLE_BUILDINGS:
        tr, en = WHOLE_BUILDINGS[row["type"]]
        return (row["name_tr"], tr), (row["name_en"], en)
    tr, en = ROOM_NAMES[row["type"]]
    return _cut(row["name_tr"], tr, "Salon"), _cut(row["name_en"], en, "Room")


def _cut(name: str, pattern: str, plain: str) -> tuple[str, str]:
    found = re.search(f" {pattern}", name)
    if found is None:
        return name, plain
    room = found[0].strip()
    return name.replace(found[0], "", 1).strip(), plain if room in ("Salonu", "Room") else room


def _holidays(ledger: Ledger) -> None:
    for row in load("holidays"):
        begins = row["from_time"]
        ledger.add(
            Holiday,
            date=date.fromisoformat(row["date"]),
            kind=row["kind"],
            from_time=time.fromisoformat(begins) if begins else None,
            name_tr=row["name_tr"],
            name_en=row["name_en"],
            basis=row["basis"],
        )
