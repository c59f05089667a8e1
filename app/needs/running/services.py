"""What a round becomes: open, closed, published. What touches everybody it asks is done in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.scope import within
from app.audit import journal
from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.jobs import queries as job_queries
from app.jobs import services as jobs
from app.jobs.kinds import Done, Kind
from app.jobs.models import Job
from app.language import gettext, in_language, language, lazy_gettext, ngettext
from app.needs.events import RoundChanged, RoundMoved
from app.needs.models import Asking, AssessmentRound, Questionnaire, Respondent, RoundChange, RoundPlace, RoundStatus
from app.needs.rounds import queries as rounds
from app.needs.rounds.models import Design
from app.needs.rounds.respondents import keep_respondents
from app.needs.rounds.rules import draw
from app.needs.rounds.sampling import weight
from app.needs.rounds.services import round_of
from app.needs.running import queries
from app.needs.services import recompute_needs
from app.people.models import Employee
from app.post.addresses import path_to

S = RoundStatus


def _move(found: AssessmentRound, was: RoundStatus, status: RoundStatus, *, by: Caller, reason: str = "") -> None:
    """Two who press at once take turns: the second finds it done. A draft is opened, what was closed is opened again:
    neither is the other's step.
    """
    db.session.refresh(found, ["status", "version"], with_for_update=True)
    becomes = found.status.to(status)
    if found.status is not was:
        now = found.status.label
        raise Refused(lazy_gettext("The state of this analysis is “%(now)s” by now. Look at its page again.", now=now))
    found.status = becomes
    db.session.add(RoundChange(round_id=found.id, status=status, reason=reason, changed_by=by.id))
    journal.record(RoundMoved(found.id, status.value), by=by)


def _start(name: str, found: AssessmentRound, title: str, organisations: Sequence[int], by: Caller) -> Job:
    arguments = {"language": language(), "round": found.id}
    return jobs.start(name, f"round:{found.id}", title, organisations, arguments, by=by)


# --- opening ---------------------------------------------------------------------------------------------


def why_not_open(found: AssessmentRound, design: Design) -> list[str]:
    """What has to be mended before a draft can be opened, in sentences."""
    said = []
    if found.ends_on < today():
        said.append(gettext("The last day is over. Set other dates."))
    if not design.asked:
        said.append(gettext("Nobody works in these units yet. Import the staff list first."))
    for place in design.unasked:
        said.append(gettext("Nothing is asked here: %(unit)s", unit=in_language(place.unit, "name")))
    if design.retired:
        said.append(gettext("No longer in use, take them out: %(names)s", names=", ".join(design.retired)))
    return said


def open_round(found: AssessmentRound, design: Design, *, by: Caller) -> Job:
    """It asks from now on; who it asks is settled institution by institution in the background."""
    why = why_not_open(found, design)
    if why:
        raise Refused(" ".join(why))
    _move(found, S.DRAFT, S.OPEN, by=by)
    staff = [{"id": place.id, "staff": place.staff} for stratum in design.strata for place in stratum.places]
    db.session.execute(within(found).trusting(sa.update(RoundPlace), RoundPlace), staff)
    organisations = [stratum.organisation.id for stratum in design.strata if stratum.staff]
    return _start(OPEN.name, found, gettext("Opening: %(name)s", name=in_language(found, "name")), organisations, by)


def _open_chunk(job: Job, organisation_ids: Sequence[int]) -> Mapping[int, Done]:
    found = round_of(job)
    numbers = rounds.shares(found, queries.staff_then(found))
    for key in organisation_ids:
        staff = within(found).trusting(
            sa.select(Employee.id).where(Employee.organisation_id == key, Employee.id.in_(rounds.staff(found))),
            *(Employee, RoundPlace, Respondent),
        )
        ask(found, draw(db.session.scalars(staff).all(), numbers.get(key, 0), seed=found.seed, stratum=key))
    return dict.fromkeys(organisation_ids, Done())


def ask(found: AssessmentRound, employee_ids: Sequence[int]) -> None:
    """Give these people (seen through a scope) a questionnaire, each as who they are today; twice does nothing."""
    keep_respondents(found.id, employee_ids)
    has = sa.select(Questionnaire.id).where(Questionnaire.respondent_id == Respondent.id)
    rows = sa.select(Respondent.round_id, Respondent.id).where(Respondent.round_id == found.id, sa.not_(has.exists()))
    rows = within(found).trusting(rows, Respondent, Questionnaire)
    db.session.execute(sa.insert(Questionnaire).from_select(["round_id", "respondent_id"], rows))


def _opened(job: Job) -> None:
    found = round_of(job)
    asked = db.session.scalar(within(found).restrict(sa.select(sa.func.count(Questionnaire.id)), Questionnaire)) or 0
    job.message = ngettext("%(num)s person is asked.", "%(num)s people are asked.", asked)
    job.result_url = path_to("running.show_round", round_id=found.id)


# --- closing, opening again, publishing ------------------------------------------------------------------


def close_round(found: AssessmentRound, *, by: Caller) -> Job:
    """Nobody answers any more; needs and their sums are computed in the background. Its last day is this one, where it
    was to be later: what is given from now on comes after it.
    """
    _move(found, S.OPEN, S.CLOSED, by=by)
    found.ends_on = max(found.starts_on, min(found.ends_on, today()))
    organisations = sorted(queries.staff_then(found))
    return _start(CLOSE.name, found, gettext("Closing: %(name)s", name=in_language(found, "name")), organisations, by)


def _close_chunk(job: Job, organisation_ids: Sequence[int]) -> Mapping[int, Done]:
    found = round_of(job)
    staff = queries.staff_then(found)
    for key in organisation_ids:
        each = Decimal(1)
        if found.asking is Asking.SAMPLE and found.follows_id is None:
            exact = weight(staff[key], queries.usable(found, key))
            each = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.0001"))
        recompute_needs(found, queries.respondents_of(found, key), weight=each)
    return dict.fromkeys(organisation_ids, Done())


def _closed(job: Job) -> None:
    job.message = gettext("The results are computed. Look through them, then publish them.")
    job.result_url = path_to("results.show_needs", round=job.arguments["round"])


def reopen_round(found: AssessmentRound, ends_on: date, *, reason: str, by: Caller) -> None:
    """People answer again until this day."""
    if job_queries.open_job(CLOSE.name, f"round:{found.id}") is not None:
        raise Refused(lazy_gettext("The results are still being computed. Try again in a minute."))
    _must_lie_ahead(ends_on)
    _move(found, S.CLOSED, S.OPEN, by=by, reason=reason)
    found.ends_on = ends_on


def extend_round(found: AssessmentRound, ends_on: date, *, by: Caller) -> None:
    if found.status is not S.OPEN:
        raise Refused(lazy_gettext("Only an open analysis can be extended."))
    _must_lie_ahead(ends_on)
    found.ends_on = ends_on
    journal.record(RoundChanged(found.id, ("ends_on",)), by=by)


def _must_lie_ahead(day: date) -> None:
    if day < today():
        raise Refused(lazy_gettext("Choose today or a later day."), field="ends_on")


def publish_round(found: AssessmentRound, *, by: Caller) -> None:
    """Everybody who reads needs reads these; nothing in it changes any more."""
    if job_queries.open_job(CLOSE.name, f"round:{found.id}") is not None:
        raise Refused(lazy_gettext("The results are still being computed. Try again in a minute."))
    _move(found, S.CLOSED, S.PUBLISHED, by=by)


OPEN = Kind("needs.open", _open_chunk, chunk=1, finish=_opened)
CLOSE = Kind("needs.close", _close_chunk, chunk=1, finish=_closed)
