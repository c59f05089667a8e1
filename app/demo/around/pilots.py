"""Eighteen pilot projects: management plans in every state, users by month, staff and what they need."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.catalogue.models import Course
from app.certificates.models import Certificate, CertificateStatus
from app.core.clock import at
from app.core.db import db
from app.demo.world import COURSES, Person, World
from app.enrolment.models import Enrolment
from app.language import force_locale
from app.language.turkish import search_key, sort_key
from app.paper.handouts.report import Paragraph, draw_report
from app.programme.documents.events import DocumentMoved
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
    ProgrammeDocumentVersion,
)
from app.programme.documents.rules import Passage
from app.programme.pilots.events import PilotAdded, PilotClosed, PilotSectionSaved
from app.programme.pilots.models import (
    BANDS,
    Pilot,
    PilotAsk,
    PilotCorrection,
    PilotMonth,
    PilotSection,
    PilotService,
    PilotSession,
    PilotStaff,
    SectionKey,
    SectionState,
    TrackingStatus,
)
from app.programme.pilots.rules import before, month_of, months
from app.refdata import load
from app.training.models import CourseSession, SessionStatus

S = ProgrammeDocumentStatus
TEXTS: Mapping[str, Mapping[str, str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "pilots.json").read_text("utf-8")
)
WAYS: tuple[tuple[S, ...], ...] = (
    (S.SUBMITTED, S.APPROVED),
    (S.SUBMITTED,),
    (),
    (S.SUBMITTED, S.RETURNED),
    (),
    (S.SUBMITTED, S.RETURNED, S.SUBMITTED, S.APPROVED),
    (S.SUBMITTED, S.APPROVED, S.DRAFT, S.SUBMITTED, S.APPROVED),
    (),
    (S.SUBMITTED, S.APPROVED, S.DRAFT),
)
"""What became of each plan in turn; of those nothing became of, the first is written whole, the others in part."""
REMARKS = "Bütçe bölümünde ikinci yılın payları eksik; risklere sorumlu yazılmamış."
CHANGED = "İkinci yılın bütçe payları ve yeni hizmet saatleri eklendi."
CLOSED = 6
ATTACHED = (SectionKey.PURPOSE, SectionKey.BUDGET)
SERVICES = (("Danışma ve yönlendirme", "Advice and referral"), ("Grup çalışmaları", "Group activities"))


def add_pilots(world: World) -> None:
    held, named = _held(), set[int]()
    for number, row in enumerate(load("pilot_projects")):
        _Project(world, number, row, held, named).add()
    world.ledger.flush()


class _Project:
    """`held`: who is certified in what; `named`: sessions that name a pilot already."""

    def __init__(
        self, world: World, number: int, row: Mapping[str, Any], held: Mapping[int, set[str]], named: set[int]
    ) -> None:
        self.world, self.number, self.row, self.held, self.named = world, number, row, held, named
        self.add_row, self.chance = world.ledger.add, world.chance(f"pilot/{row['code']}")
        self.way = WAYS[number % len(WAYS)]
        self.province = world.reference.provinces[row["province"]]
        self.owner = next(
            one.id
            for one in world.reference.municipalities
            if one.province == row["province"] and one.short_name == row["district"]
        )
        self.began = before(month_of(world.today), 15 + number % 4)
        self.by, self.admin = world.coordinator(row["province"]), world.users["admin"]
        self.used = S.APPROVED in self.way

    def add(self) -> None:
        document = self._document()
        closed = self.number == CLOSED
        tracking = TrackingStatus.IN_USE if self.used else list(TrackingStatus)[self.number % 2]
        names = {"name_tr": self.row["title_tr"], "name_en": self.row["title_en"]}
        last = before(month_of(self.world.today))
        self.key = self.add_row(
            Pilot,
            code=self.row["code"],
            province_id=self.province,
            organisation_id=self.owner,
            theme_id=self.world.reference.themes[self.row["theme"]],
            document_id=document,
            unit="Sosyal Yardım İşleri Müdürlüğü" if self.number % 2 else "",
            district=self.row["district"],
            name_sort=sort_key(names["name_tr"]),
            search_text=search_key(" ".join((self.row["code"], *names.values(), self.row["district"]))),
            beneficiaries_tr=self.row["beneficiaries_tr"],
            beneficiaries_en=self.row["beneficiaries_en"],
            starts_on=self.began,
            ends_on=before(self.began, -24),
            tracking=tracking,
            note="Örnektir; gerçek bir projeyi temsil etmez.",
            closed_on=self.world.today - timedelta(days=20) if closed else None,
            closing_note="Hizmet, müdürlüğün kalıcı birimine devredildi." if closed else "",
            closed_through=last if closed else before(last, 3) if self.used else None,
            **names,
        )
        self.world.log(PilotAdded(self.key), self.world.office(at(self.began, time(9))), self.by)
        if closed:
            self.world.log(PilotClosed(self.key, True), self._moment(10_000), self.by)
        self._sections()
        if tracking is not TrackingStatus.PREPARING:
            for place, named in enumerate(SERVICES[: 1 + self.number % 2]):
                self._users(place, named, last)
        self._staff()

    # --- the plan -----------------------------------------------------------------------------------------

    def _text(self, key: SectionKey, tongue: str) -> str:
        return TEXTS[key.value][tongue].format(beneficiaries=self.row[f"beneficiaries_{tongue}"])

    def _written(self, place: int) -> SectionState:
        """Whole where the plan went on; else some of it."""
        if self.way:
            return SectionState.COMPLETE
        if self.number % len(WAYS) == 2:  # all of it is drafted
            return SectionState.COMPLETE if place < 5 else SectionState.DRAFT
        return (SectionState.COMPLETE, SectionState.DRAFT, SectionState.EMPTY)[min(2, place // (1 + self.number % 3))]

    def _sections(self) -> None:
        for place, key in enumerate(SectionKey):
            state = self._written(place)
            said = state is not SectionState.EMPTY
            if said:
                written = PilotSectionSaved(self.key, key.value, ("text_tr", "text_en", "responsible"))
                self.world.log(written, self._moment(12 + 4 * place), self.by)
            self.add_row(
                PilotSection,
                pilot_id=self.key,
                key=key,
                state=state,
                text_tr=self._text(key, "tr") if said else "",
                text_en=self._text(key, "en") if said and not (place == 6 and self.number % 3) else "",
                responsible=TEXTS[key.value]["responsible"] if said else "",
                due_on=None if self.way else self.world.today + timedelta(days=12 * place - 25 + self.number),
                attachment_id=self._attached(key) if said and key in ATTACHED and self.number % 4 == 0 else None,
            )

    def _attached(self, key: SectionKey) -> int:
        """What the section says, as the institution signed it."""
        title = f"{self.row['code']} {self.row['title_tr']}: {self._label(key, 'tr')}"
        said = [Paragraph(line) for line in self._text(key, "tr").splitlines()]
        paper = draw_report(title, said, foot=title, language="tr", dated=self.began, upright=True)
        return self.world.keep_pdf(paper, f"{self.row['code']} {key.value}.pdf", self._moment(50), self.by)

    def _label(self, key: SectionKey, tongue: str) -> str:
        with force_locale(tongue):
            return str(key.label)

    def _document(self) -> int:
        names = {"name_tr": self.row["title_tr"], "name_en": self.row["title_en"]}
        moments = [self._moment(60 + 30 * step) for step in range(len(self.way))]
        approved = [moment for step, moment in zip(self.way, moments, strict=True) if step is S.APPROVED]
        submitted = [moment for step, moment in zip(self.way, moments, strict=True) if step is S.SUBMITTED]
        drafted = not self.way or self.way[-1] is S.DRAFT
        key = self.add_row(
            ProgrammeDocument,
            kind=ProgrammeDocumentKind.MANAGEMENT_PLAN,
            province_id=self.province,
            organisation_id=self.owner,
            status=self.way[-1] if self.way else S.DRAFT,
            edition=1 + self.way.count(S.DRAFT),
            reason=CHANGED if len(approved) > 1 else "",
            submitted_by=None if drafted else self.by,
            submitted_at=None if drafted else submitted[-1],
            approved_at=approved[-1] if approved else None,
            **names,
        )
        edition = 1
        for step, moment in zip(self.way, moments, strict=True):
            edition += step is S.DRAFT
            self._step(key, edition, step, moment)
        return key

    def _step(self, document: int, edition: int, step: S, moment: datetime) -> None:
        by = self.by if step in (S.SUBMITTED, S.DRAFT) else self.admin
        reason = REMARKS if step is S.RETURNED else CHANGED if step is S.SUBMITTED and edition > 1 else ""
        values = {"document_id": document, "edition": edition, "reason": reason}
        self.add_row(ProgrammeDocumentStep, status=step, changed_by=by, at=moment, **values)
        self.world.log(
            DocumentMoved(document, ProgrammeDocumentKind.MANAGEMENT_PLAN.value, step.value, edition), moment, by
        )
        if step is S.APPROVED:
            self.add_row(
                ProgrammeDocumentVersion,
                name_tr=self.row["title_tr"],
                name_en=self.row["title_en"],
                approved_at=moment,
                approved_by=by,
                submitted_by=self.by,
                passages=[self._passage(key, edition).written() for key in SectionKey],
                **values | {"reason": CHANGED if edition > 1 else ""},
            )

    def _passage(self, key: SectionKey, edition: int) -> Passage:
        titles = [self._label(key, tongue) for tongue in ("tr", "en")]
        tr, en = self._text(key, "tr"), self._text(key, "en")
        if edition == 1 and self.way.count(S.APPROVED) > 1 and key is SectionKey.BUDGET:
            tr, en = tr.partition("; ikinci")[0] + ".", en.partition("; in the second")[0] + "."
        return Passage(key.value, titles[0], titles[1], tr, en)

    def _moment(self, days: int) -> datetime:
        return self.world.office(
            at(min(self.began + timedelta(days=days), self.world.today - timedelta(days=2)), time(10))
        )

    # --- users --------------------------------------------------------------------------------------------

    def _users(self, place: int, named: tuple[str, str], last: date) -> None:
        first = before(self.began, -4)
        service = self.add_row(PilotService, pilot_id=self.key, name_tr=named[0], name_en=named[1], first_month=first)
        size = 40 if place else 110
        for grown, month in enumerate(months(first, last)):
            if month == last and self.number % 4 == 0:
                continue  # still to be entered
            visits = self._month(service, month, size + 4 * grown)
            if self.used and place == 0 and month == before(last, 4):
                self._correct(service, month, visits)

    def _month(self, service: int, month: date, size: int) -> int:
        """Visits of the month."""
        shares = (0.12, 0.14, 0.3, 0.34, 0.1)
        counts = {
            f"{sex}_{band}": max(0, round(size * part * share * self.chance.uniform(0.85, 1.15)))
            for sex, part in (("women", 0.58), ("men", 0.42))
            for band, share in zip(BANDS, shares, strict=True)
        }
        new = sum(counts.values())
        newcomers, visits = round(new * self.chance.uniform(0.45, 0.6)), round(new * self.chance.uniform(2.1, 2.8))
        self.add_row(
            PilotMonth,
            service_id=service,
            month=month,
            newcomers=newcomers,
            settled=new - newcomers,
            visits=visits,
            **{sex: sum(counts[f"{sex}_{band}"] for band in BANDS) for sex in ("women", "men")},
            source="Başvuru kayıt defteri",
            entered_by=self.by,
            entered_at=self.world.office(at(before(month, -1) + timedelta(days=3), time(14))),
            **counts,
        )
        return visits

    def _correct(self, service: int, month: date, visits: int) -> None:
        values = {"service_id": service, "month": month, "changed_by": self.by}
        moment = self.world.office(at(before(month, -3), time(11)))
        reason = "Defterin son sayfası sonradan bulundu."
        self.add_row(PilotCorrection, figure="visits", was=visits - 24, now=visits, reason=reason, at=moment, **values)

    # --- staff, and the sessions that trained them --------------------------------------------------------

    def _staff(self) -> None:
        """Some of the institution's people: half of those who hold a certificate in what is needed, and colleagues."""
        own = [one for one in self.world.by_province[self.row["province"]] if one.organisation == self.owner]
        wanted = [one["slug"] for one in load("competencies") if one["theme"] == self.row["theme"]]
        wanted.sort(key=lambda slug: -sum(self._holds(one, slug) for one in own))
        wanted = wanted[: 1 + self.number % 2]
        trained = [one for one in own if any(self._holds(one, slug) for slug in wanted)]
        others = [one for one in own if one not in trained]
        for person in (*trained[: 1 + self.number % 4], *islice(others, self.number % 3, 3 + self.number % 3)):
            self.add_row(PilotStaff, pilot_id=self.key, employee_id=person.id, since=self.began)
        for slug in wanted:
            asked = {"pilot_id": self.key, "competency_id": self.world.reference.competencies[slug]}
            reason = "Personelin günlük işinin parçası; başvuruların çoğu bununla ilgili."
            self.add_row(PilotAsk, plan_item_id=self._planned(slug), reason=reason, asked_at=self._moment(45), **asked)
        self._sessions(wanted)

    def _holds(self, person: Person, slug: str) -> bool:
        return slug in self.held.get(person.id, ())

    def _planned(self, competency: str) -> int | None:
        """Every third rests on a row of the plan already."""
        rows = (self.world.plan_items.get((self.row["province"], code)) for code in _building(competency))
        return next(filter(None, rows), None) if self.number % 3 == 0 else None

    def _sessions(self, wanted: Sequence[str]) -> None:
        """Up to two that build what is needed, and name no pilot yet."""
        courses = [self.world.reference.courses[code] for slug in wanted for code in _building(slug)]
        statement = sa.select(CourseSession.id).where(
            CourseSession.province_id == self.province,
            CourseSession.course_id.in_(courses),
            CourseSession.status != SessionStatus.CANCELLED,
            CourseSession.id.not_in(self.named),
        )
        # rows of its own, before anybody is there
        found = db.session.scalars(EVERYWHERE.restrict(statement.order_by(CourseSession.id), CourseSession))
        for course_session_id in found.fetchmany(2):
            self.named.add(course_session_id)
            self.add_row(PilotSession, pilot_id=self.key, course_session_id=course_session_id)


def _building(competency: str) -> list[str]:
    return [code for code, course in COURSES.items() if competency in course["competencies"]]


def _held() -> Mapping[int, set[str]]:
    """Of each person the competencies they hold a certificate in."""
    statement = (
        sa.select(Enrolment.employee_id, Course.code)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(Certificate.status == CertificateStatus.VALID)
    )
    found: dict[int, set[str]] = defaultdict(set)
    # rows of its own, before anybody is there
    for person, code in db.session.execute(EVERYWHERE.restrict(statement, Enrolment, Certificate, CourseSession)):
        found[person].update(COURSES[code]["competencies"])
    return found
