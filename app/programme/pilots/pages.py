"""What pilots show around their pages and on those of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.audit.journal import Event, kinds
from app.catalogue.models import Course
from app.core.clock import today
from app.language import force_locale, format_date, format_month, gettext, in_language, lazy_gettext, ngettext
from app.plans.models import Origin
from app.post.addresses import path_to
from app.programme.asks.models import Asker, AskMove
from app.programme.asks.pages import hits_of
from app.programme.asks.queries import asks_of
from app.programme.documents.events import DocumentMoved
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentVersion,
)
from app.programme.documents.pages import Owner
from app.programme.documents.rules import Passage
from app.programme.parts import (
    Filter,
    Indicator,
    Part,
    filter_of,
    flag_filter,
    kind_filter,
    province_filter,
    theme_filter,
)
from app.programme.pilots import events, queries, services
from app.programme.pilots.models import (
    ManagementPlanStatus,
    Pilot,
    PilotAsk,
    PilotMonth,
    PilotSection,
    PilotService,
    SectionKey,
    TrackingStatus,
)
from app.programme.pilots.rules import before, empty_sections, month_of, months
from app.training.history import Step
from app.training.models import CourseSession
from app.training.queries import runs
from app.web.parts import Counted, Stored, Tab, Task

ASKER = Asker(
    key="pilot",
    label=lazy_gettext("Pilot project"),
    origin=Origin.PILOT,
    model=PilotAsk,
    pointer=PilotAsk.pilot_id,
    thing=Pilot,
    name="name",
    code=Pilot.code,
    owned=Pilot,
    written=queries.pilot,
    heard=lambda pilot, move, *_: services.grows(pilot) if move is AskMove.ASKED else None,
    url=lambda key: path_to("pilots.show_staff", pilot_id=key),
)


def layout(caller: Caller, pilot: Pilot, current: str) -> dict[str, Any]:
    """What each page of a pilot shows around its own part."""
    ways = (
        ("plan", gettext("Project and plan"), "pilots.show_pilot"),
        ("users", gettext("Users"), "tracking.show_users"),
        ("staff", gettext("Staff and readiness"), "pilots.show_staff"),
        ("sessions", gettext("Training and continuity"), "pilots.show_sessions"),
        ("history", gettext("History"), "pilots.show_history"),
    )
    tabs = [Tab(label, url_for(view, pilot_id=pilot.id), current=name == current) for name, label, view in ways]
    writes = caller.scope_for(Permission.PROGRAMME_WRITE).covers_province(pilot.province_id)
    return {"pilot": pilot, "writes": writes, "grows": writes and pilot.closed_on is None, "tabs": tabs}


Months = Sequence[tuple[str, int, str]]


def year_of(users: Mapping[date, int]) -> Months:
    """The twelve months up to today as `ui.bars` draws them; one without an entry is no zero."""
    last = month_of(today())
    found = ((month, users.get(month)) for month in months(before(last, 11), last))
    return [(format_month(month), number or 0, "–" if number is None else str(number)) for month, number in found]


def users_of(board: queries.Board) -> Mapping[int, tuple[str, int]]:
    """Of each pilot on it that counts its users: twelve months of them as columns of a drawing 120 by 28, and how many
    they are. One statement.
    """
    shown = [one.id for _, _, pilots in board.columns for one in pilots if one.tracking is not TrackingStatus.PREPARING]
    last = month_of(today())
    users, year = queries.users_by_month(shown, before(last, 11)), list(months(before(last, 11), last))
    counts = {key: [users.get(key, {}).get(month, 0) for month in year] for key in shown}
    return {key: (_columns(numbers), sum(numbers)) for key, numbers in counts.items()}


def _columns(numbers: Sequence[int]) -> str:
    """As the path of an SVG; what is nothing is a line."""
    heights = [max(1, number * 26 // max(numbers)) if number else 1 for number in numbers]
    return "".join(f"M{place * 10} 28v-{height}h8v{height}z" for place, height in enumerate(heights))


def filters(caller: Caller) -> list[Filter]:
    years = [(str(year), str(year)) for year in range(today().year, today().year - 3, -1)]
    return [
        province_filter(caller),
        kind_filter("plan", gettext("Management plan"), ManagementPlanStatus),
        kind_filter("tracking", gettext("User tracking"), TrackingStatus),
        theme_filter(),
        filter_of("state", gettext("State"), [("open", gettext("Under way")), ("closed", gettext("Closed"))]),
        filter_of("approved", gettext("Plan approved by the end of"), years),
        flag_filter("overdue", gettext("Section overdue"), "yes", gettext("Yes")),
        flag_filter("missing", gettext("Months without an entry"), "yes", gettext("Yes")),
    ]


hits = hits_of(
    lazy_gettext("Pilot projects"),
    queries.sought,
    queries.SORTS["code"],
    lambda key: url_for("pilots.show_pilot", pilot_id=key),
    "pilots.list_pilots",
    39,
)


def session_tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session, and the pilots of its province."""
    if not runs(caller.scope_for(Permission.PROGRAMME_WRITE), course_session):
        return None
    url = url_for("pilots.name_pilot", course_session_id=course_session.id)
    return Tab(gettext("Pilot project"), url, order=46)


