"""Certificates of the finalised sessions: numbered in the order of issue, drawn, a few revoked or replaced."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.certificates import codes, rules
from app.certificates.events import CertificateIssued, CertificateRevoked, CertificateSuperseded
from app.certificates.models import Certificate, CertificateCounter, CertificateStatus, EndReason
from app.certificates.snapshot import TEMPLATE_VERSION
from app.completion.models import DocumentKind, Outcome
from app.core.clock import local
from app.demo.attendance import Concluded
from app.demo.programme import Programme
from app.demo.sessions import SessionFacts, SittingFacts
from app.demo.world import COURSES, PROVINCE_ABBR, TrainerFacts, World
from app.files.models import Document
from app.language.turkish import family_in_capitals, printed_name, search_key, sort_key
from app.paper.certificate import draw_certificate
from app.paper.contents import CertificatePaper
from app.post.addresses import path_to

# Beyond so many (only at a larger scale) several rows share one drawn paper.
DRAWN = 1_200
SHARED_BY = 500
REVOKED, SUPERSEDED = 6, 8
WAITING = 2
REVOCATIONS = (
    (EndReason.ATTENDANCE, "Yoklama çizelgesindeki hata sonradan düzeltildi; devam koşulu sağlanmıyor."),
    (EndReason.WRONG_PERSON, "Belge yanlış kişi adına verildi."),
)
CORRECTION = (EndReason.SPELLING, "Addaki yazım hatası düzeltildi.")


@dataclass(slots=True)
class Issue:
    """One certificate to be issued: for what somebody `concluded`, or with thanks to a `trainer`; `replaces` the one
    it supersedes.
    """

    at: datetime
    session: SessionFacts
    concluded: Concluded | None
    name: str
    trainer: TrainerFacts | None = None
    replaces: Issue | None = None
    id: int = 0
    revoked: bool = False


class Registry:
    """Collects what is due and issues it in the order of time, so that numbers have neither gap nor turn."""

    def __init__(self, world: World, programme: Programme) -> None:
        self.world, self.programme = world, programme
        self.chance = world.chance("certificates")
        self.due: list[Issue] = []
        self.given: dict[tuple[int, str], int] = defaultdict(int)
        self.shared: int | None = None

    def note(self, session: SessionFacts, results: list[Concluded]) -> None:
        """What is due after a session was finalised."""
        if session.finalised is None:
            return
        at = session.finalised + timedelta(hours=2, minutes=self.chance.randrange(60))
        at = self.world.office(at + timedelta(days=self.chance.choice((0, 0, 1))))
        for place, result in enumerate(results):
            if result.document is not None:
                person = result.seat.person
                name = printed_name(person.given, person.family)
                self.due.append(Issue(at + timedelta(seconds=place), session, result, name))
        if session.wanted.role == "ours":
            trainer = session.trainers[0]
            self.due.append(Issue(at + timedelta(minutes=2), session, None, trainer.name, trainer))

    def issue(self) -> None:
        """Everything noted, with the corrections and revocations; but the sessions finalised last still wait."""
        latest = sorted({(i.session.finalised, i.session.id) for i in self.due if i.session.finalised})[-WAITING:]
        waiting = {session for _, session in latest}
        still = [issue for issue in self.due if issue.session.id in waiting]
        self.due = [issue for issue in self.due if issue.session.id not in waiting]
        corrections = self._corrections()
        for issue in sorted([*self.due, *corrections], key=lambda issue: (issue.at, issue.session.id)):
            self._write(issue)
            if len(self.due) > DRAWN and self.world.ledger.count(Certificate) % 5_000 == 0:
                self.world.ledger.flush()
        for (year, series), last in sorted(self.given.items()):
            self.world.ledger.add(CertificateCounter, year=year, series=series, last=last)
        self.world.ledger.flush()
        for issue in still:
            if issue.concluded is not None:
                self.world.ledger.change(Outcome, issue.concluded.id, due_since=issue.session.finalised)
        for issue in corrections:
            if issue.replaces:
                self._end(issue.replaces, CertificateStatus.SUPERSEDED, issue.at, CORRECTION, issue.id)
        for place, issue in enumerate(sorted((i for i in self.due if i.revoked), key=lambda i: i.at)):
            reason = REVOCATIONS[place % len(REVOCATIONS)]
            at = self.world.office(issue.at + timedelta(days=9, hours=3))
            self._end(issue, CertificateStatus.REVOKED, at, reason, None)

    def _corrections(self) -> list[Issue]:
        """Eight older ones had the name wrong and are replaced; six others are revoked. Never the member's."""
        early = [
            issue
            for issue in self.due
            if issue.concluded is not None
            and issue.concluded.seat.person is not self.world.member
            and self.world.now - issue.at > timedelta(days=25)
        ]
        picked = self.chance.sample(early, REVOKED + SUPERSEDED)
        for issue in picked[:REVOKED]:
            issue.revoked = True
        corrections: list[Issue] = []
        for issue in picked[REVOKED:]:
            at = self.world.office(issue.at + timedelta(days=self.chance.randint(6, 20), hours=1))
            corrections.append(Issue(at, issue.session, issue.concluded, issue.name, replaces=issue))
            if issue.concluded is not None:
                person = issue.concluded.seat.person
                issue.name = printed_name(person.given, _misspelt(person.family))
        return corrections

    def _write(self, issue: Issue) -> None:
        world, session = self.world, issue.session
        facts = self._thanks(issue) if issue.trainer else self._participation(issue)
        issued_on = local(issue.at).date()
        series = PROVINCE_ABBR[session.wanted.province]
        self.given[issued_on.year, series] += 1
        number = rules.number(issued_on.year, series, self.given[issued_on.year, series])
        bits = self.chance.getrandbits(5 * codes.LENGTH)
        code = "".join(codes.ALPHABET[bits >> 5 * place & 31] for place in range(codes.LENGTH))
        by = world.coordinator(session.wanted.province)
        issue.id = world.ledger.add(
            Certificate,
            number=number,
            code=code,
            course_session_id=session.id,
            enrolment_id=issue.concluded.seat.id if issue.concluded else None,
            trainer_id=issue.trainer.id if issue.trainer else None,
            kind=DocumentKind(facts["kind"]),
            language="tr",
            # A correction becomes valid only when the one it replaces no longer is; see `_end`.
            status=CertificateStatus.SUPERSEDED if issue.replaces else CertificateStatus.VALID,
            printed_name=issue.name,
            name_sort=_sorted_by(issue),
            search_text=search_key(f"{issue.name} {number} {codes.printed(code)} {code}"),
            snapshot=facts,
            document_id=self._paper(facts, number, code, issued_on, issue.at, by),
            issued_on=issued_on,
            issued_at=issue.at,
            issued_by=by,
        )
        world.log(CertificateIssued(issue.id, session.id, facts["kind"]), issue.at, by)

    def _end(
        self,
        issue: Issue,
        status: CertificateStatus,
        at: datetime,
        reason: tuple[EndReason, str],
        superseded_by: int | None,
    ) -> None:
        by = self.world.coordinator(issue.session.wanted.province)
        values: dict[str, Any] = {"status": status, "ended_at": at, "ended_by": by}
        values["public_reason"], values["end_reason"] = reason
        self.world.ledger.change(Certificate, issue.id, **values, superseded_by_id=superseded_by)
        if superseded_by is None:
            self.world.log(CertificateRevoked(issue.id), at, by)
        else:
            self.world.ledger.change(Certificate, superseded_by, status=CertificateStatus.VALID)
            self.world.log(CertificateSuperseded(issue.id, superseded_by), at, by)

    def _participation(self, issue: Issue) -> dict[str, Any]:
        """What a participant's certificate says."""
        if issue.concluded is None:
            raise ValueError("nothing was concluded")
        person, document = issue.concluded.seat.person, issue.concluded.document or DocumentKind.ATTENDANCE
        held = [sitting for sitting in issue.session.sittings if sitting.held]
        return self._facts(issue, held) | {
            "organisation_tr": person.organisation_tr,
            "organisation_en": person.organisation_en,
            "kind": document.value,
        }

    def _thanks(self, issue: Issue) -> dict[str, Any]:
        """What a letter of thanks says: of the sittings they gave."""
        if issue.trainer is None:
            raise ValueError("nobody is thanked")
        given = [sitting for sitting in issue.session.sittings if sitting.held and sitting.trainer is issue.trainer]
        institution = issue.trainer.institution
        return self._facts(issue, given) | {
            "organisation_tr": institution,
            "organisation_en": institution,
            "kind": DocumentKind.THANKS.value,
        }

    def _facts(self, issue: Issue, held: list[SittingFacts]) -> dict[str, Any]:
        session = issue.session
        course = COURSES[session.wanted.course]
        return {
            "course_tr": course["name_tr"],
            "course_en": course["name_en"],
            "trainers": [trainer.name for trainer in session.trainers],
            **self.programme.printed(session.wanted.province),
            "template_version": TEMPLATE_VERSION,
            "hours_minutes": sum(sitting.planned for sitting in held),
            "first_date": min(sitting.date for sitting in held).isoformat(),
            "last_date": max(sitting.date for sitting in held).isoformat(),
            "place_tr": session.room.place_tr,
            "place_en": session.room.place_en,
            "printed_name": issue.name,
            "language": "tr",
        }

    def _paper(self, facts: dict[str, Any], number: str, code: str, issued_on: date, at: datetime, by: int) -> int:
        """The id of the document that holds the paper."""
        count = self.world.ledger.count(Certificate)
        if count >= DRAWN and self.shared is not None and count % SHARED_BY:
            return self.shared
        paper = CertificatePaper(
            kind=facts["kind"],
            language="tr",
            heading=(facts["issuer_tr"],),
            printed_name=facts["printed_name"],
            organisation=facts["organisation_tr"],
            course=facts["course_tr"],
            hours=Decimal(facts["hours_minutes"]) / 60,
            first_date=date.fromisoformat(facts["first_date"]),
            last_date=date.fromisoformat(facts["last_date"]),
            place=facts["place_tr"],
            trainers=() if facts["kind"] == DocumentKind.THANKS.value else tuple(facts["trainers"]),
            issued_on=issued_on,
            number=number,
            code=codes.printed(code),
            url=self.world.public_url + path_to("verification.show", code=code),
            signatories=tuple((family_in_capitals(who["name"]), who["title_tr"]) for who in facts["signatories"]),
            logos=tuple(self.programme.pictures),
            funding=facts["funding_tr"],
            sample=True,
        )
        content = draw_certificate(paper)
        self.shared = self.world.ledger.add(
            Document,
            sha256=hashlib.sha256(content).hexdigest(),
            media_type="application/pdf",
            filename=f"{number.replace('/', '-')}.pdf",
            size=len(content),
            content=content,
            created_at=at,
            created_by=by,
        )
        return self.shared


def _sorted_by(issue: Issue) -> str:
    if issue.concluded is None:
        return sort_key(" ".join(issue.name.split()[::-1]))
    person = issue.concluded.seat.person
    return sort_key(f"{person.family} {person.given}")


def _misspelt(family: str) -> str:
    """With two letters changed places, as happens when names are typed."""
    return f"{family[0]}{family[2]}{family[1]}{family[3:]}" if len(family) > 3 else f"{family}e"
