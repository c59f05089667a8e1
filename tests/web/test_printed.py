"""What papers print is checked where it is typed."""

from __future__ import annotations

from flask import Flask

from app.web.forms import Form


def _forms(of: type[Form] = Form) -> set[type[Form]]:
    return {of}.union(*(_forms(form) for form in of.__subclasses__()))


def test_each_form_of_what_certificates_print_says_so(app: Flask) -> None:
    """Names of people, trainers, signatories, institutions, courses, places, and the programme's own texts."""
    printing = {form.__name__: form for form in _forms() if form.printed}
    assert set(printing) == {
        *("EmployeeForm", "TrainerForm", "SignatoryForm", "OrganisationForm", "CourseForm", "VenueForm", "RoomForm"),
        *("NamesForm", "MemberForm"),
    }
    for name, form in printing.items():
        assert all(hasattr(form, field) for field in form.printed), name