def part(_: Caller, __: object) -> Part:
    return Part(gettext("Pilot projects"), url_for("pilots.show_board"), "rocket", 10)


# made once: by them the picture knows its statement again
OF_WOMEN, OF_MEN = (partial(queries.users_by_province, sex=sex) for sex in ("women", "men"))


def indicators(_: Caller, __: object) -> Iterator[Indicator]:
    """G12: management plans approved by the end of a year. G13: new users in a year; open months are provisional."""
    yield Indicator(
        "G12",
        gettext("Pilot projects with an approved management plan"),
        10,
        queries.approved_by_province,
        (Pilot, ProgrammeDocumentVersion),
        lambda year, province_id: url_for("pilots.list_pilots", approved=year, province=province_id),
    )
    yield Indicator(
        "G13",
        gettext("New users of pilot projects"),
        20,
        queries.users_by_province,
        (Pilot, PilotService, PilotMonth),
        lambda year, province_id: url_for(
            "tracking.list_users", since=f"{year}-01-01", until=f"{year}-12-31", province=province_id
        ),
        parts=(
            (gettext("Women"), OF_WOMEN),
            (gettext("Men"), OF_MEN),
        ),
        plain=True,
    )


# --- what happened to it ------------------------------------------------------------------------------------

ICONS: Mapping[type[Event], str] = {
    events.PilotAdded: "circle-plus",
    events.PilotChanged: "pencil",
    events.PilotClosed: "archive",
    events.PilotSectionSaved: "pencil",
    events.PilotStaffed: "users",
    events.PilotSessionNamed: "graduation-cap",
    events.PilotServiceSaved: "list",
    events.PilotUsersEntered: "table",
    events.PilotMonthsClosed: "lock",
    DocumentMoved: "file-text",
}
HISTORY = 200
"""What happened before stands in the activity log."""


def history(pilot: Pilot) -> list[Step]:
    """Latest first. One statement. Who works there is named on the page of staff, to whoever may know."""
    known = {event.name: event for event in ICONS}
    found = queries.happened(pilot, known.keys(), HISTORY)
    return [
        Step(at, _told(known[name], facts), by.name if by else "", "", ICONS[known[name]])
        for at, name, facts, by in found
    ]


def _told(event: type[Event], facts: Mapping[str, Any]) -> str:
    if event is DocumentMoved:
        return gettext("Management plan: %(state)s", state=ProgrammeDocumentStatus(facts["status"]).label)
    if event is events.PilotClosed:
        return gettext("Pilot project closed") if facts["closed"] else gettext("Pilot project opened again")
    if event is events.PilotStaffed:
        return gettext("Somebody joined the staff") if facts["active"] else gettext("Somebody left the staff")
    if event is events.PilotSessionNamed:
        return gettext("Course session named") if facts["linked"] else gettext("Course session taken off the list")
    months = [*facts.get("months", ()), *filter(None, [facts.get("through")])]
    details = [format_month(date.fromisoformat(f"{month}-01")) for month in months]
    words = {name: text for kind in kinds().values() for name, text in kind.words.items()}
    details += [str(words[name]) for name in facts.get("fields", ()) if name in words]
    if "section" in facts:
        details = [f"{SectionKey(facts['section']).label} ({', '.join(details)})"]
    if facts.get("corrected"):
        details.append(gettext("corrected after closing"))
    return f"{event.said}: {', '.join(details)}" if details else str(event.said)


