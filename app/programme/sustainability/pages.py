"""What sustainability shows on the pages of others: its part of the programme, G16, what is late."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.clock import today
from app.language import format_date, gettext, in_language, ngettext
from app.programme.parts import Filter, Indicator, Part, filter_of, flag_filter, kind_filter, province_filter
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
from app.training.history import Step
from app.web.parts import Counted, Section, Task


def part(_: Caller, __: object) -> Part:
    return Part(gettext("Sustainability"), url_for("sustainability.show_matrix"), "hand-heart", 50)


def indicator(_: Caller, __: object) -> Indicator:
    return Indicator(
        "G16",
        gettext("Sustainability measures in place"),
        60,
        queries.by_province,
        (Measure, MeasureStep),
        lambda year, province_id: url_for(
            "sustainability.show_measures",
            **({"status": MeasureStatus.IN_PLACE.value} if year == today().year else {"in_place": year}),
            province=province_id,
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


def place(measure: Measure) -> str:
    return in_language(measure.province, "name") if measure.province else gettext("Whole programme")


def filters(caller: Caller) -> list[Filter]:
    return [
        kind_filter("status", gettext("Status"), MeasureStatus, every=gettext("All but dropped")),
        kind_filter("level", gettext("Level"), MeasureLevel),
        kind_filter("scope", gettext("Scope"), MeasureScope),
        kind_filter("kind", gettext("Kind"), MeasureKind),
        province_filter(caller),
        flag_filter("late", gettext("Due"), "yes", gettext("Past its day")),
        filter_of("in_place", gettext("In place at the end of"), _past_years(), every=gettext("Any")),
    ]


def _past_years() -> list[tuple[str, str]]:
    this = today().year
    return [(str(year), str(year)) for year in range(this - 1, this - 4, -1)]


def municipality_filters(caller: Caller) -> list[Filter]:
    having = [("trainers", gettext("Certified internal trainers")), ("rows", gettext("Rows of its own"))]
    return [province_filter(caller), filter_of("has", gettext("Has"), having)]


def history(steps: Sequence[MeasureStep]) -> list[Step]:
    def told(one: MeasureStep) -> Step:
        said = f"{one.status.label} · {format_date(one.day)}"
        return Step(one.at, said, one.by.name if one.by else "", one.reason, one.status.icon)

    return [told(one) for one in steps]
