from __future__ import annotations

from datetime import date

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.programme.studies.models import FindingStatus, StudyStage


class StudyCreated(Event):
    name = "study.created"
    said = lazy_pgettext("event", "Field study added")
    words = {"study_id": lazy_pgettext("fact", "Field study")}
    study_id: int
    province_id: int


class StudyChanged(Event):
    """Its form, its steps, its districts or its report."""

    name = "study.changed"
    said = lazy_pgettext("event", "Field study changed")
    words = {
        "study_method": lazy_pgettext("fact", "Method"),
        "lead": lazy_pgettext("fact", "Lead"),
        "steps": lazy_pgettext("fact", "Steps done"),
        "districts": lazy_pgettext("fact", "Planned interviews"),
        "report_id": lazy_pgettext("fact", "Report"),
        "summary_tr": lazy_pgettext("fact", "Turkish summary"),
        "summary_en": lazy_pgettext("fact", "English summary"),
        "design_on": lazy_pgettext("fact", "Day the design ends"),
        "development_on": lazy_pgettext("fact", "Day the development ends"),
        "fieldwork_on": lazy_pgettext("fact", "Day the fieldwork ends"),
        "analysis_on": lazy_pgettext("fact", "Day the analysis ends"),
    }
    study_id: int
    fields: tuple[str, ...]


class StudyMoved(Event):
    name = "study.moved"
    said = lazy_pgettext("event", "Field study moved to another stage")
    words = {"stage": lazy_pgettext("fact", "Stage")}
    values = {"stage": StudyStage}
    study_id: int
    stage: str


class InterviewsEntered(Event):
    name = "study.interviews"
    said = lazy_pgettext("event", "Interviews of a day entered")
    words = {"day": lazy_pgettext("fact", "Day"), "interviewed": lazy_pgettext("fact", "Interviews")}
    values = {"day": date}
    study_id: int
    day: str
    interviewed: int


class FindingWritten(Event):
    """Added, or (`fields`) changed."""

    name = "finding.written"
    said = lazy_pgettext("event", "Finding written")
    words = {
        "finding_id": lazy_pgettext("fact", "Finding"),
        "statement_tr": lazy_pgettext("fact", "Turkish statement"),
        "statement_en": lazy_pgettext("fact", "English statement"),
        "strength": lazy_pgettext("fact", "Strength"),
        "share": lazy_pgettext("fact", "Share"),
        "n": lazy_pgettext("fact", "Number of answers"),
        "rests_on": lazy_pgettext("fact", "Table or figure"),
    }
    finding_id: int
    study_id: int
    fields: tuple[str, ...] = ()


class FindingMoved(Event):
    name = "finding.moved"
    said = lazy_pgettext("event", "Finding verified, taken back or withdrawn")
    values = {"status": FindingStatus}
    finding_id: int
    status: str
