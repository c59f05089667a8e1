"""Strategic action plan groups in every state: members, meetings, actions, and the plans of provinces."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE
from app.core.clock import at
from app.core.db import db
from app.demo.world import COURSES, Person, World
from app.language.turkish import search_key, sort_key
from app.paper.handouts.report import Paragraph, draw_report
from app.people.models import Sex
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
    ProgrammeDocumentVersion,
)
from app.programme.groups.action_plans.pages import says
from app.programme.groups.models import (
    ActionAsk,
    ActionChange,
    ActionGroup,
    ActionStatus,
    Attended,
    GroupAction,
    GroupMeeting,
    GroupMember,
    GroupTheme,
    InstitutionType,
    MeetingAttendance,
    Office,
    StrategicGoal,
    StrategicPlan,
)
from app.refdata import load

D = ProgrammeDocumentStatus
Kind = InstitutionType
S = ActionStatus
GROUPS = (
    ("21", "İstihdam ve mesleki uyum grubu", "Employment and vocational integration group", ("istihdam", "egitim")),
    ("25", "Barınma ve sosyal hizmetler grubu", "Housing and social services group", ("barinma", "sosyal-hizmetler")),
    ("27", "Kente uyum grubu", "Urban cohesion group", ("kente-uyum", "toplumsal-tutum")),
    ("27", "Eğitim ve gençlik grubu", "Education and youth group", ("egitim", "toplumsal-tutum")),
    ("63", "Sağlık ve sosyal destek grubu", "Health and social support group", ("saglik", "sosyal-hizmetler")),
)
AIM = (
    "Kurumların bu alandaki hizmetlerini birlikte planlamak, eksikleri gidermek ve sonucu izlemek.",
    "To plan the services of the institutions in this field together, close the gaps and follow the results.",
)
OTHERS: tuple[tuple[InstitutionType, str, str], ...] = (
    (Kind.GOVERNORATE, "Valilik", "Vali yardımcısı"),
    (Kind.PUBLIC_BODY, "İl Göç İdaresi Müdürlüğü", "Şube müdürü"),
    (Kind.PUBLIC_BODY, "Çalışma ve İş Kurumu İl Müdürlüğü", "İş ve meslek danışmanı"),
    (Kind.UNIVERSITY, "Üniversite, Göç Araştırmaları Merkezi", "Öğretim üyesi"),
    (Kind.NGO, "Komşuluk ve Dayanışma Derneği", "Proje sorumlusu"),
    (Kind.CHAMBER, "Ticaret ve Sanayi Odası", "Genel sekreter yardımcısı"),
    (Kind.MUHTAR, "Yenimahalle Muhtarlığı", "Muhtar"),
)
"""Of the last no letter reaches whoever speaks for it: there is a phone alone."""
ACTIONS: list[dict[str, str]] = json.loads((Path(__file__).parents[1] / "data" / "actions.json").read_text("utf-8"))
"""What groups decide: the words, the thematic area, and the competency that it asks for."""
STATES: tuple[tuple[ActionStatus, int, int | None, int], ...] = (
    (S.DONE, -20, -26, 100),
    (S.DONE, -45, -45, 100),
    (S.DONE, -70, -80, 100),
    (S.DONE, -60, -31, 100),
    (S.UNDER_WAY, -9, None, 70),
    (S.UNDER_WAY, 25, None, 40),
    (S.UNDER_WAY, 60, None, 20),
    (S.OPEN, -4, None, 0),
    (S.OPEN, 45, None, 0),
    (S.OPEN, 90, None, 0),
    (S.DROPPED, -30, None, 10),
    (S.DONE, -12, -15, 100),
)
"""Status; days until it is due; days until it was done; percent."""
DROPPED = "Aynı iş merkezî bir proje kapsamında yapılıyor."
EVIDENCE = "Tutanak ve fotoğraflar grubun dosyasında."
AGENDA = "1. Önceki kararların durumu\n2. Yeni öneriler\n3. Sonraki toplantının tarihi"
MINUTES = "Önceki kararların durumu görüşüldü. Geciken eylemler için sorumlular bir ay içinde bilgi verecek."
SAMPLE = "Örnek veridir: imzalı aslının yerine geçer."
GOALS = (
    ("Hizmetlere erişim kolaylaşır", "Services are within reach"),
    ("Kurumlar birlikte ve verilere dayanarak çalışır", "Institutions work together, on data"),
    ("Hemşehrilik bağları güçlenir", "Ties among neighbours grow stronger"),
)
PLANS = (("21", D.RETURNED), ("25", D.DRAFT), ("27", D.APPROVED), ("63", D.SUBMITTED))
REMARKS = "İkinci hedefin eylemlerinde sorumlu kurumları yeniden gözden geçiriniz."


@dataclass
class _Group:
    id: int
    name: str
    province: str
    members: list[int]
    left: int


def add_groups(world: World) -> None:
    groups = [_group(world, number) for number in range(len(GROUPS))]
    world.ledger.flush()
    plans = {province: _plan(world, province, status) for province, status in PLANS}
    for number, group in enumerate(groups):
        meetings = _meetings(world, group, number)
        _actions(world, group, number, meetings, plans[group.province])
    world.ledger.flush()
    for province, status in PLANS:
        if status is D.APPROVED:
            _approved(world, province)
    world.ledger.flush()


def _group(world: World, number: int) -> _Group:
    province, name_tr, name_en, themes = GROUPS[number]
    founded = world.today - timedelta(days=240 - 10 * number)
    key = world.ledger.add(
        ActionGroup,
        province_id=world.reference.provinces[province],
        name_tr=name_tr,
        name_en=name_en,
        name_sort=sort_key(name_tr),
        search_text=search_key(f"{name_tr} {name_en}"),
        aim_tr=AIM[0],
        aim_en=AIM[1],
        founded_on=founded,
    )
    for theme in themes:
        world.ledger.add(GroupTheme, group_id=key, theme_id=world.reference.themes[theme])
    chance = world.chance(f"group/{number}")
    members = [_staff(world, key, person, founded) for person in _delegates(world, province, chance)]
    members += [_other(world, key, place, founded, chance) for place in range(len(OTHERS))]
    # one who left, and whose action waits for somebody else
    left = _other(world, key, 2, founded, chance, left=world.today - timedelta(days=18))
    return _Group(key, name_tr, province, members, left)


def _delegates(world: World, province: str, chance: Random) -> list[Person]:
    """Five municipalities send somebody; in Şanlıurfa the member of the demo's accounts is one of them."""
    ours = world.by_province[province]
    chosen = {person.organisation: person for person in chance.sample(ours, len(ours))}
    if world.member is not None and world.member.province == province:
        chosen[world.member.organisation] = world.member
    first = [one for one in chosen.values() if one is world.member]
    return [*first, *(one for one in chosen.values() if one is not world.member)][:5]


