"""Figures, the audit log, search: reads everybody, read by nobody."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.catalogue.events import CourseChanged
    from app.certificates.events import CertificateIssued, CertificateRevoked, CertificateSuperseded
    from app.core import slots
    from app.lists import known
    from app.oversight import pages, services, views
    from app.people.events import EmployeeChanged, EmployeesMerged
    from app.training.events import SessionMoved

    app.register_blueprint(views.bp)
    known.add(app, views.LOG)
    slots.add(app, "nav", pages.nav)
    journal.on(app, SessionMoved, services.session_moved)
    journal.on(app, CertificateIssued, services.certificate_changed)
    journal.on(app, CertificateRevoked, services.certificate_changed)
    journal.on(app, CertificateSuperseded, services.certificate_changed)
    journal.on(app, EmployeesMerged, services.employees_merged)
    journal.on(app, EmployeeChanged, services.employee_changed)
    journal.on(app, CourseChanged, services.course_changed)
