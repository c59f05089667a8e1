"""What is over stays as it was: whoever moves on, and whatever is called otherwise, changes the future only."""

from __future__ import annotations

from itertools import product

import pytest
import sqlalchemy as sa

from app.access.models import Grant, Organisation, OrganisationKind, User
from app.access.permissions import Permission, Role
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.certificates.issuing import queries as issuing
from app.certificates.issuing import services as issuing_services
from app.certificates.models import Certificate
from app.core.db import db
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations import queries as nominations
from app.enrolment.notices import untold
from app.enrolment.services import freeze
from app.oversight.figures.services import recount
from app.people.models import Employee, TitleLevel, Unit
from app.people.organisations.services import OrganisationDetails, change_organisation, change_unit
from app.training.models import SessionStatus
from tests import factories
from tests.cast import By
from tests.certificates.stage import Given, arrange, issued, session_of
from tests.conftest import Browser, Stage
from tests.factories import user
from tests.page import Page

OF_THE_SESSION = (
    "enrolments",
    "enrolments?sort=organisation",
    "enrolments?format=csv",
    "attendance",
    "attendance/{elif}",
    "sheet.pdf",
    "checklist",
    "certificates",
)
ELSEWHERE = (
    "/enrolments/{elif}",
    "/enrolments/{isik}",
    "/certificates?format=csv",
    "/certificates?organisation=1&format=csv",
    "/reports",
    "/reports?format=csv",
    "/reports?province=1&format=csv",
    "/reports?province=2&format=csv",
)


@pytest.fixture
def given(stage: Stage) -> Given:
    """A finalised session in Gaziantep with a signature sheet; Elif's certificate is issued, Işık's is still due."""
    made = arrange(stage.cast)
    for key in made.enrolments.values():
        enrolment = EVERYWHERE.get(Enrolment, key)
        freeze(enrolment, enrolment.employee_id)
    factories.audience(made.session, organisation_id=1)
    factories.title("Şef", name_en="Chief", level=TitleLevel.MIDDLE)
    recount()
    db.session.commit()
    issued(made, "elif")
    return made


def told(browser: Browser, given: Given) -> dict[str, str | bytes]:
    """All that is told of the session to whoever runs it, and in the figures."""
    paths = [f"/sessions/{given.session}/{path}" for path in OF_THE_SESSION] + list(ELSEWHERE)
    found: dict[str, str | bytes] = {}
    for language, path in product(("tr", "en"), paths):
        address = path.format(**given.enrolments)
        browser.get(f"/?lang={language}")
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        told = Page(answer.text).text if answer.mimetype == "text/html" else answer.get_data()
        found[f"{language} {address}"] = told
    return found


def everything_changes(stage: Stage) -> None:
    """Elif goes to Erzurum, Işık gets another title; Nizip is another kind of institution, in another province; it and
    its unit are called otherwise.
    """
    elif_, isik = stage.cast.employees["elif"], stage.cast.employees["isik"]
    place = {"unit_id": "3", "title_id": "1", "employment_type": "contract", "registry_no": "Y-900", "email": ""}
    version = str(EVERYWHERE.get(Employee, elif_).version)
    moved = stage.admin.post(f"/people/{elif_}/transfer?organisation=3", data=place | {"version": version})
    assert moved.status_code == 303
    db.session.expire_all()
    EVERYWHERE.get(Employee, isik).title_id = 2
    details = OrganisationDetails("Zeytinli Belediyesi", "Zeytinli", "Zeytinli", OrganisationKind.METROPOLITAN, 2)
    change_organisation(db.session.get_one(Organisation, 1), details, by=By())
    change_unit(db.session.get_one(Unit, 1), name_tr="Başka Müdürlük", name_en="Other unit", head=None, by=By())
    db.session.commit()


def test_lists_sheets_and_figures_of_a_finished_training_stay(stage: Stage, given: Given) -> None:
    before = told(stage.admin, given)
    everything_changes(stage)
    after = told(stage.admin, given)
    for path, was in before.items():
        assert after[path] == was, path
    assert "Nizip Belediyesi" in str(after[f"tr /sessions/{given.session}/enrolments"])


