from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class Exported(Event):
    """A list was taken out as a file."""

    name = "access.exported"
    said = lazy_pgettext("event", "List exported")
    words = {
        "what": lazy_pgettext("fact", "List"),
        "format": lazy_pgettext("fact", "Format"),
        "rows": lazy_pgettext("fact", "Rows"),
        "attendance": lazy_pgettext("fact", "Attendance"),
        "scores": lazy_pgettext("fact", "Test scores"),
        "action_plan": lazy_pgettext("fact", "Strategic action plan"),
        "action_plans": lazy_pgettext("fact", "Strategic action plans"),
        "action_groups": lazy_pgettext("fact", "Action plan groups"),
        "group_actions": lazy_pgettext("fact", "Actions of the groups"),
        "group_meetings": lazy_pgettext("fact", "Meetings of the groups"),
        "meeting_sheet": lazy_pgettext("fact", "Signature sheet of a meeting"),
        "audit": lazy_pgettext("fact", "Activity log"),
        "certificates": lazy_pgettext("fact", "Certificates"),
        "titles": lazy_pgettext("fact", "Job titles"),
        "themes": lazy_pgettext("fact", "Thematic areas"),
        "competencies": lazy_pgettext("fact", "Competencies"),
        "course_sessions": lazy_pgettext("fact", "Course sessions"),
        "courses": lazy_pgettext("fact", "Courses"),
        "enrolments": lazy_pgettext("fact", "Enrolments"),
        "field_studies": lazy_pgettext("fact", "Field studies"),
        "findings": lazy_pgettext("fact", "Findings"),
        "figures": lazy_pgettext("fact", "Figures"),
        "strategies": lazy_pgettext("fact", "Visibility strategies"),
        "activities": lazy_pgettext("fact", "Visibility activities"),
        "visibility_events": lazy_pgettext("fact", "Events and their visibility checklists"),
        "measures": lazy_pgettext("fact", "Sustainability measures"),
        "capacities": lazy_pgettext("fact", "What municipalities can go on with"),
        "messages": lazy_pgettext("fact", "Mail"),
        "needs": lazy_pgettext("fact", "Gaps"),
        "needs_report": lazy_pgettext("fact", "Report of a needs analysis"),
        "needs_people": lazy_pgettext("fact", "People with a gap"),
        "organisations": lazy_pgettext("fact", "Institutions"),
        "people": lazy_pgettext("fact", "People"),
        "pilot_users": lazy_pgettext("fact", "Users of pilot projects"),
        "pilots": lazy_pgettext("fact", "Pilot projects"),
        "plan": lazy_pgettext("fact", "Training plan"),
        "plan_version": lazy_pgettext("fact", "Version of a training plan"),
        "programme": lazy_pgettext("fact", "Programme"),
        "programme_document": lazy_pgettext("fact", "Document of the programme"),
        "programme_documents": lazy_pgettext("fact", "Documents of the programme"),
        "provinces": lazy_pgettext("fact", "Provinces"),
        "ratings_errors": lazy_pgettext("fact", "Errors of a ratings import"),
        "replies": lazy_pgettext("fact", "Answers to invitations"),
        "questionnaires": lazy_pgettext("fact", "Questionnaires on paper"),
        "ratings_template": lazy_pgettext("fact", "Ratings to fill in"),
        "round_drawn": lazy_pgettext("fact", "People a needs analysis asks"),
        "round_waiting": lazy_pgettext("fact", "People who have not finished a questionnaire"),
        "slips": lazy_pgettext("fact", "Information slips"),
        "staff_errors": lazy_pgettext("fact", "Errors of a staff import"),
        "thread": lazy_pgettext("fact", "The thread"),
        "trainer_hours": lazy_pgettext("fact", "Hours of a trainer"),
        "trainers": lazy_pgettext("fact", "Trainers"),
        "users": lazy_pgettext("fact", "Users"),
        "venues": lazy_pgettext("fact", "Venues"),
    }
    what: str
    format: str
    rows: int
