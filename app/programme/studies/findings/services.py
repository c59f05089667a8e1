from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.access.caller import Caller
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import gettext, lazy_gettext, ngettext
from app.programme.asks import services as asking
from app.programme.asks.models import ASKERS, AskMove, Wanted
from app.programme.asks.queries import asks_of
from app.programme.studies.events import FindingMoved, FindingWritten
from app.programme.studies.models import CHANGED, FieldStudy, Finding, FindingStatus, StudyMove
from app.programme.studies.services import goes_on, hold, note

KIND = "finding"


def add_finding(study: FieldStudy, values: Mapping[str, Any], *, by: Caller) -> Finding:
    """`values`: what its form sets, as the columns have it."""
    _check(values)
    goes_on(study)
    made = Finding(study_id=study.id, **values)
    db.session.add(made)
    db.session.flush()
    note(study.id, StudyMove.FINDING, FindingStatus.DRAFT.value, by=by, finding_id=made.id)
    journal.record(FindingWritten(made.id, study.id), by=by)
    return made


def _check(values: Mapping[str, Any]) -> None:
    if values["share"] is not None and not values["n"]:
        raise Refused(lazy_gettext("Say of how many answers this is the share."), field="n")


def change_finding(finding: Finding, values: Mapping[str, Any], *, by: Caller) -> None:
    _check(values)
    _hold(finding)
    if finding.status is not FindingStatus.DRAFT:
        raise Refused(lazy_gettext("Only a draft is changed. Take the finding back into draft first."))
    if changed := set_changed(finding, dict(values)):
        note(finding.study_id, StudyMove.FINDING, CHANGED, by=by, finding_id=finding.id)
        journal.record(FindingWritten(finding.id, finding.study_id, changed), by=by)


def _hold(finding: Finding) -> None:
    hold(finding, "status")


def verify(finding: Finding, *, by: Caller) -> None:
    _hold(finding)
    if not finding.rests_on:
        raise Refused(lazy_gettext("Say which table or figure the finding rests on before it is verified."))
    _move(finding, FindingStatus.VERIFIED, "", by=by)


def take_back(finding: Finding, *, by: Caller) -> None:
    """Into draft, to be changed; not while a row of a plan rests on what it says."""
    _hold(finding)
    goes_on(finding.study)
    if any(ask.plan_item_id for ask in asks_of(KIND, finding)):
        raise Refused(
            lazy_gettext(
                "A row of a training plan rests on this finding: what it says stays as it is. Withdraw it with a reason"
                " if it does not hold."
            )
        )
    _move(finding, FindingStatus.DRAFT, "", by=by)


def withdraw(finding: Finding, reason: str, *, by: Caller) -> str:
    """It does not hold. What it asked for alone is taken back; a row of a plan that rests on it stays, and says so.

    Answers what became of those.
    """
    _hold(finding)
    resting = 0
    asker = ASKERS.here[KIND]
    for ask in asks_of(KIND, finding):
        if ask.plan_item_id is None:
            asking.withdraw(Wanted(asker, finding, ask), by=by)
        else:
            resting += 1
    _move(finding, FindingStatus.WITHDRAWN, reason, by=by)
    if not resting:
        return gettext("The finding is withdrawn.")
    return ngettext(
        "The finding is withdrawn. %(num)s row of a training plan rests on it: it stays, and says so.",
        "The finding is withdrawn. %(num)s rows of training plans rest on it: they stay, and say so.",
        resting,
    )


def _move(finding: Finding, status: FindingStatus, reason: str, *, by: Caller) -> None:
    finding.status = finding.status.to(status)
    note(finding.study_id, StudyMove.FINDING, status.value, by=by, finding_id=finding.id, reason=reason)
    journal.record(FindingMoved(finding.id, status.value), by=by)


def on_asked(finding: Finding, move: AskMove, reason: str, by: Actor) -> None:
    """What it supports is part of its history; a verified one alone names a competency that is needed."""
    _hold(finding)
    if move in (AskMove.ASKED, AskMove.TIED) and finding.status is not FindingStatus.VERIFIED:
        raise Refused(lazy_gettext("Only a verified finding supports a competency."))
    note(finding.study_id, StudyMove.ASK, move, by=by, finding_id=finding.id, reason=reason)