def test_a_later_certificate_names_the_institution_of_then(stage: Stage, given: Given) -> None:
    everything_changes(stage)
    course_session = session_of(given)
    for name in ("isik", "elif"):
        outcome = issuing.outcomes_to_certify(course_session, [given.enrolments[name]])[0]
        held = db.session.scalar(
            EVERYWHERE.select(Certificate).where(Certificate.enrolment_id == given.enrolments[name])
        )
        made = issuing_services.issue(course_session, outcome, by=By()) if held is None else held
        assert made.snapshot["organisation_tr"] == "Nizip Belediyesi"
    assert stage.admin.page(f"/certificates/{made.id}/reissue").text.count("Nizip Belediyesi") <= 1, "no difference"


def test_the_old_institution_sees_the_participation_the_new_one_the_person(stage: Stage, given: Given) -> None:
    elif_, enrolment = stage.cast.employees["elif"], given.enrolments["elif"]
    certificate = db.session.scalars(
        EVERYWHERE.restrict(sa.select(Certificate.id), Certificate).where(Certificate.enrolment_id == enrolment)
    ).one()
    papers = (f"/enrolments/{enrolment}", f"/certificates/{certificate}", f"/certificates/{certificate}.pdf")
    everything_changes(stage)
    for path in papers:
        assert stage.focal_point.get(path).status_code == 200, path
        assert stage.focal_point_elsewhere.get(path).status_code == 200, path
    page = stage.focal_point.page(papers[0]).text
    assert "Nizip Belediyesi" in page
    assert "Yakutiye" not in page
    assert "Elif" in stage.focal_point.page(f"/sessions/{given.session}/enrolments").text
    listed = stage.focal_point.get(f"/sessions/{given.session}/enrolments?format=csv").text
    assert "N-001" in listed
    assert "Y-900" not in listed
    assert stage.focal_point.get(f"/people/{elif_}").status_code == 404
    assert stage.focal_point_elsewhere.get(f"/people/{elif_}").status_code == 200


@pytest.mark.parametrize("verb", ["withdraw", "support", "reject"])
def test_the_old_institution_only_looks(stage: Stage, given: Given, verb: str) -> None:
    """Also where the person went along with a seat in a training that has begun."""
    everything_changes(stage)
    assert stage.focal_point.post(f"/enrolments/{given.enrolments['elif']}/{verb}").status_code == 404


def test_how_to_reach_somebody_is_no_business_of_the_old_institution(stage: Stage, given: Given) -> None:
    """Nor what they ask for anew: an application that waits is their new institution's."""
    elif_ = EVERYWHERE.get(Enrolment, given.enrolments["elif"])
    EVERYWHERE.get(User, stage.cast.users["staff"]).active = False
    everything_changes(stage)
    session = session_of(given)
    here, there = (
        caller_of(EVERYWHERE.get(User, stage.cast.users[name])).scope_for(Permission.ENROLMENT_NOMINATE)
        for name in ("focal_point", "focal_point_elsewhere")
    )
    assert [len(untold.without_address(scope, session)) for scope in (here, there)] == [0, 1]
    elif_.status = EnrolmentStatus.APPLIED
    session.status, session.starts_on, session.ends_on = SessionStatus.OPEN, None, None
    db.session.commit()
    assert [len(nominations.awaiting(scope, EnrolmentStatus.APPLIED)) for scope in (here, there)] == [0, 1]


def test_an_institution_nobody_took_part_from_sees_nothing(stage: Stage, given: Given) -> None:
    everything_changes(stage)
    other = user("ik.sahinbey", "Can", "Ak", Grant(role=Role.FOCAL_POINT, organisation_id=2)).id
    db.session.commit()
    stage.cast.users["focal_point_beside"] = other
    assert stage.focal_point_beside.get(f"/enrolments/{given.enrolments['elif']}").status_code == 404


def test_a_guess_is_told_to_whoever_runs_the_session(stage: Stage, given: Given) -> None:
    path, word = f"/enrolments/{given.enrolments['elif']}", "Sonradan"
    assert word not in stage.coordinator.page(path).text
    EVERYWHERE.get(Enrolment, given.enrolments["elif"]).place_guessed = True
    db.session.commit()
    assert word in stage.coordinator.page(path).text
    assert word not in stage.focal_point.page(path).text
