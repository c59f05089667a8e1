"""A plan on paper: whose it is, its rows in order, what they take."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.clock import today
from app.language import format_date, format_number, gettext, in_language, language, ngettext
from app.paper.handouts.report import Paragraph, Part, draw_report
from app.paper.handouts.tables import PaperTable
from app.paper.wording import Language
from app.plans.models import PlanVersion, TrainingPlan
from app.plans.pages import frozen_place, plan_name
from app.plans.snapshot import FrozenRow, sums

WIDTHS = (5, 3, 1.2, 1.2, 1.2, 2, 2, 1.5, 1.5, 6)


def of_version(plan: TrainingPlan, version: PlanVersion, rows: Sequence[FrozenRow]) -> bytes:
    """A version as it was approved."""
    day = format_date(version.approved_at)
    state = gettext("Version %(n)s, approved on %(day)s", n=version.edition, day=day)
    limits = (version.limit_hours, version.limit_cost)
    return _paper(plan, state, rows, limits, version.reason)


def of_draft(plan: TrainingPlan, rows: Sequence[FrozenRow]) -> bytes:
    """As it stands today."""
    state = gettext("Version %(n)s, %(state)s", n=plan.edition, state=plan.status.label)
    return _paper(plan, state, rows, (plan.limit_hours, plan.limit_cost), plan.reason)


def _paper(
    plan: TrainingPlan, state: str, rows: Sequence[FrozenRow], limits: tuple[int | None, int | None], reason: str
) -> bytes:
    found, there = sums(rows), [row for row in rows if not row.dropped]
    counted = ngettext("%(num)s row", "%(num)s rows", found.rows)
    groups = ngettext("%(num)s group", "%(num)s groups", found.groups)
    parts: list[Part] = [
        Paragraph(state, strong=True),
        Paragraph(f"{counted} · {groups}"),
        Paragraph(f"{gettext('Hours of teaching')}: {_of(found.hours, limits[0])}"),
        Paragraph(f"{gettext('Lira')}: {_of(found.cost, limits[1])}"),
    ]
    if found.unpriced:
        parts.append(Paragraph(_unpriced(found.unpriced)))
    if reason:
        parts.append(Paragraph(f"{gettext('What changed and why')}: {reason}"))
    parts.append(PaperTable(gettext("Rows of the plan"), _heads(), tuple(map(_cells, there)), WIDTHS))
    title, spoken = str(plan_name(plan)), language()
    tongue: Language = "tr" if spoken == "tr" else "en"
    return draw_report(title, parts, foot=f"{title} · {format_date(today())}", language=tongue, dated=today())


def _unpriced(number: int) -> str:
    return ngettext("No cost is written down for %(num)s row.", "No cost is written down for %(num)s rows.", number)


def _of(used: int, limit: int | None) -> str:
    if limit is None:
        return f"{format_number(used)} ({gettext('no limit')})"
    return f"{format_number(used)} / {format_number(limit)}"


def _heads() -> tuple[str, ...]:
    return (
        gettext("Course"),
        gettext("Place"),
        gettext("Quarter"),
        gettext("Groups"),
        gettext("Hours"),
        gettext("Lira"),
        gettext("Priority score"),
        gettext("People eligible"),
        gettext("Value"),
        gettext("Origin and reason"),
    )


def _cells(row: FrozenRow) -> tuple[str, ...]:
    score = "–" if row.score is None else format_number(row.score, 1)
    origin = ": ".join(filter(None, (row.origin_label, row.origin_text)))
    return (
        f"{row.code} {in_language(row, 'course')}",
        frozen_place(row),
        format_number(row.quarter),
        format_number(row.planned),
        format_number(row.all_hours),
        format_number(row.all_cost),
        f"{score} {row.priority_class.label}" if row.priority_class else score,
        format_number(row.eligible),
        format_number(row.value, 2),
        f"{origin.rstrip('.')}. {row.reason}",
    )
