"""Letters and slips to those a round asks; each person in a job by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.errors import Refused
from app.jobs import queries as job_queries
from app.jobs import services as jobs
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job, JobItemStatus
from app.language import force_locale, format_date, gettext, in_language, language, lazy_gettext, ngettext
from app.needs.answers.models import QUESTIONNAIRE
from app.needs.answers.rules import why_shut
from app.needs.events import RoundTold
from app.needs.models import AssessmentRound, Questionnaire, RoundStatus, Told
from app.needs.rounds.services import round_of
from app.needs.team.models import TEAM
from app.needs.telling import letters, queries
from app.needs.telling.models import MOST_REMINDERS, Reader, Supervisor
from app.paper import codes
from app.paper.handouts.slip import Slip, draw_slips
from app.people.links import services as links
from app.people.links.queries import address
from app.people.models import Employee
from app.post.addresses import path_to


def _must_be_open(found: AssessmentRound) -> None:
    if found.status is not RoundStatus.OPEN or today() > found.ends_on:
        raise Refused(lazy_gettext("This analysis takes no answers at the moment: nobody is written to."))


def start_tell(scope: Scope, found: AssessmentRound, *, by: Caller) -> Job:
    """Write to everybody who was not told yet and whom a letter reaches."""
    _must_be_open(found)
    title = gettext("Letters: %(name)s", name=in_language(found, "name"))
    return _start(TELL.name, found, title, queries.to_tell(scope, found), by)


def start_remind(scope: Scope, found: AssessmentRound, *, by: Caller) -> Job:
    """Remind everybody who was told before today and has not finished: once a day, four times at most."""
    _must_be_open(found)
    title = gettext("Reminders: %(name)s", name=in_language(found, "name"))
    return _start(REMIND.name, found, title, queries.to_remind(scope, found), by)


def _start(name: str, found: AssessmentRound, title: str, ids: Sequence[int], by: Caller) -> Job:
    if not ids:
        raise Refused(lazy_gettext("There is nobody to write to."))
    arguments = {"language": language(), "round": found.id}
    return jobs.start(name, f"round:{found.id}", title, ids, arguments, by=by)


def _chunk(job: Job, ids: Sequence[int], tell: Any) -> Mapping[int, Done]:
    round_of(job)
    scope = job_queries.owner(job).scope_for(Permission.NEED_RUN)
    left = Done(JobItemStatus.SKIPPED, gettext("Has finished meanwhile, or can no longer be written to."))
    done = dict.fromkeys(ids, left)
    for to in queries.readers(ids):
        one = to.questionnaire
        reached = to.place.organisation_id is not None and scope.covers_organisation(to.place.organisation_id)
        if reached and to.address and why_shut(one, one.round, today()) is None:
            tell(to)
            done[one.id] = Done()
    return done


def _tell(to: Reader) -> None:
    letters.send(letters.ASKED, to)
    told(to.questionnaire, Told.MAIL)


def _remind(to: Reader) -> None:
    one = to.questionnaire
    if one.reminders < MOST_REMINDERS:
        one.reminders, one.reminded_at = one.reminders + 1, now()
        letters.send(letters.REMINDED, to, one.reminders)


def told(one: Questionnaire, how: Told) -> None:
    """The first way somebody learnt of it is kept."""
    if one.told_at is None:
        one.told_at, one.told_by = now(), how


def _finish(job: Job) -> None:
    round_id, number = int(job.arguments["round"]), job.done - job_queries.left_out(job)
    journal.record(RoundTold(round_id, number), by=job_queries.owner(job))
    job.message = ngettext("%(num)s person is written to.", "%(num)s people are written to.", number)
    job.result_url = path_to("running.show_round", round_id=round_id)


def slips(found: AssessmentRound, rows: Sequence[tuple[Questionnaire, Employee]], *, by: Actor) -> bytes:
    """A page to cut out: for each of these people (loaded with institution and unit) a new way to their questionnaire;
    they count as told.
    """
    _must_be_open(found)
    for one, _ in rows:
        told(one, Told.SLIP)
    return _slips(found, [person for _, person in rows], QUESTIONNAIRE, found.id, by=by)


def supervisors_slips(found: AssessmentRound, supervisors: Sequence[Supervisor], *, by: Actor) -> bytes:
    """The same for these supervisors: a new way to the people they rate."""
    _must_be_open(found)
    return _slips(found, [one.person for one in supervisors], TEAM, None, by=by)


def write_to_supervisors(found: AssessmentRound, supervisors: Sequence[Supervisor], *, by: Actor) -> int:
    """A letter to each of these whom one reaches, once a day at most: how many that are."""
    _must_be_open(found)
    reached = [one for one in supervisors if one.address]
    if not reached:
        raise Refused(lazy_gettext("There is nobody to write to."))
    for one in reached:
        letters.send_to_supervisor(found, one)
    journal.record(RoundTold(found.id, len(reached)), by=by)
    return len(reached)


def _slips(found: AssessmentRound, people: Sequence[Employee], purpose: str, about: int | None, *, by: Actor) -> bytes:
    with force_locale("tr"):  # as letters to whoever has no account
        titles = (in_language(found, "name"), gettext("Last day: %(day)s", day=format_date(found.ends_on)))
        advice = gettext("Hold your phone’s camera over the code, or type the address below.")
        tokens = [links.make(one.id, purpose, by=by, about=about, typed=True) for one in people]
        drawn = [_slip(one, titles, advice, token) for one, token in zip(people, tokens, strict=True)]
        title = gettext("Information slips")
    journal.record(RoundTold(found.id, len(people)), by=by)
    return draw_slips(drawn, title=title, language="tr", dated=today())


def _slip(person: Employee, about: tuple[str, ...], advice: str, token: str) -> Slip:
    place = f"{in_language(person.organisation, 'name')} · {in_language(person.unit, 'name')}"
    typed = address(codes.printed(token)).partition("://")[2]
    return Slip(person.name, place, about, advice, address(token), typed)


TELL = Kind("needs.tell", lambda job, ids: _chunk(job, ids, _tell), chunk=50, finish=_finish)
REMIND = Kind("needs.remind", lambda job, ids: _chunk(job, ids, _remind), chunk=50, finish=_finish)
