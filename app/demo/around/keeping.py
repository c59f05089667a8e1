"""What keeps the programme alive and seen: thirty measures in every state, each with its steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from app.core.clock import at
from app.demo.world import World
from app.programme.sustainability.models import Measure, MeasureStatus, MeasureStep

S = MeasureStatus
TEN = time(10)
WAYS: dict[MeasureStatus, tuple[MeasureStatus, ...]] = {
    S.PROPOSED: (S.PROPOSED,),
    S.ACCEPTED: (S.PROPOSED, S.ACCEPTED),
    S.UNDER_WAY: (S.PROPOSED, S.ACCEPTED, S.UNDER_WAY),
    S.IN_PLACE: (S.PROPOSED, S.ACCEPTED, S.UNDER_WAY, S.IN_PLACE),
    S.DROPPED: (S.PROPOSED, S.DROPPED),
}


def add_measures(world: World) -> None:
    for number, row in enumerate(_data("measures")):
        _measure(world, number, row)
    world.ledger.flush()


def _data(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / f"{name}.json").read_text("utf-8"))
    return found


def _measure(world: World, number: int, row: Mapping[str, Any]) -> None:
    province, status = row["province"], S(row["status"])
    dropped = status is S.DROPPED
    by = world.coordinator(province) if province else world.users["admin"]
    measure = world.ledger.add(
        Measure,
        province_id=world.reference.provinces[province] if province else None,
        organisation_id=_institution(world, province, row["component"]),
        due=world.today + timedelta(days=row["due"]),
        status=status,
        evidence="" if dropped else row["said"],
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


def _step(world: World, measure: int, status: MeasureStatus, day: date, by: int, reason: str) -> None:
    values = {"measure_id": measure, "status": status, "day": day, "reason": reason}
    world.ledger.add(MeasureStep, by_id=by, at=world.office(at(day, TEN)), **values)
