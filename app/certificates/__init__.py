"""Proves that somebody took part: certificates and letters of thanks, whether they stand, and when they end.

Bottom to top:

* issuing: who of a finalised session is due which document; issued to one, or to all in the background
* printing: all certificates of a session in one file to print, or each in an archive
* verification: the public door, where a code or a file is asked about
* register: the list of certificates, one certificate, its file; revoking and replacing it
* reopening: a finalised session opened again, once no valid certificate rests on it
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.certificates import merging
    from app.certificates.issuing import pages as issuing
    from app.certificates.issuing import services as issue
    from app.certificates.issuing import views as issuing_views
    from app.certificates.issuing.rules import ISSUE
    from app.certificates.printing import services as printing
    from app.certificates.printing import views as printing_views
    from app.certificates.register import pages as register
    from app.certificates.register import views as register_views
    from app.certificates.reopening import pages as reopening
    from app.certificates.reopening import views as reopening_views
    from app.certificates.verification import views as verification_views
    from app.core import slots
    from app.enrolment.events import EnrolmentsMerged
    from app.jobs import kinds
    from app.people.events import EmployeesMerged

    for views in (issuing_views, printing_views, verification_views, register_views, reopening_views):
        app.register_blueprint(views.bp)
    slots.add(app, "nav", register.nav)
    slots.add(app, "person.sections", register.person_section)
    slots.add(app, "search.results", register.hits)
    slots.add(app, "course_session.tabs", issuing.tab)
    slots.add(app, "home.tasks", issuing.tasks)
    slots.add(app, "course_session.moves", reopening.move)
    journal.on(app, EnrolmentsMerged, merging.follow)
    journal.on(app, EmployeesMerged, merging.guard)
    kinds.register(app, kinds.Kind(ISSUE, issue.issue_chunk, issue.CHUNK, issue.finish_issue))
    kinds.register(app, kinds.Kind(printing.PRINT, printing.print_chunk, 100, printing.finish_print))
