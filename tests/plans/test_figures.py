"""What the needs say for a course is kept between two readings, and is what counting from nothing would find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.access.models import Organisation, User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.catalogue.models import Competency, Course, CourseTitle
from app.catalogue.services import CourseDetails, change_course
from app.core.clock import today
from app.core.db import db, set_writing
from app.needs.models import AssessmentRound, RatingsImport, RoundStatus
from app.needs.ratings import queries as ratings
from app.needs.ratings import rules
from app.needs.ratings.services import commit_ratings
from app.needs.services import recompute_needs
from app.people.merging.services import merge
from app.people.models import Employee, Title
from app.people.organisations.services import OrganisationDetails, change_organisation
from app.plans.figures import queries
from app.reference.models import KINDS
from app.reference.services import merge as make_one
from app.retention.services import destroy_old
from tests import databases, factories
from tests.cast import Cast
from tests.needs.stage import CASE_MANAGEMENT, CORRESPONDENCE, NIZIP, PLAIN_LANGUAGE, SAHINBEY, rate
from tests.plans.stage import BOTH, ONE, needs

SPECIALIST, MANAGER = 1, 2
Figures = dict[int, tuple[Any, ...]]


def read(province: int | None, organisation: int | None = None) -> Figures:
    """Who is eligible for each course, and their gap points."""
    selection = queries.selected(EVERYWHERE, province, organisation, round_id=1)
    assert selection is not None
    return {one.course.id: (one.eligible, one.gap_points) for one in queries.proposals(selection)}


def kept(*group: int | None, number: int = 1) -> Figures:
    """The same, once so many groups are kept."""
    found: Figures = databases.until_kept(
        lambda: read(*group), lambda _: len(queries._memory.get(db.engine.pool, {})) == number
    )
    return found


def staff(organisation_id: int) -> list[Employee]:
    """Those that were asked there."""
    rated = EVERYWHERE.select(Employee).where(Employee.given_name == "Örnek")
    rows = db.session.scalars(rated.where(Employee.organisation_id == organisation_id).order_by(Employee.id))
    return list(rows)


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """Six people of Nizip and six of Şahinbey, in a round that is open. The second course is for managers alone, who
    were not asked. Neither the rows of that nor these people's needs are the last of their tables.
    """
    needs()
    found = db.session.get_one(AssessmentRound, 1)
    found.status = RoundStatus.OPEN
    there = [factories.employee("Örnek", f"Ş{number}", f"Ş-{number}", SAHINBEY).id for number in range(6)]
    for person in there:
        rate(person, CASE_MANAGEMENT, (5, 2, 5, 1))
    recompute_needs(found, there)
    factories.assessment_round(id=2, status=RoundStatus.PUBLISHED)
    rate(there[0], CASE_MANAGEMENT, (5, 2, 5, 1), 2)
    recompute_needs(db.session.get_one(AssessmentRound, 2), there[:1])
    third = factories.course("SH-03", competency_ids=(PLAIN_LANGUAGE,))
    for course_id in (ONE, third.id):
        db.session.add(CourseTitle(course_id=course_id, title_id=MANAGER))
        db.session.flush()
    db.session.commit()
    return cast


# --- what changes them --------------------------------------------------------------------------------------


def _imported(cast: Cast) -> None:
    by = caller_of(EVERYWHERE.get(User, cast.users["admin"]))
    rows = [{"row": 3, "employee": staff(SAHINBEY)[0].id, "competency": CASE_MANAGEMENT, "ratings": [5, 4, 5, 4]}]
    values: dict[str, Any] = {"organisation_id": SAHINBEY, "filename": "a.xlsx", "sha256": "0", "errors": []}
    made = RatingsImport(**values, round=db.session.get_one(AssessmentRound, 1), rows=rows, created_by=by.id)
    db.session.add(made)
    db.session.flush()
    commit_ratings(made, state=rules.state_of(ratings.stored(made), list(rules.wanted(made))), by=by)


def _one_person(_: Cast) -> None:
    """Her other record was asked in another institution: together they are one less."""
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.PUBLISHED
    merge(staff(NIZIP)[0], staff(SAHINBEY)[0], by=SYSTEM)


def _change(course_id: int, **values: Any) -> None:
    course = db.session.get_one(Course, course_id)
    names = {name for name in CourseDetails.__dataclass_fields__ if hasattr(course, name)}
    known = CourseDetails(**{name: getattr(course, name) for name in names})
    change_course(course, replace(known, **values), by=SYSTEM)


def _for_everybody(_: Cast) -> None:
    _change(ONE, competency_ids=(CASE_MANAGEMENT,))


def _builds_less(_: Cast) -> None:
    _change(BOTH, competency_ids=(PLAIN_LANGUAGE,))


def _one_competency(_: Cast) -> None:
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.PUBLISHED
    kept, merged = (db.session.get_one(Competency, key) for key in (CASE_MANAGEMENT, CORRESPONDENCE))
    make_one(KINDS["competencies"], kept, merged, by=SYSTEM)


def _one_title(_: Cast) -> None:
    """Specialists are what managers are called now, for whom the second course is."""
    make_one(KINDS["titles"], db.session.get_one(Title, MANAGER), db.session.get_one(Title, SPECIALIST), by=SYSTEM)


def _forgotten(_: Cast) -> None:
    found = db.session.get_one(AssessmentRound, 1)
    found.status, found.ends_on = RoundStatus.PUBLISHED, today() - timedelta(days=731)
    db.session.commit()
    db.session.remove()
    set_writing(True)
    destroy_old()


def _elsewhere(_: Cast) -> None:
    """Şahinbey lies in Erzurum."""
    found = db.session.get_one(Organisation, SAHINBEY)
    details = OrganisationDetails(found.name_tr, found.name_en, found.short_name, found.kind, 2)
    change_organisation(found, details, by=SYSTEM)


CHANGES = (_imported, _one_person, _for_everybody, _builds_less, _one_competency, _one_title, _forgotten, _elsewhere)


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_them_is_seen_at_once(asked: Cast, change: Callable[[Cast], None]) -> None:
    before = kept(1)
    assert before[BOTH][0] == 12 and before[ONE] == (0, 0)
    change(asked)
    db.session.commit()
    found = read(1)
    assert found != before
    queries._memory.clear()
    assert found == read(1), "as a process finds it that remembers nothing"


def test_they_are_kept_for_each_group_by_itself(asked: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = ((None, None), (1, None), (2, None), (None, NIZIP), (None, SAHINBEY))
    first = [kept(*group, number=number) for number, group in enumerate(groups, 1)]
    assert [found[BOTH][0] for found in first] == [12, 12, 0, 6, 6]
    monkeypatch.setattr(queries, "_counted", lambda *_: pytest.fail("counted again"))
    assert [read(*group) for group in groups] == first
