"""What an entry of the log is about: the names behind its ids, looked up while it is shown and stored nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, Province, User
from app.access.scope import EVERYWHERE
from app.catalogue.models import Competency, Course, Theme
from app.certificates.models import Certificate
from app.core.db import db, typed_id
from app.enrolment.models import Enrolment
from app.language import format_date, gettext, language, lazy_pgettext
from app.needs.models import AssessmentRound
from app.oversight.words import events, fact_name, value_name
from app.people.models import Employee, Title, Unit
from app.plans.models import TrainingPlan
from app.post.addresses import path_to
from app.post.models import Message
from app.programme.documents.models import ProgrammeDocument
from app.programme.groups.models import ActionGroup, GroupAction, GroupMeeting, StrategicPlan
from app.programme.pilots.models import Pilot
from app.programme.studies.models import FieldStudy, Finding
from app.programme.sustainability.models import Measure
from app.programme.visibility.models import Activity
from app.settings.models import Signatory
from app.trainers.models import Trainer
from app.training.models import CourseSession, Sitting
from app.venues.models import Room, Venue

MOST_NAMED = 5
Page = Callable[[int, int], str]  # of a thing's id and the other one
Names = Mapping[tuple[str, int], "Thing"]


@dataclass(frozen=True)
class Thing:
    """A name, where its page is ("" for none), and what narrows the log to it ("" for what is no thing)."""

    name: str
    url: str = ""
    about: str = ""


@dataclass(frozen=True)
class Detail:
    """A fact in words; `more` things are not named."""

    label: str
    values: tuple[Thing, ...]
    more: int = 0

    @property
    def text(self) -> str:
        named = ", ".join(value.name for value in self.values)
        return f"{self.label}: {named}{f' +{self.more}' if self.more else ''}"


@dataclass(frozen=True)
class Kind:
    """`select`: name, further words and another id the page's address needs, of every thing of this kind."""

    label: Any
    model: Any
    page: Page | None
    select: Callable[[], tuple[Any, ...]]
    joins: tuple[tuple[Any, Any], ...] = ()


def _page(endpoint: str, own: str = "", *, other: str = "") -> Page:
    """Where a thing is shown: the page's parameters that take its id and the other one."""

    def address(key: int, another: int) -> str:
        values: dict[str, Any] = {own: key, other: another}
        values.pop("", None)
        return path_to(endpoint, **values)

    return address


def _term(kind: str) -> Page:
    """Where one of a list of the programme is shown."""
    return lambda key, _: path_to("reference.show_term", kind=kind, term_id=key)


def _own(model: Any) -> Any:
    """Its name in the reader's language."""
    turkish = sa.cast(model.name_tr, sa.String)
    return turkish if language() == "tr" else sa.func.coalesce(sa.func.nullif(model.name_en, ""), turkish)


def _titled(model: Any) -> Any:
    """The same of what has a title."""
    turkish = sa.cast(model.title_tr, sa.String)
    return turkish if language() == "tr" else sa.func.coalesce(sa.func.nullif(model.title_en, ""), turkish)


def _full(model: Any) -> Any:
    return model.given_name + " " + model.family_name


