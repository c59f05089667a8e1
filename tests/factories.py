"""One row of each model, put there without its rules, as a test needs it: sensible where nothing is said, flushed.

What a row cannot be without, and several share (the theme of a course), is found, or made where there is none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from app.access.models import Grant, Organisation, OrganisationKind, Province, User
from app.attendance.models import AttendanceMark, Presence
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.catalogue.models import CapacityArea, Competency, Course, CourseCompetency, CourseLevel, DeliveryMode, Theme
from app.certificates.models import Certificate
from app.completion.models import DocumentKind, Outcome, Result
from app.core.clock import now, today
from app.core.db import Model, db
from app.enrolment.models import SEAT_HOLDING, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.services import freeze
from app.files.models import Document
from app.language.turkish import search_key, sort_key
from app.needs.models import AssessmentRound, Need, Rating, RatingSource, RoundStatus
from app.needs.rounds.respondents import keep_respondents
from app.people.models import Employee, EmploymentType, Sex, Title, TitleLevel, Unit
from app.plans.models import Origin, PlanItem, PlanStatus, TrainingPlan
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentKind
from app.programme.groups.models import (
    ActionGroup,
    Attended,
    GroupAction,
    GroupMeeting,
    GroupMember,
    InstitutionType,
    MeetingAttendance,
)
from app.programme.pilots.models import (
    Pilot,
    PilotMonth,
    PilotSection,
    PilotService,
    PilotSession,
    PilotStaff,
    SectionKey,
    TrackingStatus,
)
from app.programme.studies.models import FieldStudy, StudyMethod
from app.programme.sustainability.models import (
    Measure,
    MeasureKind,
    MeasureLevel,
    MeasureScope,
    MeasureStatus,
    MeasureStep,
)
from app.programme.visibility.models import Activity, ActivityKind, CheckAnswer, CheckItem, EventCheck, Strategy
from app.settings.models import Signatory
from app.trainers.models import Trainer, TrainerAbsence, TrainerExpertise, TrainerKind
from app.training.models import AssignmentAnswer, CourseSession, SessionAudience, Sitting, TrainerAssignment
from app.venues.models import Room, Venue

Row = TypeVar("Row", bound=Model)


def _made(model: type[Row], values: dict[str, Any], **defaults: Any) -> Row:
    """Of these values, and of the defaults where they say nothing. The English name, and what a name is found and
    sorted by, follow the Turkish one.
    """
    given = defaults | values
    if name := given.get("name_tr"):
        english = given.setdefault("name_en", f"{name} (en)")
        keys = {
            "slug": search_key(name).replace(" ", "-"),
            "name_key": search_key(name),
            "name_sort": sort_key(name),
            "search_text": search_key(f"{given.get('code', '')} {name} {english}"),
        }
        given = {key: word for key, word in keys.items() if hasattr(model, key)} | given
    return model(**given)


def _kept(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def _row(model: type[Row], values: dict[str, Any], **defaults: Any) -> Row:
    return _kept(_made(model, values, **defaults))


def shared(model: Any, make: Callable[[], Any]) -> int:
    """The id of the first there is, or of one made now."""
    key: int = db.session.scalar(sa.select(model.id).order_by(model.id).limit(1)) or make().id
    return key


# --- access, people ------------------------------------------------------------------------------------


def province(name: str = "Gaziantep", code: str = "27", **values: Any) -> Province:
    return _row(
        Province, values, name_tr=name, name_en=name, code=code, doc_abbr=name[:3].upper(), locative_tr=f"{name}'da"
    )


def organisation(name: str = "Nizip", province_id: int | None = 1, **values: Any) -> Organisation:
    return _row(
        Organisation,
        values,
        kind=OrganisationKind.DISTRICT,
        province_id=province_id,
        name_tr=f"{name} Belediyesi",
        name_en=f"{name} Municipality",
        short_name=name,
        name_sort=sort_key(name),
    )


def unit(organisation_id: int, name: str = "Sosyal Yardım İşleri Müdürlüğü", **values: Any) -> Unit:
    named = {"name_tr": name, "function": "sosyal-yardim-isleri", "themes": ["sosyal-hizmetler"]}
    return _row(Unit, values, organisation_id=organisation_id, **named)


def title(name: str = "Uzman", **values: Any) -> Title:
    return _row(Title, values, name_tr=name, level=TitleLevel.SPECIALIST)


def user(account: str, given: str, family: str, *grants: Grant, **values: Any) -> User:
    made = _made(User, values, active=True, language="tr")
    made.set_name(given, family, f"{account}@yetkin.example")
    _kept(made)
    for grant in grants:
        grant.user_id = made.id
        _kept(grant)
    return made


def employee(given: str, family: str, registry: str, organisation_id: int, **values: Any) -> Employee:
    """In the institution's first unit."""
    place = {"organisation_id": organisation_id, "unit_id": organisation_id, "title_id": 1}
    made = _made(Employee, values, **place, employment_type=EmploymentType.CIVIL_SERVANT, sex=Sex.WOMAN)
    made.set_identity(given, family, registry, made.email or f"{search_key(given)}.{registry}@ornek.example")
    return _kept(made)


