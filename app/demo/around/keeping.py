"""What keeps the programme alive and seen: measures in every state, strategies in versions, activities, checklists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.access.models import Province
from app.access.scope import EVERYWHERE
from app.core.clock import at
from app.core.db import db
from app.demo.world import World
from app.language.turkish import search_key
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
    ProgrammeDocumentVersion,
)
from app.programme.groups.models import ActionGroup, GroupMeeting
from app.programme.picture.models import ProgrammeTarget
from app.programme.pilots.models import Pilot
from app.programme.sustainability.models import Measure, MeasureStatus, MeasureStep
from app.programme.visibility import rules
from app.programme.visibility.models import (
    Activity,
    ActivityKind,
    CheckAnswer,
    CheckItem,
    DonorApproval,
    EventCheck,
    Strategy,
)
from app.training.models import CourseSession, SessionStatus

S = MeasureStatus
TEN = time(10)
DATA = Path(__file__).parents[1] / "data"
WAYS: dict[MeasureStatus, tuple[MeasureStatus, ...]] = {
    S.PROPOSED: (S.PROPOSED,),
    S.ACCEPTED: (S.PROPOSED, S.ACCEPTED),
    S.UNDER_WAY: (S.PROPOSED, S.ACCEPTED, S.UNDER_WAY),
    S.IN_PLACE: (S.PROPOSED, S.ACCEPTED, S.UNDER_WAY, S.IN_PLACE),
    S.DROPPED: (S.PROPOSED, S.DROPPED),
}


def add_measures(world: World) -> None:
    for number, row in enumerate(json.loads((DATA / "measures.json").read_text("utf-8"))):
        _measure(world, number, row)
    world.ledger.flush()


def _measure(world: World, number: int, row: Mapping[str, Any]) -> None:
    province, status = row["province"], S(row["status"])
    dropped = status is S.DROPPED
    by = world.coordinator(province) if province else world.users["admin"]
    measure = world.ledger.add(
        Measure,
        province_id=world.reference.provinces[province] if province else None,
        organisation_id=_institution(world, province, row["component"]),
        pilot_id=_pilot(province, row["component"]),
        due=world.today + timedelta(days=row["due"]),
        status=status,
        evidence="" if dropped else row["said"],
        search_text=search_key(" ".join(row[key] for key in ("text_tr", "text_en", "component", "responsible"))),
        **{key: row[key] for key in ("level", "scope", "kind", "component", "text_tr", "text_en", "responsible")},
    )
    # every other one began so long ago that there is a trend
    day = world.today - timedelta(days=520 if number % 2 else 260)
    for step in WAYS[status]:
        last = step is status
        _step(world, measure, step, day, by, row["said"] if dropped and last else "")
        day += timedelta(days=45 + number)


def _institution(world: World, province: str | None, component: str) -> int | None:
    """The district whose name its component begins with."""
    mine = (one for one in world.reference.municipalities if one.province == province)
    return next((one.id for one in mine if component.startswith(one.short_name)), None)


def _pilot(province: str | None, component: str) -> int | None:
    """The pilot project whose district and name hold the first words of its component."""
    words = " ".join(component.split()[:2])
    named = sa.select(Pilot.id).join(Pilot.province).where(Province.code == province)
    named = named.where((Pilot.district + " " + Pilot.name_tr).contains(words))
    # rows of its own, before anybody is there
    return db.session.scalar(EVERYWHERE.restrict(named, Pilot))


def _step(world: World, measure: int, status: MeasureStatus, day: date, by: int, reason: str) -> None:
    values = {"measure_id": measure, "status": status, "day": day, "reason": reason}
    world.ledger.add(MeasureStep, by_id=by, at=world.office(at(day, TEN)), **values)


# --- what is seen ------------------------------------------------------------------------------------------

D = ProgrammeDocumentStatus
STANDS: dict[str, tuple[int, D]] = {
    "21": (2, D.APPROVED),
    "25": (1, D.APPROVED),
    "27": (2, D.SUBMITTED),
    "63": (1, D.DRAFT),
}
"""Which edition of each province's strategy is written, and how it stands."""
SECOND = "İletiler sahadan gelen önerilerle kısaltıldı."
REVIEWS = {"21": 200, "25": -12, "27": 150, "63": 300}
CHECKED = (CheckAnswer.YES, CheckAnswer.YES, CheckAnswer.NOT_NEEDED, CheckAnswer.YES)