def _staff(world: World, group: int, person: Person, joined: date) -> int:
    return world.ledger.add(
        GroupMember,
        group_id=group,
        organisation_id=person.organisation,
        institution_type=Kind.MUNICIPALITY,
        employee_id=person.id,
        job="Birim sorumlusu",
        joined_on=joined,
    )


def _other(world: World, group: int, place: int, joined: date, chance: Random, *, left: date | None = None) -> int:
    kind, institution, job = OTHERS[place]
    woman = chance.random() < 0.5
    given = chance.choice(load("first_names")["female" if woman else "male"])
    family = chance.choice(load("last_names"))
    reached = kind is not Kind.MUHTAR
    office = {0: Office.CHAIR, 1: Office.SECRETARY}.get(place, Office.MEMBER)
    return world.ledger.add(
        GroupMember,
        group_id=group,
        institution=institution,
        institution_type=kind,
        name=f"{given} {family}",
        job=job,
        office=office,
        sex=Sex.WOMAN if woman else Sex.MAN,
        email=f"{search_key(given)}.{search_key(family)}{group}@kurum.example".replace(" ", "") if reached else "",
        phone="" if reached else "+90 530 000 00 00",
        joined_on=joined,
        left_on=left,
    )


# --- meetings -------------------------------------------------------------------------------------------