# --- catalogue, venues, trainers, settings -------------------------------------------------------------


def theme(name: str = "Sosyal hizmetler", **values: Any) -> Theme:
    return _row(Theme, values, name_tr=name, prefix="SH", position=1, description_tr="", description_en="")


def capacity_area(name: str = "Uygulama", **values: Any) -> CapacityArea:
    return _row(CapacityArea, values, name_tr=name)


def competency(name: str = "Vaka yönetimi", **values: Any) -> Competency:
    above = {"theme_id": shared(Theme, theme), "capacity_area_id": shared(CapacityArea, capacity_area)}
    return _row(Competency, values, name_tr=name, **above)


def course(
    code: str = "BK-02", name: str = "Vaka yönetimi", *, competency_ids: Iterable[int] = (), **values: Any
) -> Course:
    """A day without a test, which builds these competencies."""
    made = _row(
        Course,
        values,
        code=code,
        name_tr=name,
        theme_id=shared(Theme, theme),
        hours=6,
        days=1,
        level=CourseLevel.BASIC,
        delivery_mode=DeliveryMode.IN_PERSON,
        min_participants=5,
        max_participants=20,
        has_test=False,
        objectives_tr="",
        objectives_en="",
        target_units=[],
    )
    for key in competency_ids:
        _kept(CourseCompetency(course_id=made.id, competency_id=key))
    return made


def venue(name: str = "Nizip Kültür Merkezi", **values: Any) -> Venue:
    return _row(Venue, values, name_tr=name, province_id=1)


def room(name: str = "Salon 1", **values: Any) -> Room:
    return _row(Room, values, name_tr=name, venue_id=shared(Venue, venue), capacity=40, equipment=[])


def trainer(
    given: str = "Ümit",
    family: str = "Güneş",
    email: str | None = None,
    *,
    competency_ids: Iterable[int] = (),
    **values: Any,
) -> Trainer:
    """One from outside where no employee is named, who can teach these competencies."""
    kind = TrainerKind.INTERNAL if values.get("employee_id") else TrainerKind.EXTERNAL
    made = _made(Trainer, values, kind=kind)
    made.set_identity(given, family, f"{search_key(given)}@egitmen.example" if email is None else email)
    _kept(made)
    for key in competency_ids:
        _kept(TrainerExpertise(trainer_id=made.id, competency_id=key))
    return made


def signatory(name: str = "Yavuz Aytaç", **values: Any) -> Signatory:
    return _row(Signatory, values, name=name, title_tr="Program yöneticisi", title_en="Programme manager")


def holiday(day: date, name: str = "İdari izin", **values: Any) -> Holiday:
    return _row(Holiday, values, date=day, name_tr=name, kind=HolidayKind.FULL, basis=HolidayBasis.ADMINISTRATIVE)


