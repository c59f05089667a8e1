"""What field studies show on other pages; their filters, their history in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import format_number, gettext, in_language, ngettext
from app.lists.models import Columns
from app.programme.asks.models import AskMove
from app.programme.parts import Filter, Indicator, Part, flag_filter, kind_filter, province_filter
from app.programme.studies import queries
from app.programme.studies.models import (
    CHANGED,
    FieldStudy,
    FindingStatus,
    StudyChange,
    StudyMethod,
    StudyMove,
    StudyStage,
)
from app.programme.studies.queries import DistrictRow, Numbers
from app.training.history import Step
from app.web.parts import Counted, Tab, Task


def tabs(current: str) -> list[Tab]:
    """The two lists of the room."""
    pages = (
        ("studies", gettext("Field studies"), url_for("studies.show_studies")),
        ("findings", gettext("Findings"), url_for("findings.show_findings")),
    )
    return [Tab(label, url, current=name == current) for name, label, url in pages]


def filters(caller: Caller) -> list[Filter]:
    return [
        province_filter(caller),
        kind_filter("stage", gettext("Stage"), StudyStage),
        kind_filter("method", gettext("Method"), StudyMethod),
        flag_filter("late", gettext("Date"), "yes", gettext("Past its date")),
    ]


def columns() -> Columns:
    return [
        (gettext("Province"), lambda row: in_language(row.province, "name")),
        (gettext("Title"), lambda row: in_language(row, "title")),
        (gettext("Method"), lambda row: row.method.label),
        (gettext("Stage"), lambda row: row.stage.label),
        (gettext("Stage ends on"), lambda row: row.ends_on(row.stage)),
        (gettext("Lead"), lambda row: row.lead),
        (gettext("Planned interviews"), lambda row: row.planned),
        (gettext("Interviews held"), lambda row: row.held),
        (gettext("Verified findings"), lambda row: row.verified),
    ]


def part(_: Caller, __: object) -> Part:
    return Part(gettext("Field studies"), url_for("studies.show_studies"), "search", 20)


def indicator(_: Caller, __: object) -> Indicator:
    return Indicator(
        "FS",
        gettext("Field studies whose fieldwork is done"),
        25,
        queries.surveyed_by_province,
        (FieldStudy,),
        lambda year, province_id: url_for("studies.show_studies", surveyed=year, province=province_id),
    )


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Studies past their date, for those who run them."""
    if caller.may(Permission.PROGRAMME_WRITE):
        scope = caller.scope_for(Permission.PROGRAMME_WRITE)
        number = scope.restrict(sa.select(sa.func.count(FieldStudy.id)).where(queries.late()), FieldStudy)
        yield Counted(number, (FieldStudy,), _late)


def _late(number: int) -> Task:
    title = ngettext("%(num)s field study is past its date", "%(num)s field studies are past their date", number)
    detail = gettext("Tick what is done and go on, or give the stage another day.")
    return Task(title, url_for("studies.show_studies", late="yes"), detail, "calendar-clock")


def beyond(districts: Sequence[DistrictRow], typed: Numbers) -> str:
    """Where more were asked than planned, by sex, of the districts something was typed for: likely a slip."""
    places = []
    for row in districts:
        plan, name = row.district, in_language(row.district.organisation, "name")
        pairs = ((gettext("Women"), row.women, plan.planned_women), (gettext("Men"), row.men, plan.planned_men))
        for (sex, held, planned), number in zip(pairs, typed.get(plan.id, (0, 0)), strict=True):
            if number and held > planned:
                places.append(f"{name}, {sex} ({format_number(held)} / {format_number(planned)})")
    return "; ".join(places)


def told(changes: Sequence[StudyChange]) -> list[Step]:
    return [
        Step(one.at, _text(one), one.changer.name if one.changer else "", one.reason, _ICONS[one.kind])
        for one in changes
    ]


_ICONS = {
    StudyMove.STAGE: "arrow-right",
    StudyMove.REPORT: "file-text",
    StudyMove.FINDING: "target",
    StudyMove.ASK: "link",
}


def _text(change: StudyChange) -> str:
    match change.kind:
        case StudyMove.STAGE:
            return gettext("Stage: %(stage)s", stage=StudyStage(change.new).label)
        case StudyMove.REPORT:
            return gettext("Report attached")
        case StudyMove.FINDING:
            if change.new == CHANGED:
                return gettext("Draft changed")
            return gettext("Finding: %(state)s", state=FindingStatus(change.new).label)
        case StudyMove.ASK:
            return {
                AskMove.ASKED: gettext("Competency named"),
                AskMove.WITHDRAWN: gettext("Competency withdrawn"),
                AskMove.TIED: gettext("Tied to a plan row"),
                AskMove.UNTIED: gettext("Untied from a plan row"),
            }[AskMove(change.new)]