# --- the management plan as a document --------------------------------------------------------------------


def passages(sections: Sequence[PilotSection]) -> list[Passage]:
    titles: dict[str, list[str]] = {}
    for tongue in ("tr", "en"):
        with force_locale(tongue):
            titles[tongue] = [one.key.label for one in sections]
    named = zip(sections, titles["tr"], titles["en"], strict=True)
    return [Passage(one.key.value, tr, en, one.text_tr, one.text_en) for one, tr, en in named]


def plan_owner(caller: Caller, document: ProgrammeDocument) -> Owner | None:
    if document.kind is not ProgrammeDocumentKind.MANAGEMENT_PLAN or (pilot := queries.pilot_of(document)) is None:
        return None

    def read() -> tuple[Sequence[Passage], str | None]:
        written = queries.sections(pilot)
        empty = ", ".join(key.label for key in empty_sections(written))
        lacking = gettext("These sections are still empty: %(sections)s", sections=empty) if empty else None
        return passages(written), lacking

    return Owner(url_for("pilots.show_pilot", pilot_id=pilot.id), read)


# --- staff ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """A competency the staff need: how many of how many hold a certificate in it, and what would teach it."""

    ask: PilotAsk
    certified: int
    staff: int
    courses: Sequence[Course]

    @property
    def gap(self) -> int:
        return self.staff - self.certified


@dataclass(frozen=True)
class Readiness:
    """`ready`: who holds a certificate in everything that is needed."""

    staff: int
    ready: int
    needs: Sequence[Need]


def readiness(pilot: Pilot) -> Readiness:
    """Four statements."""
    asked = asks_of("pilot", pilot)
    staff, held = queries.certified(pilot)
    taught = queries.courses([one.competency_id for one in asked])
    needs = [Need(one, len(held.get(one.competency_id, ())), staff, taught.get(one.competency_id, ())) for one in asked]
    everything = [held.get(one.competency_id, set()) for one in asked]
    return Readiness(staff, len(set.intersection(*everything)) if everything else 0, needs)


def own_data(caller: Caller, _: object) -> Iterator[Stored]:
    rows = tuple(
        (f"{one.pilot.code} {in_language(one.pilot, 'name')}", format_date(one.since))
        for one in queries.jobs_of(caller.id)
    )
    if rows:
        yield Stored(gettext("Pilot projects"), (gettext("Pilot project"), gettext("Since")), rows, 70)


# --- tasks ------------------------------------------------------------------------------------------------


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Sections that are late and months that were not entered, for whoever writes them."""
    if caller.may(Permission.PROGRAMME_WRITE):
        scope, models = caller.scope_for(Permission.PROGRAMME_WRITE), (Pilot, *queries.BELOW)
        yield Counted(queries.counted(scope, queries.overdue()), models, _overdue)
        yield Counted(queries.counted(scope, queries.missing()), models, _missing)


def _overdue(number: int) -> Task:
    title = ngettext(
        "Management plan of %(num)s pilot project: a section is overdue",
        "Management plans of %(num)s pilot projects: sections are overdue",
        number,
    )
    url = url_for("pilots.list_pilots", overdue="yes")
    return Task(title, url, gettext("Write the section, or give it a new date."), "pencil")


def _missing(number: int) -> Task:
    title = ngettext(
        "Users of %(num)s pilot project: a month has no entry",
        "Users of %(num)s pilot projects: months have no entry",
        number,
    )
    return Task(title, url_for("pilots.list_pilots", missing="yes"), gettext("Type the month's counts."), "table")