# --- needs, plans --------------------------------------------------------------------------------------


def assessment_round(year: int = 2026, **values: Any) -> AssessmentRound:
    """An open one, from March to April."""
    names = {"name_tr": f"{year}, 1. dönem", "name_en": f"{year}, round 1"}
    days = {"starts_on": date(year, 3, 1), "ends_on": date(year, 4, 30)}
    return _row(AssessmentRound, values, year=year, **names, **days, status=RoundStatus.OPEN)


def rating(employee_id: int, competency_id: int, source: RatingSource, **values: Any) -> Rating:
    """The round meets the person as they are."""
    made = _made(
        Rating,
        values,
        round_id=shared(AssessmentRound, assessment_round),
        employee_id=employee_id,
        competency_id=competency_id,
        source=source,
        importance=5,
        level=2,
    )
    keep_respondents(made.round_id, [employee_id])
    return _kept(made)


def need(employee_id: int, importance: str = "5", gap: str = "2", **values: Any) -> Need:
    """The round meets the person as they are."""
    made = _made(
        Need,
        values,
        round_id=shared(AssessmentRound, assessment_round),
        employee_id=employee_id,
        competency_id=shared(Competency, competency),
        importance=Decimal(importance),
        gap=Decimal(gap),
        level=Decimal(importance) - Decimal(gap),
        need=True,
        single_source=True,
    )
    keep_respondents(made.round_id, [employee_id])
    return _kept(made)


def plan(year: int = 2026, **values: Any) -> TrainingPlan:
    return _row(TrainingPlan, values, year=year, name_tr=f"Eğitim planı {year}", name_en=f"Training plan {year}")


def plan_item(course_id: int, **values: Any) -> PlanItem:
    """Two groups in spring, for their needs; in force where its plan is."""
    plan_id = values.setdefault("plan_id", shared(TrainingPlan, plan))
    in_force = db.session.get_one(TrainingPlan, plan_id).status is PlanStatus.APPROVED
    return _row(
        PlanItem,
        values,
        course_id=course_id,
        hours=db.session.get_one(Course, course_id).hours,
        approved=in_force,
        groups=2,
        quarter=2,
        origin=Origin.NEEDS,
        score=Decimal("43.25"),
        eligible=34,
        gap_points=Decimal(60),
        reason="Göç alan mahalleler",
    )


# --- training, enrolment -------------------------------------------------------------------------------


def course_session(**values: Any) -> CourseSession:
    """A draft in Gaziantep; over on the day it starts."""
    first = values.get("starts_on")
    place = {"course_id": shared(Course, course), "province_id": 1, "year": first.year if first else 2026, "ordinal": 1}
    return _row(CourseSession, values, **place, capacity=20, minimum=5, ends_on=first)


def audience(course_session_id: int, **whom: int) -> SessionAudience:
    return _row(SessionAudience, {}, course_session_id=course_session_id, **whom)


def sitting(
    course_session_id: int, day: date | None, starts: time = time(9), ends: time = time(10, 30), **values: Any
) -> Sitting:
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    when = {"date": day, "starts": starts, "ends": ends, "minutes": minutes}
    return _row(Sitting, values, course_session_id=course_session_id, **when)


def absence(trainer_id: int, first_day: date, last_day: date | None = None, **values: Any) -> TrainerAbsence:
    return _row(TrainerAbsence, values, trainer_id=trainer_id, first_day=first_day, last_day=last_day or first_day)


def assignment(sitting_id: int, trainer_id: int, **values: Any) -> TrainerAssignment:
    given = {"sitting_id": sitting_id, "trainer_id": trainer_id}
    return _row(TrainerAssignment, values, **given, answer=AssignmentAnswer.ACCEPTED)


