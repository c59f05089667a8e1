from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.scope import Scope, within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused, Stale
from app.files.bad_file import BadFile, BadFileReason
from app.files.pictures import scans
from app.files.pictures.scans import Scan
from app.language import format_date, format_number, lazy_gettext, ngettext
from app.programme import uploads
from app.programme.studies import queries
from app.programme.studies.events import InterviewsEntered, StudyChanged, StudyCreated, StudyMoved
from app.programme.studies.models import (
    STEPS,
    FieldStudy,
    StudyChange,
    StudyDistrict,
    StudyInterviews,
    StudyMove,
    StudyStage,
    StudyStep,
)
from app.programme.studies.queries import Numbers
from app.programme.uploads import Upload

MOST_BYTES = 20 * 1024 * 1024
WHY_NOT = {
    BadFileReason.EMPTY: lazy_gettext("The file is empty."),
    BadFileReason.TOO_LARGE: lazy_gettext("The file is larger than 20 MB."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("A report is a PDF file."),
    BadFileReason.DAMAGED: lazy_gettext("The file is damaged or incomplete. Save the report as PDF again."),
}


def create_study(values: Mapping[str, Any], *, scope: Scope, by: Caller) -> FieldStudy:
    """`values`: what its form sets, with its province."""
    if values["province_id"] is None or not scope.covers_province(values["province_id"]):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    _in_turn(values)
    made = FieldStudy(steps=[], **values)
    db.session.add(made)
    db.session.flush()
    note(made.id, StudyMove.STAGE, StudyStage.DESIGN.value, by=by)
    journal.record(StudyCreated(made.id, made.province_id), by=by)
    return made


def change_study(study: FieldStudy, values: Mapping[str, Any], *, by: Caller) -> None:
    _in_turn(values)
    if study.stage is StudyStage.DONE and not values["summary_tr"]:
        raise Refused(
            lazy_gettext("The study is done and its summary public: it cannot be left out."), field="summary_tr"
        )
    _changed(study, set_changed(study, dict(values)), by=by)


def _in_turn(values: Mapping[str, Any]) -> None:
    """Each stage ends after the one before it."""
    last: date | None = None
    for stage in list(StudyStage)[:-1]:
        day: date | None = values[f"{stage.value}_on"]
        if day and last and day < last:
            raise Refused(lazy_gettext("A stage cannot end before the one before it."), field=f"{stage.value}_on")
        last = day or last


def _changed(study: FieldStudy, fields: tuple[str, ...], *, by: Caller) -> None:
    if fields:  # the log knows a method already: that of a request
        told = tuple("study_method" if name == "method" else name for name in fields)
        journal.record(StudyChanged(study.id, told), by=by)


def note(
    study_id: int, kind: StudyMove, new: str = "", *, by: Actor, finding_id: int | None = None, reason: str = ""
) -> None:
    """Keep what became of a study for its own page."""
    made = StudyChange(study_id=study_id, kind=kind, new=new, reason=reason, changed_by=by.id, finding_id=finding_id)
    db.session.add(made)


def hold(thing: Any, *names: str) -> None:
    """Nobody else changes a study or a finding from now on; Stale where somebody did since it was loaded."""
    db.session.flush()
    seen = thing.version
    db.session.refresh(thing, [*names, "version"], with_for_update=True)
    if thing.version != seen:
        raise Stale(lazy_gettext("Somebody else changed this meanwhile. Look at it as it is now, then send again."))


def _hold(study: FieldStudy) -> None:
    hold(study, "stage", "steps")


def goes_on(study: FieldStudy) -> None:
    """What it was done with stays: its plan, findings that are verified."""
    if study.stage is StudyStage.DONE:
        raise Refused(lazy_gettext("The study is done. Take it back to the stage before to change this."))


def tick(study: FieldStudy, done: Sequence[str], *, by: Caller) -> None:
    """Of the steps of its stage those that are done; of what stands here itself, only what is so."""
    _hold(study)
    stand = queries.stand(study)
    so = {
        StudyStep.ASKED: stand.held >= max(stand.planned, 1),
        StudyStep.FINDINGS: stand.verified and not stand.drafts,
        StudyStep.REPORT: study.report_id,
        StudyStep.SUMMARY: study.summary_tr,
    }
    if untrue := [step.label for step in STEPS[study.stage] if step.value in done and not so.get(step, True)]:
        raise Refused(lazy_gettext("Ticked, but not so yet: %(steps)s.", steps="; ".join(untrue)), field="done")
    own = [step.value for step in STEPS[study.stage]]
    kept = [value for value in study.steps if value not in own] + [value for value in own if value in done]
    _changed(study, set_changed(study, {"steps": kept}), by=by)


def move_on(study: FieldStudy, reason: str = "", *, by: Caller) -> None:
    """Into the next stage, once every step of this one is done; the stage ends today. `reason`: why fieldwork ends with
    fewer interviews than planned.
    """
    _hold(study)
    following = study.stage.forward
    if following is None:
        raise Refused(lazy_gettext("This study is done."))
    stand = queries.stand(study)
    short = study.stage is StudyStage.FIELDWORK and stand.held < max(stand.planned, 1)
    if short and not reason:
        raise Refused(
            lazy_gettext(
                "Interviews held: %(held)s / %(planned)s. Say why fieldwork ends with these.",
                held=format_number(stand.held),
                planned=format_number(stand.planned),
            ),
            field="reason",
        )
    # nobody has to tick that all were held, having said why they were not
    if still := len([step for step in study.open_steps() if not (short and step is StudyStep.ASKED)]):
        raise Refused(ngettext("%(num)s step is not done yet.", "%(num)s steps are not done yet.", still))
    setattr(study, f"{study.stage.value}_on", today())
    _moved(study, following, reason if short else "", by=by)


def move_back(study: FieldStudy, reason: str, *, by: Caller) -> None:
    """Into the stage before, whose steps stay as they are; on which day it ends is open again."""
    _hold(study)
    before = study.stage.backward
    if before is None:
        raise Refused(lazy_gettext("This is the first stage."))
    setattr(study, f"{before.value}_on", None)
    _moved(study, before, reason, by=by)


def _moved(study: FieldStudy, stage: StudyStage, reason: str, *, by: Caller) -> None:
    study.stage = study.stage.to(stage)
    note(study.id, StudyMove.STAGE, stage.value, by=by, reason=reason)
    journal.record(StudyMoved(study.id, stage.value), by=by)


def plan_interviews(study: FieldStudy, planned: Numbers, *, by: Caller) -> None:
    """How many interviews are planned in each institution's district; none: the district takes no part."""
    _hold(study)
    goes_on(study)
    known = {row.district.organisation_id: row for row in queries.districts(study)}
    changed = False
    for home_id, (women, men) in planned.items():
        row = known.get(home_id)
        if row is not None and not (women or men or row.women or row.men):
            db.session.delete(row.district)
            changed = True
        elif row is not None or women or men:
            district = row.district if row else StudyDistrict(study_id=study.id, organisation_id=home_id)
            changed |= bool(set_changed(district, {"planned_women": women, "planned_men": men}))
            db.session.add(district)
    _changed(study, ("districts",) if changed else (), by=by)


def enter_day(study: FieldStudy, day: date, held: Numbers, *, by: Caller) -> int:
    """What was held on a day, by the id of the district; what stood there is replaced. Answers how many."""
    _hold(study)
    if study.stage not in (StudyStage.FIELDWORK, StudyStage.ANALYSIS):
        now = study.stage.label
        raise Refused(lazy_gettext("Interviews are entered during fieldwork. The stage is “%(now)s”.", now=now))
    if day > today():
        raise Refused(lazy_gettext("This day is still to come."), field="day")
    if study.development_on is not None and day < study.development_on:
        ended = format_date(study.development_on)
        raise Refused(
            lazy_gettext(
                "Fieldwork begins when development ends, on %(day)s; this day is before it."
                " If development ended earlier, change that day in the study.",
                day=ended,
            ),
            field="day",
        )
    rows = sa.select(StudyInterviews).join(StudyInterviews.district)
    rows = rows.where(StudyDistrict.study_id == study.id, StudyInterviews.day == day)
    found = db.session.scalars(within(study).trusting(rows, StudyDistrict, StudyInterviews))
    there = {each.district_id: each for each in found}
    changed = False
    for row in queries.districts(study, day):
        women, men = held.get(row.district.id, (0, 0))
        if (women, men) == (row.women, row.men):
            continue
        one = there.get(row.district.id) or StudyInterviews(district_id=row.district.id, day=day)
        one.women, one.men, one.entered_by = women, men, by.id
        db.session.add(one)
        changed = True
    number = sum(women + men for women, men in held.values())
    if changed:
        journal.record(InterviewsEntered(study.id, day.isoformat(), number), by=by)
    return number


def read_report(content: bytes) -> Scan:
    """Judge an upload by its bytes, whatever it is called; Refused in words for what is no PDF."""
    try:
        if scans.media_type_of(content, MOST_BYTES) != "application/pdf":
            raise BadFile(BadFileReason.UNSUPPORTED_TYPE)
    except BadFile as bad:
        raise Refused(WHY_NOT[bad.reason], field="report") from None
    return Scan(content, "application/pdf", sha256(content).hexdigest())


def attach_report(study: FieldStudy, report: Upload, *, by: Caller) -> None:
    """In place of the one before, which is kept."""
    _hold(study)
    study.report_id = uploads.keep(report, by=by)
    note(study.id, StudyMove.REPORT, by=by)
    _changed(study, ("report_id",), by=by)