_CODE = Course.code + "/" + sa.cast(CourseSession.ordinal, sa.String)
KINDS: dict[str, Kind] = {
    "person": Kind(
        lazy_pgettext("thing", "Staff member"),
        Employee,
        _page("employees.show_person", "employee_id"),
        lambda: (_full(Employee),),
    ),
    "user": Kind(lazy_pgettext("thing", "User"), User, _page("users.show_user", "user_id"), lambda: (_full(User),)),
    "trainer": Kind(
        lazy_pgettext("thing", "Trainer"),
        Trainer,
        _page("trainers.show_trainer", "trainer_id"),
        lambda: (_full(Trainer),),
    ),
    "session": Kind(
        lazy_pgettext("thing", "Course session"),
        CourseSession,
        _page("sessions.show_session", "course_session_id"),
        lambda: (_CODE, _own(Course)),
        ((Course, Course.id == CourseSession.course_id),),
    ),
    "sitting": Kind(
        lazy_pgettext("thing", "Sitting"),
        Sitting,
        _page("marks.show_sitting", "sitting_id"),
        lambda: (_CODE, sa.cast(Sitting.date, sa.String)),
        (
            (CourseSession, CourseSession.id == Sitting.course_session_id),
            (Course, Course.id == CourseSession.course_id),
        ),
    ),
    "enrolment": Kind(
        lazy_pgettext("thing", "Enrolment"),
        Enrolment,
        _page("employees.show_person", other="employee_id"),
        lambda: (_full(Employee), _CODE, Employee.id),
        (
            (Employee, Employee.id == Enrolment.employee_id),
            (CourseSession, CourseSession.id == Enrolment.course_session_id),
            (Course, Course.id == CourseSession.course_id),
        ),
    ),
    "certificate": Kind(
        lazy_pgettext("thing", "Certificate"),
        Certificate,
        _page("register.show", "certificate_id"),
        lambda: (Certificate.number,),
    ),
    "course": Kind(
        lazy_pgettext("thing", "Course"),
        Course,
        _page("catalogue.show_course", "course_id"),
        lambda: (Course.code, _own(Course)),
    ),
    "organisation": Kind(
        lazy_pgettext("thing", "Institution"),
        Organisation,
        _page("organisations.show_organisation", "organisation_id"),
        lambda: (_own(Organisation),),
    ),
    "unit": Kind(
        lazy_pgettext("thing", "Unit"),
        Unit,
        _page("organisations.show_organisation", other="organisation_id"),
        lambda: (_own(Unit), Organisation.short_name, Organisation.id),
        ((Organisation, Organisation.id == Unit.organisation_id),),
    ),
    "venue": Kind(
        lazy_pgettext("thing", "Venue"), Venue, _page("venues.show_venue", "venue_id"), lambda: (_own(Venue),)
    ),
    "room": Kind(
        lazy_pgettext("thing", "Room"),
        Room,
        _page("rooms.show_room", "room_id", other="venue_id"),
        lambda: (_own(Room), _own(Venue), Venue.id),
        ((Venue, Venue.id == Room.venue_id),),
    ),
    "message": Kind(
        lazy_pgettext("thing", "Message"), Message, _page("mail.show_message", "message_id"), lambda: (Message.subject,)
    ),
    "province": Kind(lazy_pgettext("thing", "Province"), Province, None, lambda: (_own(Province),)),
    "round": Kind(
        lazy_pgettext("thing", "Needs analysis round"), AssessmentRound, None, lambda: (_own(AssessmentRound),)
    ),
    "plan": Kind(
        lazy_pgettext("thing", "Training plan"),
        TrainingPlan,
        _page("plans.show_plan", "plan_id"),
        lambda: (_own(TrainingPlan),),
    ),
    "pilot": Kind(
        lazy_pgettext("thing", "Pilot project"),
        Pilot,
        _page("pilots.show_pilot", "pilot_id"),
        lambda: (Pilot.code, _own(Pilot)),
    ),
    "programme_document": Kind(
        lazy_pgettext("thing", "Document of the programme"),
        ProgrammeDocument,
        _page("documents.show_document", "document_id"),
        lambda: (_own(ProgrammeDocument),),
    ),
    "competency": Kind(
        lazy_pgettext("thing", "Competency"), Competency, _term("competencies"), lambda: (_own(Competency),)
    ),
    "theme": Kind(lazy_pgettext("thing", "Thematic area"), Theme, _term("themes"), lambda: (_own(Theme),)),
    "title": Kind(lazy_pgettext("thing", "Job title"), Title, _term("titles"), lambda: (_own(Title),)),
    "study": Kind(
        lazy_pgettext("thing", "Field study"),
        FieldStudy,
        _page("studies.show_study", "study_id"),
        lambda: (_titled(FieldStudy),),
    ),
    "finding": Kind(
        lazy_pgettext("thing", "Finding"),
        Finding,
        _page("findings.show_finding", "finding_id"),
        lambda: (sa.func.substr(Finding.statement_tr, 1, 80),),
    ),
    "group": Kind(
        lazy_pgettext("thing", "Action plan group"),
        ActionGroup,
        _page("groups.show_group", "group_id"),
        lambda: (_own(ActionGroup),),
    ),
    "meeting": Kind(
        lazy_pgettext("thing", "Meeting"),
        GroupMeeting,
        _page("meetings.show_meeting", "meeting_id"),
        lambda: (_own(ActionGroup), sa.cast(GroupMeeting.date, sa.String)),
        ((ActionGroup, ActionGroup.id == GroupMeeting.group_id),),
    ),
    "strategic_plan": Kind(
        lazy_pgettext("thing", "Strategic action plan"),
        StrategicPlan,
        _page("action_plans.show_plan", "plan_id"),
        lambda: (_own(Province),),
        ((Province, Province.id == StrategicPlan.province_id),),
    ),
    "action": Kind(
        lazy_pgettext("thing", "Action"),
        GroupAction,
        _page("actions.show_action", "action_id"),
        lambda: (sa.cast(GroupAction.text_tr, sa.String),),
    ),
    "activity": Kind(
        lazy_pgettext("thing", "Visibility activity"),
        Activity,
        _page("visibility.show_activity", "activity_id"),
        lambda: (Activity.title_tr,),
    ),
    "measure": Kind(
        lazy_pgettext("thing", "Sustainability measure"),
        Measure,
        _page("sustainability.show_measure", "measure_id"),
        lambda: (sa.func.substr(Measure.text_tr, 1, 60),),
    ),
    "signatory": Kind(
        lazy_pgettext("thing", "Signatory"), Signatory, _page("settings.show_settings"), lambda: (Signatory.name,)
    ),
}
_KEYS = {
    **{f"{kind}_id": kind for kind in KINDS},
    "employee_id": "person",
    "employee_ids": "person",
    "first_id": "person",
    "second_id": "person",
    "course_session_id": "session",
    "sitting_ids": "sitting",
    "enrolment_ids": "enrolment",
    "by_certificate_id": "certificate",
    "again_id": "message",
}


