"""The letters: that a questionnaire waits, and that it still does. Both say how it stands when they leave."""

from __future__ import annotations

from datetime import time, timedelta

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.core.clock import at, today
from app.core.db import db
from app.language import force_locale, lazy_pgettext
from app.needs.answers.models import QUESTIONNAIRE
from app.needs.answers.rules import why_shut
from app.needs.models import AssessmentRound
from app.needs.team.models import TEAM
from app.needs.telling import queries
from app.needs.telling.models import Reader, Supervisor
from app.people.links import services as links
from app.people.links.queries import address
from app.post import letters as post_letters
from app.post.addresses import public_address
from app.post.links import LINK
from app.post.models import Message
from app.post.services import enqueue
from app.settings import queries as settings

ASKED, REMINDED, LEAD = "questionnaire", "questionnaire_reminder", "team"
LETTERS = {
    ASKED: (lazy_pgettext("occasion", "Questionnaire to answer"), "needs/telling/mail/asked.txt"),
    REMINDED: (lazy_pgettext("occasion", "Reminder of a questionnaire"), "needs/telling/mail/reminded.txt"),
}
LEAD_LETTER = (lazy_pgettext("occasion", "Team to rate"), "needs/telling/mail/team.txt")
LINK_KIND = "questionnaire"


def send(kind: str, to: Reader, number: int = 0) -> None:
    """Put the letter into the outbox; after the last day it is not sent any more."""
    one = to.questionnaire
    over = at(one.round.ends_on + timedelta(days=1), time.min)
    link = None if to.signs_in else (LINK_KIND, one.id)
    occasion = f"{kind}:{one.id}:{number}"
    enqueue(occasion, to.address, to.language, *_words(kind, to), place=to.place, not_after=over, link=link)


def anew(message: Message) -> tuple[str, str] | None:
    """As it stands now; None where nobody is to answer any more."""
    kind, key, *_ = message.occasion.split(":")
    to = _reader(int(key))
    return None if to is None else _words(kind, to)


def link_for(questionnaire_id: int) -> str:
    """A fresh way to this questionnaire; "" where nothing is to be answered any more."""
    to = _reader(questionnaire_id)
    if to is None:
        return ""
    return address(links.make(to.employee_id, QUESTIONNAIRE, by=SYSTEM, about=to.questionnaire.round_id))


def _reader(questionnaire_id: int) -> Reader | None:
    found = next(iter(queries.readers([questionnaire_id])), None)
    if found is None or why_shut(found.questionnaire, found.questionnaire.round, today()) is not None:
        return None
    return found


def _words(kind: str, to: Reader) -> tuple[str, str]:
    with force_locale(to.language):
        url = public_address("answers.show_own") if to.signs_in else LINK
        about = {"name": to.name, "round": to.questionnaire.round, "begun": to.questionnaire.started_at is not None}
        return post_letters.write(LETTERS[kind][1], **about, url=url, institution=settings.institution())


# --- to supervisors --------------------------------------------------------------------------------------


def send_to_supervisor(found: AssessmentRound, to: Supervisor) -> None:
    """Once a day at most."""
    over = at(found.ends_on + timedelta(days=1), time.min)
    link = None if to.signs_in else (LEAD, to.person.id)
    occasion = f"{LEAD}:{found.id}:{to.person.id}:{today()}"
    enqueue(occasion, to.address, to.language, *_team_words(found, to), place=to.place, not_after=over, link=link)


def team_anew(message: Message) -> tuple[str, str] | None:
    """As it stands now; None where nothing is to be rated any more."""
    _, round_id, employee_id, *_ = message.occasion.split(":")
    found = db.session.get(AssessmentRound, int(round_id))
    if found is None or today() > found.ends_on:
        return None
    # whoever it is written to
    to = next(iter(queries.supervisors(EVERYWHERE, found, [int(employee_id)])), None)
    return None if to is None else _team_words(found, to)


def team_link(employee_id: int) -> str:
    """A fresh way to their people."""
    return address(links.make(employee_id, TEAM, by=SYSTEM))


def _team_words(found: AssessmentRound, to: Supervisor) -> tuple[str, str]:
    with force_locale(to.language):
        url = public_address("team.show_team", round=found.id) if to.signs_in else LINK
        about = {"name": to.person.name, "round": found, "missing": to.missing}
        return post_letters.write(LEAD_LETTER[1], **about, url=url, institution=settings.institution())
