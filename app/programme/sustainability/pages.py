"""What sustainability shows on the pages of others: its part of the programme, G16, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.language import format_date, gettext, in_language, ngettext
from app.programme.parts import Indicator, Part
from app.programme.pilots.models import Pilot
from app.programme.sustainability import queries
from app.programme.sustainability.models import (
    Measure,
    MeasureKind,
    MeasureLevel,
    MeasureScope,
    MeasureStatus,
    MeasureStep,
)
from app.web.parts import Counted, Section, Task

Filter = tuple[str, str, Sequence[tuple[Any, str]]]


def part(caller: Caller, _: object) -> Part | None:
    if not caller.may(Permission.PROGRAMME_READ):
        return None
    return Part(gettext("Sustainability"), url_for("sustainability.show_matrix"), "hand-heart", 50)


def indicator(_: Caller, __: object) -> Indicator:
    return Indicator(
        "G16",
        gettext("Sustainability measures in place"),
        60,
        queries.by_province,
        (Measure, MeasureStep),
        lambda _, province_id: url_for(
            "sustainability.show_measures", status=MeasureStatus.IN_PLACE.value, province=province_id
        ),
    )


def late(caller: Caller, _: object) -> Counted | None:
    """Measures past their day, for whoever keeps them."""
    if not caller.may(Permission.PROGRAMME_WRITE):
        return None
    return Counted(queries.count_late(caller.scope_for(Permission.PROGRAMME_WRITE)), (Measure,), _late)


def _late(number: int) -> Task:
    title = ngettext(
        "%(num)s sustainability measure is past its day", "%(num)s sustainability measures are past their day", number
    )
    url = url_for("sustainability.show_measures", late="yes")
    return Task(title, url, gettext("Say how they stand, or give them another day."), "hand-heart")


def of_pilot(caller: Caller, pilot: Pilot) -> Section | None:
    """What keeps a pilot project alive, on its page."""
    if not caller.may(Permission.PROGRAMME_READ):
        return None
    found = queries.of_pilot(caller.scope_for(Permission.PROGRAMME_READ), pilot)
    writing = caller.scope_for(Permission.PROGRAMME_WRITE)
    may_write = caller.may(Permission.PROGRAMME_WRITE) and writing.covers_province(pilot.province_id)
    content = {"measures": found, "pilot": pilot, "may_write": may_write}
    return Section(gettext("Sustainability measures"), "programme/sustainability/of_pilot.html", content, order=40)


def province_filter() -> Filter:
    named = [(one.id, in_language(one, "name")) for one in provinces()]
    return "province", gettext("Province"), [("", gettext("All")), *named]


def having_filter() -> Filter:
    trained, own = gettext("Certified internal trainers"), gettext("Rows of its own")
    return "has", gettext("Has"), [("", gettext("All")), ("trainers", trained), ("rows", own)]


def place(measure: Measure) -> str:
    return in_language(measure.province, "name") if measure.province else gettext("Whole programme")


def filters() -> list[Filter]:
    every: list[tuple[Any, str]] = [("", gettext("All"))]
    return [
        ("status", gettext("Status"), [("", gettext("All but dropped")), *((s.value, s.label) for s in MeasureStatus)]),
        ("level", gettext("Level"), every + [(one.value, one.label) for one in MeasureLevel]),
        ("scope", gettext("Scope"), every + [(one.value, one.label) for one in MeasureScope]),
        ("kind", gettext("Kind"), every + [(one.value, one.label) for one in MeasureKind]),
        province_filter(),
        ("late", gettext("Due"), [*every, ("yes", gettext("Past its day"))]),
    ]


@dataclass(frozen=True)
class Happened:
    """A step as `ui.history` shows it."""

    at: datetime
    text: str
    by: str | None
    reason: str
    icon: str


def history(steps: Sequence[tuple[MeasureStep, str | None]]) -> list[Happened]:
    return [
        Happened(step.at, f"{step.status.label} · {format_date(step.day)}", by, step.reason, step.status.icon)
        for step, by in steps
    ]
