"""The programme's own face: settings, signatories, placeholder logos, letters already sent, first audit entries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from PIL import Image, ImageDraw

from app.access.events import UserInvited
from app.access.models import OneTimeLink
from app.access.sign_in.services import LINK_FOR
from app.completion.events import SessionFinalised
from app.core.clock import local
from app.demo.enrolments import Seat
from app.demo.people import DOMAIN, invited_account
from app.demo.sessions import REASONS, SessionFacts, SittingFacts
from app.demo.world import COURSES, Person, World
from app.files.models import Document
from app.language.turkish import search_key
from app.people.events import LinkMade, LinksRevoked
from app.people.links import models as links
from app.people.models import PersonalLink
from app.post.addresses import path_to
from app.post.calendars.ics import Day, Method, Series, request
from app.post.links import LINK
from app.post.models import CalendarSeries, Fault, InvalidAddress, Message, MessageStatus
from app.post.services import Place
from app.settings.models import Logo, Signatory
from app.settings.queries import DEFAULTS
from app.training.events import SessionCreated, SessionMoved
from app.training.models import ChangeKind, SessionChange, SessionStatus
from app.users.letters import WELCOME
from app.users.models import Invitation

SETTINGS: dict[str, Any] = {
    "sample_data": True,
    "funding_tr": "Bu eğitim, örnek bir destek programı kapsamında düzenlenmiştir.",
    "funding_en": "This training was held within an example support programme.",
}
SIGNATORIES = {
    "21": ("Berfin Aksoy", "Aram Örnek"),
    "25": ("İlknur Dadaş", "Kemal Örnek"),
    "27": ("Ömer Antepli", "Sevda Örnek"),
    "63": ("Zeliha Işık", "Halil Örnek"),
}
ROLES = (
    ("İl eğitim koordinatörü", "Provincial training coordinator"),
    ("Program yöneticisi", "Programme manager"),
)
# Writing calendars takes time: of what is over none is kept, at a larger scale only those of the first invitations.
REFUSED = 7
"""Which of the invitations to what is ahead did not arrive."""
ANSWER = "550 5.1.1 <…>: no such user here"
LATER = "451 4.7.1 Greylisted, please try again later"
WITH_CALENDAR = 400
Told = tuple[Day, list[str]]
LOGOS = (((15, 91, 87), "Örnek logo 1"), ((168, 137, 47), "Örnek logo 2"))


class Programme:
    """Writes what stands once, and tells what certificates print of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pictures = [_placeholder(colour) for colour, _ in LOGOS]
        self.logos: list[int] = []
        self.invited = 0
        self.revoked: datetime | None = None

    def establish(self) -> None:
        ledger = self.world.ledger
        created = self.world.now - timedelta(days=300)
        for slot, ((_, alt), content) in enumerate(zip(LOGOS, self.pictures, strict=True), 1):
            document = ledger.add(
                Document,
                sha256=hashlib.sha256(content).hexdigest(),
                media_type="image/png",
                filename=f"ornek-logo-{slot}.png",
                size=len(content),
                content=content,
                created_at=created,
                created_by=self.world.users["admin"],
            )
            self.logos.append(document)
            ledger.add(Logo, slot=slot, alt=alt, document_id=document)
        for code, names in SIGNATORIES.items():
            for position, (name, (title_tr, title_en)) in enumerate(zip(names, ROLES, strict=True), 1):
                ledger.add(
                    Signatory,
                    province_id=self.world.reference.provinces[code],
                    name=name,
                    title_tr=title_tr,
                    title_en=title_en,
                    position=position,
                )
        ledger.flush()

    def printed(self, province: str) -> dict[str, Any]:
        """The part of a certificate that comes from the settings."""
        return {
            "signatories": [
                {"name": name, "title_tr": tr, "title_en": en}
                for name, (tr, en) in zip(SIGNATORIES[province], ROLES, strict=True)
            ],
            "issuer_tr": DEFAULTS["institution_tr"],
            "issuer_en": DEFAULTS["institution_en"],
            "funding_tr": SETTINGS["funding_tr"],
            "funding_en": SETTINGS["funding_en"],
            "logos": list(self.logos),
            "sample": True,
        }

    def remember(self, session: SessionFacts, seats: list[Seat], left: list[Seat]) -> None:
        """The audit's word on how a session came to where it is, and the invitations, also to who `left` later."""
        state = session.wanted.state
        by = self.world.coordinator(session.wanted.province)
        made = self.world.office(session.opened - timedelta(days=2))
        self.world.log(SessionCreated(session.id), made, by)
        self._keep(session, "", SessionStatus.DRAFT, made, by)
        path = _PATHS[state]
        moments = (session.opened, session.settled, session.finalised or session.settled)
        for (was, now), at in zip(path, moments, strict=False):
            if now == SessionStatus.FINALISED:
                self.world.log(SessionFinalised(session.id, len(seats), False), at, by)
            self.world.log(SessionMoved(session.id, was, now), at, by)
            self._keep(session, was, SessionStatus(now), at, by)
        if state in (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED):
            self._ask(session)
        if state in (SessionStatus.CONFIRMED, SessionStatus.FINALISED):
            self._invite(session, sorted([*seats, *left], key=lambda seat: seat.id))

    def _keep(self, session: SessionFacts, was: str, now: SessionStatus, at: datetime, by: int) -> None:
        """The same for the session's own page."""
        self.world.ledger.add(
            SessionChange,
            course_session_id=session.id,
            kind=ChangeKind.STATUS,
            old=was,
            new=now.value,
            sittings=0,
            by_id=by,
            at=at,
            reason=REASONS.get(now, ""),
        )

    def _invite(self, session: SessionFacts, seats: list[Seat]) -> None:
        course, day = COURSES[session.wanted.course]["name_tr"], session.days[0]
        ahead = session.wanted.state is SessionStatus.CONFIRMED
        days = self._days(session, session.sittings)
        for seat in seats:
            self.invited += ahead
            sent = max(session.settled, seat.taken)
            calendar = None
            # only who has an account is sent to a page
            signs_in = seat.person is self.world.member
            page = self.world.public_url + path_to("seats.show_enrolment", key=seat.id) if signs_in else ""
            address = f"personel@{DOMAIN}" if signs_in else seat.person.email
            if ahead and self.invited <= WITH_CALENDAR:
                calendar = self._calendar(session, f"enrolment:{seat.id}", days, page, address, sent)
            self._sent(
                f"invite:enrolment:{seat.id}:v1",
                address,
                f"Davet: {course}, {day:%d.%m.%Y}",
                f"Sayın {seat.person.given} {seat.person.family},\n\n"
                f"“{course}” eğitimine davetlisiniz.\n"
                f"İlk gün: {day:%d.%m.%Y}\nYer: {session.room.place_tr}\n\n"
                f"Katılıp katılmayacağınızı lütfen bildiriniz{f': {page}' if page else '.'}\n",
                calendar,
                sent,
                Place(self.world.reference.provinces[session.wanted.province], seat.person.organisation),
                refused=self.invited == REFUSED and ahead,
            )

            if ahead and not signs_in:
                self._link(session, seat, sent)

    def _link(self, session: SessionFacts, seat: Seat, sent: datetime) -> None:
        """To their answer, in the letter: some have answered from there; the links of one were taken back."""
        by = self.world.coordinator(session.wanted.province)
        revoked = None
        if not (self.revoked or seat.answered):
            self.revoked = revoked = self.world.office(self.world.now - timedelta(days=1))
            self.world.log(LinksRevoked(seat.person.id, 1), revoked, by)
        key = self.world.ledger.add(
            PersonalLink,
            employee_id=seat.person.id,
            purpose=links.ANSWER,
            about=session.id,
            token_hash=self._nobodys(f"link/{seat.id}"),
            created_at=sent,
            revoked_at=revoked,
            used_on=local(seat.answered).date() if seat.answered else None,
        )
        self.world.log(LinkMade(seat.person.id, key, links.ANSWER), sent, by)

    def _nobodys(self, purpose: str) -> str:
        """In place of the hash of a token: no token has it, so nobody can open the link of an example."""
        return f"{self.world.chance(purpose).getrandbits(256):064x}"

    def invite_staff(self, people: Sequence[Person]) -> None:
        """Who was sent a link to a password: two have used it; of the three `people` one still can, that of one ran out
        and the next letter was stopped, and to one it is on its way, as the mail server asked for patience.
        """
        now = self.world.now
        began = self.world.office(now - (self.world.today - self.world.history_starts) + timedelta(hours=2))
        for name in ("ik.haliliye", "personel"):
            accepted = began + timedelta(hours=3)
            user = self.world.users[name]
            self.world.ledger.add(Invitation, user_id=user, invited_at=began, times=1, accepted_at=accepted)
        able, late, waiting = people
        before = [self.world.office(now - timedelta(days=days)) for days in (0, 2, 4, 12)]
        self._invite_to_account(able, [(before[1], {})])
        stopped = {"status": MessageStatus.CANCELLED, "attempts": 0, "tried_at": None, "sent_at": None}
        self._invite_to_account(late, [(before[3], {}), (before[2], stopped)])
        patience = {"status": MessageStatus.QUEUED, "fault": Fault.LATER, "answer": LATER, "sent_at": None}
        self._invite_to_account(waiting, [(before[0], patience | {"not_before": now + timedelta(days=1)})])

    def _invite_to_account(self, person: Person, letters: list[tuple[datetime, dict[str, Any]]]) -> None:
        """`letters`: when each was written, and what became of it where it was not sent."""
        user = invited_account(self.world, person, letters[0][0])
        self.world.ledger.add(Invitation, user_id=user, invited_at=letters[-1][0], times=len(letters))
        for number, (moment, more) in enumerate(letters, 1):
            self.world.log(UserInvited(user, number), moment, self.world.coordinator(person.province))
            self._welcome(person, user, number, moment, more)
            if not more:
                token = self._nobodys(f"welcome/{user}/{number}")
                self.world.ledger.add(OneTimeLink, token_hash=token, user_id=user, expires_at=moment + LINK_FOR)

    def _welcome(self, person: Person, user: int, number: int, moment: datetime, more: dict[str, Any]) -> None:
        self._sent(
            f"{WELCOME}:user:{user}:{number}",
            person.email,
            "Yetkin: parolanızı belirleyiniz",
            f"Sayın {person.given} {person.family},\n\nParolanızı bu bağlantıdan belirleyebilirsiniz: {LINK}\n",
            None,
            moment,
            Place(self.world.reference.provinces[person.province], person.organisation),
            link_kind=WELCOME,
            link_id=user,
            private=True,
            **more,
        )

    def _ask(self, session: SessionFacts) -> None:
        """Each of its trainers was asked when it opened."""
        course, ahead = COURSES[session.wanted.course]["name_tr"], session.finalised is None
        for trainer in {sitting.trainer.id: sitting.trainer for sitting in session.sittings}.values():
            own = [sitting for sitting in session.sittings if sitting.trainer is trainer]
            page = self.world.public_url + path_to("assignments.list_assignments") if trainer.signs_in else ""
            about, sent = f"session:{session.id}:trainer:{trainer.id}", session.opened
            days = self._days(session, own, named=False)
            self._sent(
                f"trainer_asked:{session.id}:{trainer.id}:s0",
                trainer.email,
                f"Görevlendirme teklifi: {course}, {days[0][0].date:%d.%m.%Y}",
                f"Sayın {trainer.called},\n\n"
                f"“{course}” eğitiminde eğitmen olarak görev almanızı rica ederiz.\n"
                f"İlk gün: {days[0][0].date:%d.%m.%Y}\nYer: {session.room.place_tr}\n\n"
                f"Görevi kabul edip etmediğinizi lütfen bildiriniz{f': {page}' if page else '.'}\n",
                self._calendar(session, about, days, page, trainer.email, sent) if ahead else None,
                sent,
                Place(self.world.reference.provinces[session.wanted.province]),
            )

    def _sent(
        self,
        occasion: str,
        address: str,
        subject: str,
        body: str,
        calendar: bytes | None,
        at: datetime,
        place: Place,
        *,
        refused: bool = False,
        **more: Any,
    ) -> None:
        """`refused`: nobody has this address, as the mail server says. `more`: columns of the message."""
        if refused:
            self.world.ledger.add(InvalidAddress, address=address.lower(), answer=ANSWER, since=at)
        values: dict[str, Any] = {
            "occasion": occasion,
            "to_address": address,
            "search_text": search_key(address),
            "language": "tr",
            "subject": subject,
            "body": body,
            "calendar": calendar,
            "calendar_method": Method.REQUEST.value if calendar else None,
            "status": MessageStatus.FAILED if refused else MessageStatus.SENT,
            "attempts": 1,
            "fault": Fault.ADDRESS if refused else None,
            "answer": ANSWER if refused else "",
            "province_id": place.province_id,
            "organisation_id": place.organisation_id,
            "created_at": at,
            "tried_at": at + timedelta(minutes=1),
            "sent_at": None if refused else at + timedelta(minutes=1),
        }
        self.world.ledger.add(Message, **values | more)

    def _calendar(
        self, session: SessionFacts, about: str, days: list[Told], page: str, address: str, at: datetime
    ) -> bytes:
        """What went into somebody's calendar, kept as the mails after it need it."""
        host = urlsplit(self.world.public_url).hostname or "localhost"
        uid = str(uuid5(NAMESPACE_URL, about))
        calendar = request(self._series(session, days, page), uid, 0, f"yetkin@{host}", address, stamp=at)
        self.world.ledger.add(CalendarSeries, about=about, uid=uid, sequence=0, calendar=calendar)
        return calendar

    def _days(self, session: SessionFacts, sittings: list[SittingFacts], *, named: bool = True) -> list[Told]:
        """What a letter put into a calendar, day by day, with its sittings; a later change is told by what differs
        from it.
        """
        found = []
        for date, own in groupby(sittings, lambda sitting: local(sitting.starts).date()):
            spans = [(local(s.starts), local(s.starts + timedelta(minutes=s.planned)), s.trainer.called) for s in own]
            place = ", ".join(dict.fromkeys((session.room.name_tr, session.room.place_tr)))
            lines = [f"{starts:%H:%M}–{ends:%H:%M}" + (f" · {name}" if named else "") for starts, ends, name in spans]
            found.append((Day(date, spans[0][0].time(), spans[-1][1].time(), place), lines))
        return found

    def _series(self, session: SessionFacts, days: list[Told], url: str) -> Series:
        course = session.wanted.course
        return Series(
            f"{COURSES[course]['name_tr']} ({course}/{session.ordinal})",
            tuple(replace(day, description="\n".join(filter(None, [*lines, url]))) for day, lines in days),
            url,
        )


_PATHS: dict[SessionStatus, tuple[tuple[str, str], ...]] = {
    SessionStatus.DRAFT: (),
    SessionStatus.OPEN: (("draft", "open"),),
    SessionStatus.CONFIRMED: (("draft", "open"), ("open", "confirmed")),
    SessionStatus.FINALISED: (("draft", "open"), ("open", "confirmed"), ("confirmed", "finalised")),
    SessionStatus.POSTPONED: (("draft", "open"), ("open", "postponed")),
    SessionStatus.CANCELLED: (("draft", "open"), ("open", "cancelled")),
}


def _placeholder(colour: tuple[int, int, int]) -> bytes:
    """A neutral mark: two rings, nobody's arms."""
    image = Image.new("RGB", (220, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 100, 100), outline=colour, width=8)
    draw.ellipse((70, 20, 150, 100), outline=colour, width=8)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