AHEAD, LAST = 7, 3
"""Of each group's four meetings: how many working days off the next is, and how many ago the last was."""


def _meetings(world: World, group: _Group, number: int) -> list[int]:
    """Three that are over (of one group the last says nothing of who came, of another it was cancelled), one ahead."""
    made = []
    for place, back in enumerate((70, 40, LAST + number, -AHEAD - number)):
        day = world.days[max(0, world.next_day - back)]
        cancelled = number == 1 and place == 2
        unmarked = number in (0, 4) and place == 2
        held = back > 0 and not cancelled and not unmarked
        key = _meeting(world, group, day, place, held=held, cancelled=cancelled, over=back > 0)
        if held:
            _attend(world, group, key, world.chance(f"meeting/{key}"))
        made.append(key)
    return made


def _meeting(world: World, group: _Group, day: date, place: int, *, held: bool, cancelled: bool, over: bool) -> int:
    """The one ahead of the last group was moved by a week after its sheet was printed."""
    starts, ends = (time(10), time(12)) if place % 2 == 0 else (time(14), time(16))
    where = "Valilik toplantı salonu" if place != 1 else ""
    as_printed = {"date": (day - timedelta(days=7)).isoformat(), "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    moved = group.province == "63" and not over
    return world.ledger.add(
        GroupMeeting,
        group_id=group.id,
        date=day,
        starts=starts,
        ends=ends,
        place=where,
        online=not where,
        agenda=AGENDA,
        minutes=MINUTES if held else "",
        invited_at=at(day - timedelta(days=10), time(9)) if over else None,
        cancelled_at=at(day - timedelta(days=2), time(9)) if cancelled else None,
        cancel_reason="Yoğun kar yağışı nedeniyle" if cancelled else "",
        printed={**as_printed, "place": where} if moved else {},
        document_id=_scan(world, group, day) if held and place == 0 else None,
    )


def _scan(world: World, group: _Group, day: date) -> int:
    """What stands for the scan of the signed sheet."""
    title = f"{group.name}: imzalı çizelge, {day:%d.%m.%Y}"
    said = [Paragraph(line) for line in (*AGENDA.splitlines(), MINUTES, SAMPLE)]
    paper = draw_report(title, said, foot=title, language="tr", dated=day, upright=True)
    return world.keep_pdf(paper, f"İmzalı çizelge {day.isoformat()}.pdf", at(day, time(17)), world.users["admin"])


def _attend(world: World, group: _Group, meeting: int, chance: Random) -> None:
    for member in [*group.members, group.left]:
        luck = chance.random()
        attended = Attended.PRESENT if luck < 0.72 else Attended.SUBSTITUTE if luck < 0.86 else Attended.ABSENT
        substitute = chance.choice(load("last_names")) if attended is Attended.SUBSTITUTE else ""
        world.ledger.add(
            MeetingAttendance,
            meeting_id=meeting,
            member_id=member,
            attended=attended,
            substitute=f"{chance.choice(load('first_names')['female'])} {substitute}" if substitute else "",
        )


# --- actions --------------------------------------------------------------------------------------------


def _actions(world: World, group: _Group, number: int, meetings: list[int], goals: list[int]) -> None:
    for place, (status, due, done, percent) in enumerate(STATES):
        said = ACTIONS[(4 * number + place) % len(ACTIONS)]
        key = world.ledger.add(
            GroupAction,
            group_id=group.id,
            meeting_id=meetings[0] if place < 7 else meetings[1],
            theme_id=world.reference.themes[said["theme"]],
            owner_id=group.left if place == 7 else group.members[place % len(group.members)],
            goal_id=goals[place % len(goals)] if goals and status is not S.DROPPED and place != 9 else None,
            text_tr=said["tr"],
            text_en=said["en"],
            search_text=search_key(f"{said['tr']} {said['en']}"),
            due_on=world.today + timedelta(days=due),
            status=status,
            percent=percent,
            done_on=world.today + timedelta(days=done) if done is not None else None,
            evidence=EVIDENCE if status is S.DONE else "",
        )
        _history(world, group, key, place)
        if place in (4, 5, 8):
            _ask(world, group, key, said["competency"])


def _history(world: World, group: _Group, action: int, place: int) -> None:
    """Decided, begun, and how it stands."""
    status, due, done, percent = STATES[place]
    steps = [(S.OPEN, 0, -100)] + ([(S.UNDER_WAY, percent // 2, -88)] if percent else [])
    if status is not S.OPEN:
        steps.append((status, percent, done if done is not None else -6))
    for where, far, days in steps:
        world.ledger.add(
            ActionChange,
            action_id=action,
            status=where,
            percent=far,
            due_on=world.today + timedelta(days=due),
            note=DROPPED if where is S.DROPPED else "",
            changed_by=world.coordinator(group.province),
            at=at(world.today + timedelta(days=days), time(11)),
        )


def _ask(world: World, group: _Group, action: int, competency: str) -> None:
    """A row of the plan rests on it where the province has one of a course that builds the competency."""
    rows = (
        item
        for (province, code), item in world.plan_items.items()
        if province == group.province and competency in COURSES[code]["competencies"]
    )
    world.ledger.add(
        ActionAsk,
        action_id=action,
        competency_id=world.reference.competencies[competency],
        reason="Eylemi yürütecek personelin bu konuda eğitime ihtiyacı var.",
        plan_item_id=next(rows, None),
        asked_at=at(world.today - timedelta(days=60), time(14)),
    )


# --- the plans of provinces -----------------------------------------------------------------------------


def _plan(world: World, province: str, status: ProgrammeDocumentStatus) -> list[int]:
    """The ids of its goals."""
    names = {row["code"]: row["name_tr"] for row in load("provinces")}
    submitted = None if status is D.DRAFT else at(world.today - timedelta(days=12), time(15))
    coordinator, there = world.coordinator(province), world.reference.provinces[province]
    document = world.ledger.add(
        ProgrammeDocument,
        kind=ProgrammeDocumentKind.ACTION_PLAN,
        province_id=there,
        name_tr=f"{names[province]} stratejik eylem planı",
        name_en=f"Strategic action plan of {names[province]}",
        status=status,
        submitted_by=coordinator if submitted else None,
        submitted_at=submitted,
        approved_at=at(world.today - timedelta(days=9), time(10)) if status is D.APPROVED else None,
    )
    if submitted is not None:
        _step(world, document, D.SUBMITTED, submitted, coordinator)
    if status is D.RETURNED:
        _step(world, document, status, at(world.today - timedelta(days=8), time(10)), world.users["admin"], REMARKS)
    plan = world.ledger.add(StrategicPlan, province_id=there, document_id=document)
    goals = [
        world.ledger.add(StrategicGoal, plan_id=plan, position=place, text_tr=tr, text_en=en)
        for place, (tr, en) in enumerate(GOALS, 1)
    ]
    world.ledger.flush()
    return goals


def _step(
    world: World, document: int, status: ProgrammeDocumentStatus, moment: datetime, by: int, said: str = ""
) -> None:
    values = {"document_id": document, "edition": 1, "status": status, "at": moment, "changed_by": by}
    world.ledger.add(ProgrammeDocumentStep, reason=said, **values)


def _approved(world: World, province: str) -> None:
    """The version in force says what the plan says."""
    here = StrategicPlan.province_id == world.reference.provinces[province]
    loaded = joinedload(StrategicPlan.document)
    plan = db.session.scalars(EVERYWHERE.select(StrategicPlan).where(here).options(loaded)).one()  # nobody is there yet
    document, coordinator, admin = plan.document, world.coordinator(province), world.users["admin"]
    approved = document.approved_at or world.now
    _step(world, document.id, D.APPROVED, approved, admin)
    world.ledger.add(
        ProgrammeDocumentVersion,
        document_id=document.id,
        edition=1,
        name_tr=document.name_tr,
        name_en=document.name_en,
        approved_at=approved,
        approved_by=admin,
        submitted_by=coordinator,
        passages=[one.written() for one in says(plan)[0]],
    )
