"""Roll-calls of what is past, signed sheets, test scores, and what finished sessions came to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from app.attendance.models import (
    AttendanceMark,
    ClosedSheet,
    LateMark,
    MarkChange,
    MarkSource,
    Presence,
    SignedSheet,
)
from app.attendance.rules import Cell, standing
from app.completion.models import DocumentKind, Outcome, TestKind, TestScore
from app.completion.rules import Rules, conclude
from app.demo.enrolments import Seat
from app.demo.sessions import SessionFacts, SittingFacts
from app.demo.world import COURSES, World
from app.files.models import Document
from app.training.models import ExcusedPolicy, SessionStatus, SittingState

Mark = tuple[Presence, int | None]
PRESENT: Mark = (Presence.PRESENT, None)
ABSENT: Mark = (Presence.ABSENT, None)


@dataclass(frozen=True, slots=True)
class Concluded:
    """What a session came to for somebody, and the document that is due; `id` of the outcome."""

    id: int
    seat: Seat
    document: DocumentKind | None


class RollCall:
    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance("attendance")
        self.sheet = _sheet_pdf()

    def hold(self, session: SessionFacts, seats: list[Seat]) -> list[Concluded]:
        """Mark what is over; for a finalised session compute the outcomes."""
        over = [s for s in session.sittings if s.held and s.date < self.world.today]
        if not over or session.wanted.state not in (SessionStatus.CONFIRMED, SessionStatus.FINALISED):
            return []
        marks = {seat.id: self._marks(session, seat, over) for seat in seats}
        self._write(session, over, seats, marks)
        self._sheets(session, over)
        scores = self._scores(session, seats, marks)
        if session.wanted.state is not SessionStatus.FINALISED:
            return []
        return [self._outcome(session, seat, marks[seat.id], scores.get(seat.id)) for seat in seats]

    # --- marks ----------------------------------------------------------------------------------------

    def _marks(self, session: SessionFacts, seat: Seat, over: list[SittingFacts]) -> dict[int, Mark]:
        """Most come to everything; a few never, some stop coming, some are often away."""
        chance, luck = self.chance, self.chance.random()
        if seat.person is self.world.member:
            return {sitting.id: PRESENT for sitting in over}
        if luck < 0.018:
            return {sitting.id: ABSENT for sitting in over}
        if luck < 0.05:
            last = chance.randrange(1, max(2, len(over) * 2 // 3))
            return {sitting.id: PRESENT if place < last else ABSENT for place, sitting in enumerate(over)}
        away = 0.3 if luck < 0.085 else 0.018
        marks = {sitting.id: self._mark(sitting, away) for sitting in over}
        if session.wanted.role == "unmarked" and luck > 0.8:
            del marks[over[-1].id]
        return marks

    def _mark(self, sitting: SittingFacts, away: float) -> Mark:
        chance, luck = self.chance, self.chance.random()
        if luck < away:
            return ABSENT
        if luck < away + 0.012:
            return (Presence.EXCUSED, None)
        if luck < away + 0.072:
            return (Presence.LATE, chance.choice((5, 5, 10, 10, 12, 15, 20, 25, 35)))
        if luck < away + 0.09:
            return (Presence.LEFT_EARLY, min(sitting.minutes - 5, chance.choice((10, 15, 20, 30, 45))))
        return PRESENT

    def _write(
        self, session: SessionFacts, over: list[SittingFacts], seats: list[Seat], marks: dict[int, dict[int, Mark]]
    ) -> None:
        ledger, chance = self.world.ledger, self.chance
        coordinator = self.world.coordinator(session.wanted.province)
        for sitting in over:
            own = sitting.trainer is self.world.trainers[0]
            by = self.world.users["egitmen"] if own else coordinator
            for seat in seats:
                mark = marks[seat.id].get(sitting.id)
                if mark is None:
                    continue
                kind, minutes = mark
                at = sitting.starts + timedelta(minutes=12)
                corrected = chance.random() < 0.004
                place = {"sitting_id": sitting.id, "enrolment_id": seat.id}
                new = f"{kind.value}:{minutes}" if minutes else kind.value
                ledger.add(
                    AttendanceMark,
                    **place,
                    kind=kind.value,
                    minutes=minutes,
                    source=MarkSource.MANUAL,
                    version=2 if corrected else 1,
                    at=at + timedelta(hours=1) if corrected else at,
                    by_id=by,
                )
                if self.world.scale > 1 and not corrected:
                    continue
                first = Presence.ABSENT.value if kind is not Presence.ABSENT else Presence.PRESENT.value
                first = first if corrected else new
                ledger.add(MarkChange, **place, old="", new=first, by_id=by, at=at, source=MarkSource.MANUAL)
                if corrected:
                    again = at + timedelta(hours=1)
                    ledger.add(MarkChange, **place, old=first, new=new, by_id=by, at=again, source=MarkSource.MANUAL)
            if not (session.wanted.role == "unmarked" and sitting is over[-1]):
                ledger.add(ClosedSheet, sitting_id=sitting.id, by_id=by, at=sitting.starts + timedelta(minutes=95))
        if session.wanted.role == "unmarked" and len(over) > 1:
            self._late(over[0], seats[0], coordinator)

    def _late(self, sitting: SittingFacts, seat: Seat, coordinator: int) -> None:
        """The phone of who called the roll found a connection when the sheet was closed."""
        own = sitting.trainer is self.world.trainers[0]
        self.world.ledger.add(
            LateMark,
            sitting_id=sitting.id,
            enrolment_id=seat.id,
            word="late:10",
            request_key=f"example-{sitting.id}-{seat.id}",
            by_id=self.world.users["egitmen"] if own else coordinator,
            at=sitting.starts + timedelta(hours=5),
        )

    # --- sheets and scores ----------------------------------------------------------------------------

    def _sheets(self, session: SessionFacts, over: list[SittingFacts]) -> None:
        """The scan of each day; the newest is still missing where the session says so."""
        by = self.world.coordinator(session.wanted.province)
        days = sorted({sitting.date for sitting in over})
        if session.wanted.role in ("unmarked", "tests missing", "running") or session.wanted.role == "ours":
            days = days if session.wanted.state is SessionStatus.FINALISED else days[:-1]
        for day in days:
            last = max(sitting.starts for sitting in over if sitting.date == day) + timedelta(hours=20)
            moment = min(last, self.world.now)
            document = self.world.ledger.add(
                Document,
                sha256=hashlib.sha256(self.sheet).hexdigest(),
                media_type="application/pdf",
                filename=f"imzali-cizelge-{day.isoformat()}.pdf",
                size=len(self.sheet),
                content=self.sheet,
                created_at=moment,
                created_by=by,
            )
            values = {"course_session_id": session.id, "day": day, "document_id": document}
            self.world.ledger.add(SignedSheet, **values, by_id=by, at=moment)

    def _scores(self, session: SessionFacts, seats: list[Seat], marks: dict[int, dict[int, Mark]]) -> dict[int, int]:
        """Pre- and post-tests of whoever came; the post-tests by enrolment."""
        course = COURSES[session.wanted.course]
        if not course["has_pre_post_test"]:
            return {}
        chance, by = self.chance, self.world.coordinator(session.wanted.province)
        ended = session.sittings[-1].starts + timedelta(hours=2)
        posts: dict[int, int] = {}
        for place, seat in enumerate(seats):
            came = sum(mark != ABSENT for mark in marks[seat.id].values())
            if not came:
                continue
            pre = _points(chance.gauss(47, 13))
            first = session.sittings[0].starts + timedelta(minutes=20)
            self.world.ledger.add(
                TestScore, enrolment_id=seat.id, kind=TestKind.PRE, tenths=pre * 10, at=first, by_id=by
            )
            missing = session.wanted.role == "tests missing" and place % 6 == 2
            if ended >= self.world.now or missing or came * 2 < len(session.sittings):
                continue
            posts[seat.id] = post = _points(max(pre, chance.gauss(83, 9)))
            self.world.ledger.add(
                TestScore, enrolment_id=seat.id, kind=TestKind.POST, tenths=post * 10, at=ended, by_id=by
            )
        return posts

    # --- outcomes -------------------------------------------------------------------------------------

    def _outcome(self, session: SessionFacts, seat: Seat, marks: dict[int, Mark], score: int | None) -> Concluded:
        course = COURSES[session.wanted.course]
        cells = []
        for sitting in session.sittings:
            kind, minutes = marks.get(sitting.id, (None, None))
            effective = sitting.minutes if sitting.state is SittingState.SHORTENED else None
            cells.append(Cell(sitting.planned, sitting.state, kind, minutes, effective))
        found = standing(cells, threshold=course["min_attendance_pct"], policy=ExcusedPolicy.AS_ABSENT)
        rules = Rules(course["has_pre_post_test"], course["pass_mark"] or 0, attendance_document_on_fail=True)
        verdict = conclude(found, None if score is None else score * 10, rules)
        key = self.world.ledger.add(
            Outcome,
            enrolment_id=seat.id,
            result=verdict.result,
            document=verdict.document,
            credit_minutes=found.credit,
            base_minutes=found.base,
            percent_tenths=found.final_tenths,
            at=session.finalised,
        )
        return Concluded(key, seat, verdict.document)


def _points(value: float) -> int:
    return max(5, min(100, round(value)))


def _sheet_pdf() -> bytes:
    """A page that stands for a scan."""
    text = b"BT /F1 18 Tf 60 780 Td (Ornek: imzali katilim cizelgesi) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + table
    return data + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
