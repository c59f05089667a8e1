"""People and participations: counted by the database, and what of it a viewer may see.

Participations of finalised sessions are kept as they count; whatever changes one has its persons' made anew.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.catalogue.events import CourseChanged
    from app.certificates.events import CertificateIssued, CertificateRevoked, CertificateSuperseded
    from app.language import lazy_gettext
    from app.oversight.figures import services
    from app.oversight.figures.models import Participation
    from app.people.events import EmployeeChanged, EmployeesMerged, StaffImported, StaffImportUndone
    from app.people.imports import undoing
    from app.reference.events import ThemesMerged
    from app.training.events import SessionMoved

    undoing.POINTERS.on(app)[str(Participation.employee_id)] = lazy_gettext("took part in a training")
    journal.on(app, SessionMoved, services.session_moved)
    journal.on(app, CertificateIssued, services.certificate_changed)
    journal.on(app, CertificateRevoked, services.certificate_changed)
    journal.on(app, CertificateSuperseded, services.certificate_changed)
    journal.on(app, EmployeesMerged, services.employees_merged)
    journal.on(app, EmployeeChanged, services.employee_changed)
    journal.on(app, StaffImported, services.staff_imported)
    journal.on(app, StaffImportUndone, services.staff_imported)
    journal.on(app, CourseChanged, services.course_changed)
    journal.on(app, ThemesMerged, services.themes_merged)