def enrolment(
    course_session_id: int, employee_id: int, status: EnrolmentStatus = EnrolmentStatus.ENROLLED, **values: Any
) -> Enrolment:
    """One with a seat keeps where its holder works; with no history at all."""
    made = _made(Enrolment, values, course_session_id=course_session_id, employee_id=employee_id, status=status)
    if status in SEAT_HOLDING:
        freeze(made, employee_id)
    return _kept(made)


def enrolment_change(enrolment_id: int, at: datetime, **values: Any) -> EnrolmentChange:
    """A seat was given."""
    return _row(EnrolmentChange, values, enrolment_id=enrolment_id, at=at, old="nominated", new="enrolled")


# --- attendance, completion, certificates --------------------------------------------------------------


def mark(
    sitting_id: int, enrolment_id: int, kind: Presence = Presence.PRESENT, minutes: int | None = None, **values: Any
) -> AttendanceMark:
    where = {"sitting_id": sitting_id, "enrolment_id": enrolment_id}
    return _row(AttendanceMark, values, **where, kind=kind, minutes=minutes)


def outcome(enrolment_id: int, result: Result = Result.COMPLETED_ATTENDANCE, **values: Any) -> Outcome:
    """Of a day that was attended; without a document, or with one that is due."""
    figures: dict[str, Any] = {"credit_minutes": 360, "base_minutes": 360, "percent_tenths": 1000}
    if values.get("document") is not None:
        figures["due_since"] = now()
    return _row(Outcome, values, enrolment_id=enrolment_id, result=result, **figures)


def document(**values: Any) -> Document:
    content: bytes = values.get("content", b"x")
    kept = {"media_type": "application/pdf", "filename": "b.pdf", "content": content, "size": len(content)}
    return _row(Document, values, sha256="0" * 64, **kept)


def certificate(course_session_id: int, number: int, **values: Any) -> Certificate:
    """For whoever `enrolment_id` or `trainer_id` names."""
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    return _row(
        Certificate,
        values,
        course_session_id=course_session_id,
        number=f"2026/GAZ/{number:04d}",
        code=f"{number:016d}",
        kind=DocumentKind.ATTENDANCE,
        language="tr",
        printed_name="Elif AĞAOĞLU",
        name_sort=sort_key("Ağaoğlu Elif"),
        search_text=search_key("Elif Ağaoğlu"),
        snapshot={},
        document_id=shared(Document, document),
        issued_on=moment.date(),
        issued_at=moment,
    )


# --- the programme -------------------------------------------------------------------------------------


def action_group(name: str = "Uyum ve sosyal hizmetler grubu", **values: Any) -> ActionGroup:
    return _row(ActionGroup, values, province_id=1, name_tr=name)


def group_member(group_id: int, name: str = "", **values: Any) -> GroupMember:
    """Of a municipality, where nothing else is said."""
    return _row(GroupMember, values, group_id=group_id, name=name, institution_type=InstitutionType.MUNICIPALITY)


def group_meeting(group_id: int, day: date, **values: Any) -> GroupMeeting:
    """In the governorate, from ten to twelve."""
    hours = {"date": day, "starts": time(10), "ends": time(12)}
    return _row(GroupMeeting, values, group_id=group_id, place="Valilik toplantı salonu", agenda="Gündem", **hours)


def group_action(group_id: int, due_on: date, text: str = "Danışma masası kurulması", **values: Any) -> GroupAction:
    words = {"text_tr": text, "text_en": "Set up an information desk", "search_text": search_key(text)}
    return _row(GroupAction, values, group_id=group_id, due_on=due_on, **words)


# --- the programme ----------------------------------------------------------------------------------------


def measure(province_id: int | None = 1, status: MeasureStatus = MeasureStatus.PROPOSED, **values: Any) -> Measure:
    """With its one step, of the day given as `day` (today)."""
    day = values.pop("day", None) or today()
    made = _row(
        Measure,
        values,
        province_id=province_id,
        status=status,
        level=MeasureLevel.MUNICIPALITY,
        scope=MeasureScope.PILOTS,
        kind=MeasureKind.BUDGET,
        text_tr="Giderler bütçeye alınır",
    )
    _row(MeasureStep, {}, measure_id=made.id, status=status, day=day)
    return made


