"""Eighteen pilot projects: management plans in every state, users by month, staff and what they need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from app.core.clock import at
from app.demo.world import COURSES, World
from app.language import force_locale
from app.language.turkish import sort_key
from app.programme.documents.models import (
    ProgrammeDocument,
    ProgrammeDocumentKind,
    ProgrammeDocumentStatus,
    ProgrammeDocumentStep,
    ProgrammeDocumentVersion,
)
from app.programme.documents.rules import Passage
from app.programme.pilots.models import (
    BANDS,
    Pilot,
    PilotAsk,
    PilotCorrection,
    PilotMonth,
    PilotSection,
    PilotService,
    PilotStaff,
    SectionKey,
    SectionState,
    TrackingStatus,
)
from app.programme.pilots.rules import before, month_of, months
from app.refdata import load

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
SERVICES = (("Danışma ve yönlendirme", "Advice and referral"), ("Grup çalışmaları", "Group activities"))


def add_pilots(world: World) -> None:
    for number, row in enumerate(load("pilot_projects")):
        _Project(world, number, row).add()
    world.ledger.flush()


class _Project:
    def __init__(self, world: World, number: int, row: Mapping[str, Any]) -> None:
        self.world, self.number, self.row = world, number, row
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
            self.add_row(
                PilotSection,
                pilot_id=self.key,
                key=key,
                state=state,
                text_tr=self._text(key, "tr") if said else "",
                text_en=self._text(key, "en") if said and not (place == 6 and self.number % 3) else "",
                responsible=TEXTS[key.value]["responsible"] if said else "",
                due_on=None if self.way else self.world.today + timedelta(days=12 * place - 25 + self.number),
            )

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
        titles = []
        for tongue in ("tr", "en"):
            with force_locale(tongue):
                titles.append(key.label)
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

    # --- staff --------------------------------------------------------------------------------------------

    def _staff(self) -> None:
        own = (one for one in self.world.by_province[self.row["province"]] if one.organisation == self.owner)
        for person in islice(own, self.number % 3, 5 + self.number % 3):
            self.add_row(PilotStaff, pilot_id=self.key, employee_id=person.id, since=self.began)
        themes = [one for one in load("competencies") if one["theme"] == self.row["theme"]]
        for one in themes[: 1 + self.number % 2]:
            asked = {"pilot_id": self.key, "competency_id": self.world.reference.competencies[one["slug"]]}
            reason = "Personelin günlük işinin parçası; başvuruların çoğu bununla ilgili."
            moment = self._moment(45)
            self.add_row(PilotAsk, plan_item_id=self._planned(one["slug"]), reason=reason, asked_at=moment, **asked)

    def _planned(self, competency: str) -> int | None:
        """Every third rests on a row of the plan already."""
        building = (code for code, course in COURSES.items() if competency in course["competencies"])
        rows = (self.world.plan_items.get((self.row["province"], code)) for code in building)
        return next(filter(None, rows), None) if self.number % 3 == 0 else None