def add_visibility(world: World) -> None:
    data = json.loads((DATA / "visibility.json").read_text("utf-8"))
    for province, texts in data["strategies"].items():
        _strategy(world, province, texts)
    for row in data["activities"]:
        _activity(world, row)
    world.ledger.flush()
    _checklists(world)
    world.ledger.flush()


def _strategy(world: World, province: str, texts: Mapping[str, str]) -> None:
    edition, status = STANDS[province]
    names = db.session.execute(sa.select(Province.name_tr, Province.name_en).where(Province.code == province)).one()
    place, by = world.reference.provinces[province], world.coordinator(province)
    submitted = status is D.SUBMITTED
    in_force = 0 if status is D.DRAFT else edition - submitted
    approved = _approved(world, in_force) if in_force else None
    document = world.ledger.add(
        ProgrammeDocument,
        kind=ProgrammeDocumentKind.STRATEGY,
        province_id=place,
        name_tr=f"{names.name_tr} görünürlük stratejisi",
        name_en=f"Visibility strategy of {names.name_en}",
        status=status,
        edition=edition,
        reason=SECOND if edition > 1 else "",
        submitted_by=by if status is not D.DRAFT else None,
        submitted_at=at(world.today - timedelta(days=4), time(11)) if submitted else approved,
        approved_at=approved,
    )
    valid = world.today - timedelta(days=240)
    strategy = Strategy(valid_from=valid, review_on=world.today + timedelta(days=REVIEWS[province]), **texts)
    values = {"province_id": place, "document_id": document, "review_on": strategy.review_on, **texts}
    world.ledger.add(Strategy, valid_from=valid, **values)
    for number in range(1, in_force + 1):
        _version(world, document, strategy, names, number, by)
    if submitted:
        _document_step(world, document, edition, D.SUBMITTED, at(world.today - timedelta(days=4), time(11)), by, SECOND)


def _approved(world: World, edition: int) -> datetime:
    return at(world.today - timedelta(days=330 - 120 * edition), time(14))


def _version(world: World, document: int, strategy: Strategy, names: Any, edition: int, by: int) -> None:
    """The first was longer in its messages; approved by an administrator some days after it was submitted."""
    moment = _approved(world, edition)
    said = rules.passages(strategy)
    if edition == 1:
        said = [
            replace(one, text_tr=f"{one.text_tr}\nBirlikte daha güçlüyüz.") if one.key == "messages" else one
            for one in said
        ]
    admin, reason = world.users["admin"], SECOND if edition > 1 else ""
    world.ledger.add(
        ProgrammeDocumentVersion,
        document_id=document,
        edition=edition,
        name_tr=names.name_tr,
        name_en=names.name_en,
        approved_at=moment,
        approved_by=admin,
        submitted_by=by,
        reason=reason,
        passages=[one.written() for one in said],
    )
    _document_step(world, document, edition, D.SUBMITTED, moment - timedelta(days=3), by, reason)
    _document_step(world, document, edition, D.APPROVED, moment, admin, "")


def _document_step(world: World, document: int, edition: int, status: D, at: datetime, by: int, reason: str) -> None:
    values = {"document_id": document, "edition": edition, "status": status, "reason": reason}
    world.ledger.add(ProgrammeDocumentStep, changed_by=by, at=at, **values)


def _activity(world: World, row: Mapping[str, Any]) -> None:
    day = world.today + timedelta(days=row["day"])
    given = row["approval"] == DonorApproval.GIVEN
    kept = {key: row[key] for key in ("kind", "title_tr", "title_en", "reach", "reach_source", "approval")}
    place = world.reference.provinces[row["province"]]
    world.ledger.add(
        Activity,
        province_id=place,
        day=day,
        approval_day=day - timedelta(days=6) if given else None,
        pilot_id=_named(row["pilot"]) if "pilot" in row else None,
        meeting_id=_met(place, day) if "meeting" in row else None,
        **kept,
    )