def kind_of(event: str, key: str) -> str | None:
    """The kind of thing a fact of an event names by its id, if it does."""
    if key in ("kept_id", "merged_id", "from_id", "to_id"):
        return events()[event].ids_of if event in events() else None
    return _KEYS.get(key)


def events_about(kind: str) -> dict[str, list[str]]:
    """Facts that name things of a kind, each with the events that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for event in events().values():
        for fact in fields(event):
            if kind_of(event.name, fact.name) == kind:
                found[fact.name].append(event.name)
    return found


def _ids(value: Any) -> list[int]:
    return [key for key in (value if isinstance(value, list | tuple) else [value]) if isinstance(key, int)]


def names(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Names:
    """Everything some entries (event, facts) are about, in one statement."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event, facts in entries:
        for key, value in facts.items():
            kind = kind_of(event, key)
            if kind is not None:
                wanted[kind] |= set(_ids(value)[:MOST_NAMED])
    return named({kind: ids for kind, ids in wanted.items() if ids})


def named(wanted: Mapping[str, Iterable[int]]) -> Names:
    parts = [_part(name, KINDS[name], sorted(ids)) for name, ids in wanted.items()]
    if not parts:
        return {}
    covered = {model for name in wanted for model in (KINDS[name].model, *(other for other, _ in KINDS[name].joins))}
    # whoever may read the log may read of what
    rows = db.session.execute(EVERYWHERE.trusting(sa.union_all(*parts), *covered))
    return {(kind, key): _thing(kind, key, name, detail, other) for kind, key, name, detail, other in rows}


def _part(name: str, kind: Kind, ids: list[int]) -> sa.Select[Any]:
    given = kind.select()
    columns = [*given, *[sa.literal(""), sa.literal(0)][len(given) - 1 :]]
    statement = sa.select(sa.literal(name), kind.model.id, *columns).select_from(kind.model)
    for model, on in kind.joins:
        statement = statement.join(model, on)
    return statement.where(kind.model.id.in_(ids))


def _thing(kind: str, key: int, name: str, detail: str | None, other: int) -> Thing:
    if kind == "sitting" and detail:
        detail = format_date(date.fromisoformat(detail[:10]))
    page = KINDS[kind].page
    url = page(key, other) if page else ""
    return Thing(" · ".join(part for part in (name, detail) if part), url, f"{kind}:{key}")


def details(event: str, facts: Mapping[str, Any], known: Names) -> list[Detail]:
    """The facts of an entry in words; what is no longer there says so."""
    found = []
    for key, value in facts.items():
        kind = kind_of(event, key)
        if kind is None or value is None:
            shown = tuple(Thing(value_name(event, key, each)) for each in _each(value))
            found.append(Detail(fact_name(key), shown))
            continue
        ids = _ids(value)
        things = [known.get((kind, number)) or _gone(kind, number) for number in ids[:MOST_NAMED]]
        found.append(Detail(fact_name(key), tuple(things), max(0, len(ids) - MOST_NAMED)))
    return found


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _gone(kind: str, number: int) -> Thing:
    return Thing(gettext("erased (no. %(number)s)", number=number), about=f"{kind}:{number}")


def thing(kind: str, number: int) -> Thing:
    return named({kind: [number]}).get((kind, number)) or _gone(kind, number)


def chosen(about: str) -> tuple[str, int | None] | None:
    """The kind and, perhaps, the one thing the log is narrowed to; None if it is no kind of thing."""
    kind, _, number = about.partition(":")
    if kind not in KINDS:
        return None
    return kind, typed_id(number)