# --- programme ------------------------------------------------------------------------------------------


def programme_document(**values: Any) -> ProgrammeDocument:
    """A management plan of Gaziantep that is drafted."""
    names = {"name_tr": "Toplum merkezi yönetim planı", "name_en": "Management plan of the community centre"}
    return _row(ProgrammeDocument, values, kind=ProgrammeDocumentKind.MANAGEMENT_PLAN, province_id=1, **names)


def pilot(code: str = "PP-27-01", **values: Any) -> Pilot:
    """A pilot project of Gaziantep in use since January, its management plan empty."""
    names = {"name_tr": "Toplum Merkezi", "name_en": "Community Centre"}
    place = {"province_id": values.get("province_id", 1), "organisation_id": values.get("organisation_id")}
    values.setdefault("document_id", programme_document(**place).id)
    times = {"starts_on": date(today().year - 1, 1, 1), "tracking": TrackingStatus.IN_USE}
    made = _row(Pilot, values, code=code, theme_id=shared(Theme, theme), **place, **names, **times)
    for key in SectionKey:
        _kept(PilotSection(pilot_id=made.id, key=key))
    return made


def pilot_staff(pilot_id: int, employee_id: int, **values: Any) -> PilotStaff:
    return _row(PilotStaff, values, pilot_id=pilot_id, employee_id=employee_id, since=today())


def pilot_session(pilot_id: int, course_session_id: int) -> PilotSession:
    return _row(PilotSession, {}, pilot_id=pilot_id, course_session_id=course_session_id)


def pilot_service(pilot_id: int = 1, **values: Any) -> PilotService:
    names = {"name_tr": "Danışma", "name_en": "Advice"}
    return _row(PilotService, values, pilot_id=pilot_id, first_month=date(today().year - 1, 1, 1), **names)


def pilot_month(month: date, service_id: int = 1, **values: Any) -> PilotMonth:
    return _row(PilotMonth, values, service_id=service_id, month=month)


def meeting_attendance(meeting_id: int, member_id: int, attended: Attended = Attended.PRESENT) -> MeetingAttendance:
    return _row(MeetingAttendance, {}, meeting_id=meeting_id, member_id=member_id, attended=attended)


def strategy(province_id: int = 1, **values: Any) -> Strategy:
    """That is drafted, with its document."""
    kind = ProgrammeDocumentKind.STRATEGY
    document = programme_document(kind=kind, province_id=province_id, name_tr="Gaziantep", name_en="Gaziantep")
    days = {"valid_from": today() - timedelta(days=30), "review_on": today() + timedelta(days=300)}
    texts = {"goals_tr": "Görünür olmak", "messages_tr": "Şehir hepimizin"}
    return _row(Strategy, values, province_id=province_id, document_id=document.id, **days, **texts)


def field_study(province_id: int = 1, **values: Any) -> FieldStudy:
    given = {"title_tr": "Saha çalışması", "method": StudyMethod.INTERVIEW}
    return _kept(FieldStudy(**{"province_id": province_id, **given, **values}))


def activity(province_id: int = 1, **values: Any) -> Activity:
    given = {"day": today(), "title_tr": "Gazete haberi", "kind": ActivityKind.PRESS}
    return _kept(Activity(**{"province_id": province_id, **given, **values}))


def checked(*items: CheckItem, answer: CheckAnswer = CheckAnswer.YES, **event: int) -> None:
    """These items (all) of an event's checklist are answered; `event` is what points at it."""
    for item in items or CheckItem:
        _row(EventCheck, {}, item=item, answer=answer, **event)


def pdf(says: str = "") -> bytes:
    """An empty page; `says`: a remark in it."""
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R>>")
    data, places = f"%PDF-1.4\n% {says}\n".encode(), []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 4\n" + table + end
