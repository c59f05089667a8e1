"""Proves that somebody took part: certificates and letters of thanks, whether they stand, and when they end.

Bottom to top:

* issuing: who of a finalised session is due which document; issued to one, or to all in the background
* printing: all certificates of a session in one file to print, or each in an archive
* verification: the public door, where a code or a file is asked about
* register: the list of certificates, one certificate, its file; revoking and replacing it
* reopening: a finalised session opened again, once no valid certificate rests on it
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = ("issuing", "printing", "verification", "register", "reopening", "corrections")


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.certificates import merging, pages
    from app.core import slots
    from app.enrolment.events import EnrolmentsMerged
    from app.people.events import EmployeesMerged

    for part in PARTS:
        import_module(f"app.certificates.{part}").init_app(app)
    slots.add(app, "people.tallies", pages.tallies)
    slots.add(app, "privacy.data", pages.own_data)
    journal.on(app, EnrolmentsMerged, merging.follow)
    journal.on(app, EmployeesMerged, merging.guard)
