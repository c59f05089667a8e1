"""Personal links: made, acted by, revoked; what becomes of them when two records are one, or somebody leaves."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.access.sign_in import secrets
from app.audit import journal
from app.audit.journal import SYSTEM, Actor
from app.core.clock import now, today
from app.core.db import db
from app.language import force_locale, gettext, in_language
from app.paper import codes
from app.paper.handouts.slip import Slip, draw_slips
from app.people.events import EmployeeLeft, EmployeesMerged, LinkActed, LinkMade, LinksRevoked
from app.people.links.models import TRAININGS
from app.people.links.queries import address
from app.people.models import Employee, PersonalLink
from app.people.services import run


def make(employee_id: int, purpose: str, *, by: Actor, about: int | None = None, typed: bool = False) -> str:
    """The token of a new link, known to whoever gets it and to nobody else; earlier ones go on working. `typed`: short
    enough to be typed from paper.
    """
    token = codes.new() if typed else secrets.token()
    link = PersonalLink(employee_id=employee_id, purpose=purpose, about=about, token_hash=secrets.digest(token))
    db.session.add(link)
    db.session.flush()
    journal.record(LinkMade(employee_id, link.id, purpose), by=by)
    return token


def slips(people: Sequence[Employee], *, by: Actor, session_id: int | None = None, about: Sequence[str] = ()) -> bytes:
    """A page to cut out, a new link for each of these people (loaded with institution and unit); `about` a session: its
    title and days. What was printed before goes on working.
    """
    with force_locale("tr"):  # as letters to whoever has no account
        opens = gettext("Hold your phone’s camera over the code, or type the address below.")
        asks = gettext("On the page that opens, say whether you will attend.")
        shows = gettext("The page that opens shows your trainings and certificates.")
        advice = f"{opens} {asks if session_id else shows}"
        drawn = [_slip(each, tuple(about), advice, by, session_id) for each in people]
        title = gettext("Information slips")
    return draw_slips(drawn, title=title, language="tr", dated=today())


def _slip(employee: Employee, about: tuple[str, ...], advice: str, by: Actor, session_id: int | None) -> Slip:
    token = make(employee.id, TRAININGS, by=by, about=session_id, typed=True)
    place = f"{in_language(employee.organisation, 'name')} · {in_language(employee.unit, 'name')}"
    typed = address(codes.printed(token)).partition("://")[2]
    return Slip(employee.name, place, about or (gettext("My trainings"),), advice, address(token), typed)


def acted(link: PersonalLink) -> None:
    """Whoever holds the link has just changed something; who only looks may be a program that reads mails."""
    link.used_on = today()
    journal.record(LinkActed(link.employee_id, link.id), by=SYSTEM)


def revoke(employee_id: int, *, by: Actor) -> int:
    """None of a person's links leads anywhere any more: how many that were."""
    theirs = sa.and_(PersonalLink.employee_id == employee_id, PersonalLink.revoked_at.is_(None))
    number = _change(theirs, revoked_at=now())
    if number:
        journal.record(LinksRevoked(employee_id, number), by=by)
    return number


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    """It is one person: what they were sent or given goes on leading to what is theirs."""
    _change(PersonalLink.employee_id == event.merged_id, employee_id=event.kept_id)


def employee_left(event: EmployeeLeft, by: Actor) -> None:
    revoke(event.employee_id, by=by)


def _change(which: sa.ColumnElement[bool], **values: object) -> int:
    return run(sa.update(PersonalLink).where(which).values(**values), PersonalLink)