def _named(pilot: str) -> int | None:
    # rows of its own, before anybody is there
    found: int | None = db.session.scalar(EVERYWHERE.restrict(sa.select(Pilot.id), Pilot).where(Pilot.code == pilot))
    return found


def _met(province_id: int, day: date) -> int | None:
    """The latest meeting of a province until then."""
    held = sa.select(GroupMeeting.id).join(GroupMeeting.group).where(ActionGroup.province_id == province_id)
    held = held.where(GroupMeeting.cancelled_at.is_(None), GroupMeeting.date <= day).order_by(GroupMeeting.date.desc())
    found: int | None = db.session.scalar(EVERYWHERE.trusting(held.limit(1), GroupMeeting, ActionGroup))  # as above
    return found


def _checklists(world: World) -> None:
    """Of sessions that are over: complete, nearly so, begun, and none; of those to come what is settled before."""
    columns = (CourseSession.id, CourseSession.status, CourseSession.province_id, CourseSession.ends_on, Province.code)
    statement = sa.select(*columns).join(CourseSession.province).order_by(CourseSession.id)
    # rows of its own, before anybody is there
    for number, row in enumerate(db.session.execute(EVERYWHERE.restrict(statement, CourseSession))):
        over = row.status is SessionStatus.FINALISED and row.ends_on is not None
        many = (len(CheckItem), len(CheckItem), len(CheckItem) - 1, 4, 0)[number % 5] if over else (4, 2, 0)[number % 3]
        if not over and row.status is not SessionStatus.CONFIRMED:
            continue
        day = row.ends_on if over else world.today - timedelta(days=2)
        _answers(world, "course_session_id", row.id, (number, many, day, row.code))
    _other_checklists(world)


def _other_checklists(world: World) -> None:
    """Of meetings that were held and of events: complete, nearly so, begun, none."""
    held = sa.select(GroupMeeting.id, GroupMeeting.date, Province.code).join(GroupMeeting.group)
    held = held.join(ActionGroup.province).where(GroupMeeting.cancelled_at.is_(None), GroupMeeting.date < world.today)
    shown = sa.select(Activity.id, Activity.day, Province.code).join(Activity.province)
    shown = shown.where(Activity.kind == ActivityKind.EVENT)
    models = (GroupMeeting, ActionGroup, Activity)
    for pointer, found in (("meeting_id", held), ("activity_id", shown)):
        # rows of its own, before anybody is there
        rows = db.session.execute(EVERYWHERE.trusting(found, *models))
        for number, (key, day, code) in enumerate(sorted(rows)):
            many = (len(CheckItem), 5, len(CheckItem), 3, 0)[number % 5]
            _answers(world, pointer, key, (number, many if day < world.today else 2, min(day, world.today), code))


def _answers(world: World, pointer: str, key: int, how: tuple[int, int, date, str]) -> None:
    """`how`: whose turn it is, how many items are answered, on which day, in which province."""
    number, many, day, code = how
    for place, item in enumerate(list(CheckItem)[:many]):
        checked = {pointer: key, "item": item, "answer": CHECKED[(number + place) % 4]}
        moment = world.office(at(day, time(16)))
        world.ledger.add(EventCheck, by_id=world.coordinator(code), at=moment, **checked)


# --- what it should come to --------------------------------------------------------------------------------

TARGETS = {"G01": 180, "G12": 60, "G13": 6000, "FS": 100, "G14": 70, "G15": 80, "G16": 40}
"""Of each province; people together are four times as many, shares the same."""
PEOPLE = ("G01", "G13")


def add_targets(world: World) -> None:
    for code, value in TARGETS.items():
        for place in (*world.reference.provinces.values(), None):
            whole = len(world.reference.provinces) if place is None and code in PEOPLE else 1
            world.ledger.add(ProgrammeTarget, year=world.year, code=code, province_id=place, value=value * whole)
    world.ledger.flush()
