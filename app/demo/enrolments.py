"""Who takes part: people the course is meant for, never in two places, within the capacity, each with a history."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.access.models import OrganisationKind
from app.demo.people import FOCAL_POINT, own_account
from app.demo.sessions import SessionFacts
from app.demo.world import COURSES, Person, World
from app.enrolment.models import Answer, Enrolment, EnrolmentChange, EnrolmentStatus
from app.language.turkish import sort_key
from app.refdata import load
from app.training.models import SessionStatus

E, S = EnrolmentStatus, SessionStatus

# How full sessions are, as a share of their capacity: from, to.
FILLED = {S.FINALISED: (0.88, 1.0), S.CONFIRMED: (0.9, 1.0), S.POSTPONED: (0.7, 0.9), S.CANCELLED: (0.5, 0.7)}
STEPS: dict[EnrolmentStatus, tuple[EnrolmentStatus, ...]] = {
    E.ENROLLED: (E.NOMINATED, E.ENROLLED),
    E.DECLINED: (E.NOMINATED, E.ENROLLED, E.DECLINED),
    E.WITHDRAWN: (E.NOMINATED, E.ENROLLED, E.WITHDRAWN),
    E.WAITLISTED: (E.NOMINATED, E.WAITLISTED),
    E.REJECTED: (E.NOMINATED, E.REJECTED),
    E.NOMINATED: (E.NOMINATED,),
    E.APPLIED: (E.APPLIED,),
    E.CANCELLED: (E.NOMINATED, E.ENROLLED, E.CANCELLED),
}
REASONS = {
    E.DECLINED: "Aynı tarihlerde görevli.",
    E.WITHDRAWN: "Birimindeki iş yoğunluğu nedeniyle ayrıldı.",
    E.REJECTED: "Bu eğitimi daha önce tamamladı.",
    E.CANCELLED: "Eğitim iptal edildi.",
}
ASKING = (E.APPLIED, E.NOMINATED)
UNIT_POINT = 2
UNITS = {row["slug"]: row for row in load("units")}
TITLES = {row["slug"]: row for row in load("titles")}


@dataclass(slots=True)
class Seat:
    """An enrolment that holds a seat, when it was taken, and when the invitation was answered."""

    id: int
    person: Person
    taken: datetime
    answered: datetime | None = None


class Registrar:
    """Finds people for sessions and writes their enrolments."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance("enrolments")
        self.busy: dict[int, set[date]] = defaultdict(set)
        self.pools: dict[tuple[str, str], deque[Person]] = {}
        self.teachers = {trainer.employee for trainer in world.trainers if trainer.employee}
        self.homes = {home.id: home for home in world.reference.municipalities}
        self.left: list[Seat] = []
        self.accounts: dict[int, int] = {}
        self.titles = {code: frozenset(row["target_titles"]) for code, row in COURSES.items()}

    def fill(self, session: SessionFacts) -> list[Seat]:
        """Write the enrolments of a session; those that hold a seat are returned. `left`: invited, and gave it up."""
        counts = self._counts(session)
        seats: list[Seat] = []
        self.left = []
        # Only Haliliye has a focal point, who nominates and decides on applications.
        asking = {state: self._people(session, counts.pop(state, 0), only=self._haliliye()) for state in ASKING}
        chosen = self._people(session, sum(counts.values()))
        for status, count in counts.items():
            for _ in range(count):
                if not chosen:
                    break
                person = chosen.pop(0)
                early = status is not E.ENROLLED or len(seats) < COURSES[session.wanted.course]["min_participants"]
                seat = self._enrol(session, person, status, early=early)
                if status is E.ENROLLED:
                    seats.append(seat)
                elif status is E.WITHDRAWN:
                    self.left.append(seat)
        for status, people in asking.items():
            for person in people:
                self._enrol(session, person, status)
        return seats

    def _haliliye(self) -> int:
        return self.world.member.organisation if self.world.member else 0

    def _counts(self, session: SessionFacts) -> dict[EnrolmentStatus, int]:
        """How many of each status; seats first, so that who must come does."""
        state, role, chance = session.wanted.state, session.wanted.role, self.chance
        capacity = session.capacity
        if state is S.DRAFT:
            return {}
        if state is S.OPEN:
            return self._open_counts(capacity, role)
        low, high = FILLED[state]
        seats = min(capacity, round(capacity * chance.uniform(low, high)))
        if state is S.CANCELLED:
            return {E.CANCELLED: seats}
        if state is S.POSTPONED:
            return {E.ENROLLED: seats}
        others = {
            E.DECLINED: chance.choice((0, 1, 1, 2)),
            E.WITHDRAWN: chance.choice((0, 0, 0, 1)) if state is S.FINALISED else 0,
            E.REJECTED: chance.choice((0, 0, 0, 1)),
            E.WAITLISTED: chance.choice((1, 2, 3)) if seats == capacity else 0,
        }
        return {E.ENROLLED: seats} | others

    def _open_counts(self, capacity: int, role: str) -> dict[EnrolmentStatus, int]:
        if role == "full":
            return {E.ENROLLED: capacity, E.WAITLISTED: 7, E.APPLIED: 3, E.DECLINED: 1}
        if role == "by hand":
            return {E.ENROLLED: 9, E.NOMINATED: 8}
        if role == "few":
            return {E.ENROLLED: 6}
        return {E.ENROLLED: capacity - 6, E.APPLIED: 2, E.DECLINED: 1}

    def _people(self, session: SessionFacts, count: int, only: int | None = None) -> list[Person]:
        """The next of those the course suits who are free on these days; the member of staff where they are wanted.

        `only`: of this institution.
        """
        wanted, days = session.wanted, session.days
        pool = self._pool(wanted.province, wanted.course)
        found: list[Person] = []
        member = self.world.member
        past_or_coming = wanted.role == "mine" or (wanted.role == "ours" and wanted.state is S.FINALISED)
        if member and only is None and past_or_coming:
            found.append(member)
            self.busy[member.id].update(days)
        passed: list[Person] = []
        while pool and len(found) < count:
            person = pool.popleft()
            free = self.busy[person.id].isdisjoint(days)
            if free and (only is None or person.organisation == only):
                found.append(person)
                self.busy[person.id].update(days)
            else:
                passed.append(person)
        pool.extendleft(reversed(passed))
        return found

    def _pool(self, province: str, course: str) -> deque[Person]:
        """Everybody of the province, who needs it and may have it first. Nobody is asked for a course twice."""
        key = (province, course)
        if key not in self.pools:
            chance = self.world.chance(f"pool/{province}/{course}")
            member = self.world.member
            people = [
                p
                for p in self.world.by_province[province]
                if p.id not in self.teachers and p is not member and p.registry_no != FOCAL_POINT
            ]
            order = {p.id: (-self._fit(p, course), chance.random()) for p in people}
            self.pools[key] = deque(sorted(people, key=lambda p: order[p.id]))
        return self.pools[key]

    def _fit(self, person: Person, course: str) -> int:
        """4 for the title, 2 for the unit, 2 for a need, 1 more for a high one."""
        row = COURSES[course]
        fits = 4 * (person.title in self.titles[course]) + UNIT_POINT * (person.unit in row["target_units"])
        fits += 2 * any(slug in person.gaps for slug in row["competencies"])
        return fits + any(slug in person.high for slug in row["competencies"])

    def _priority(self, person: Person, course: str) -> int:
        slugs = COURSES[course]["competencies"]
        if any(slug in person.high for slug in slugs):
            return 1
        return 2 if any(slug in person.gaps for slug in slugs) else 3

    def _enrol(self, session: SessionFacts, person: Person, status: EnrolmentStatus, *, early: bool = False) -> Seat:
        """`early`: before it was confirmed, for which enough had to be enrolled."""
        chance, state = self.chance, session.wanted.state
        until = min(self._until(session), session.settled) if early else self._until(session)
        asked = self.world.office(_between(session.opened, max(until, session.opened + timedelta(hours=1)), chance))
        asked = min(asked, session.settled) if early else asked
        answer, answered = Answer.NONE, None
        if status is E.DECLINED:
            answer = Answer.NO
        elif status is E.ENROLLED and state in (S.CONFIRMED, S.FINALISED) and person is not self.world.member:
            answer = Answer.YES if chance.random() < 0.86 else Answer.NONE
        if answer is not Answer.NONE:  # to the invitation; whoever cannot come said so before
            since = asked if status is E.DECLINED else max(asked, session.settled)
            last = session.settled if status is E.DECLINED else session.sittings[0].starts
            answered = self.world.office(min(since + timedelta(days=2, minutes=chance.randrange(900)), last))
            answered = max(answered, since)
        key = self.world.ledger.add(
            Enrolment,
            course_session_id=session.id,
            employee_id=person.id,
            status=status,
            priority=self._priority(person, session.wanted.course),
            queued_at=asked,
            answer=answer,
            answered_at=answered,
            invited_version=1 if state in (S.CONFIRMED, S.FINALISED) and status in (E.ENROLLED, E.WITHDRAWN) else 0,
            created_at=asked,
            **(self._place(person) if E.ENROLLED in STEPS[status] else {}),
        )
        self._history(session, Seat(key, person, asked), status, answered)
        return Seat(key, person, asked, answered)

    def _place(self, person: Person) -> dict[str, Any]:
        home = self.homes[person.organisation]
        unit, title = UNITS[person.unit], TITLES[person.title]
        return {
            "organisation_id": home.id,
            "organisation_kind": OrganisationKind(home.kind),
            "province_id": self.world.reference.provinces[home.province],
            "unit_id": home.units[person.unit],
            "title_id": self.world.reference.titles[person.title],
            "called": {
                "organisation_tr": home.name_tr,
                "organisation_en": home.name_en,
                "organisation_sort": sort_key(home.name_tr),
                "short_name": home.short_name,
                "unit_tr": unit["name_metropolitan_tr" if home.kind == "metropolitan" else "name_tr"],
                "unit_en": unit["name_en"],
                "title_tr": title["name_tr"],
                "title_en": title["name_en"],
            },
            "registry_no": person.registry_no,
        }

    def _until(self, session: SessionFacts) -> datetime:
        """Nobody is asked later than a week before the start, or than yesterday."""
        begins = session.sittings[0].starts - timedelta(days=7)
        return max(session.opened + timedelta(hours=1), min(begins, self.world.now - timedelta(hours=20)))

    def _history(
        self,
        session: SessionFacts,
        seat: Seat,
        status: EnrolmentStatus,
        answered: datetime | None,
    ) -> None:
        by = self._asks(status, seat.person) or self.world.coordinator(session.wanted.province)
        old, moment = "", seat.taken
        for new in STEPS[status]:
            last = new is status and len(STEPS[status]) > 2
            if last and new is E.CANCELLED:
                moment = max(moment, session.settled)
            elif last:
                after = max(moment, session.sittings[0].starts) + timedelta(hours=2)
                moment = answered or max(moment, self.world.office(after))
            self.world.ledger.add(
                EnrolmentChange,
                enrolment_id=seat.id,
                old=old,
                new=new.value,
                by_id=by,
                at=moment,
                reason=REASONS.get(new, "") if new is status else "",
            )
            old = new.value

    def _asks(self, status: EnrolmentStatus, person: Person) -> int | None:
        """Who asked, where that was not the coordinator: they themselves, or their institution."""
        if status is E.NOMINATED:
            return self.world.users["ik.haliliye"]
        if status is E.APPLIED and person.id not in self.accounts:
            self.accounts[person.id] = own_account(self.world, person)
        return self.accounts.get(person.id) if status is E.APPLIED else None


def _between(first: datetime, last: datetime, chance: Random) -> datetime:
    """A moment, to the minute."""
    minutes = max(1, int((last - first).total_seconds() // 60))
    return first + timedelta(minutes=chance.randrange(minutes))
