"""Lists of certificates are read from indexes: a certificate is long, and there may be a hundred thousand."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE, Scope
from app.audit.journal import SYSTEM
from app.certificates import queries as certificates
from app.certificates.issuing import services as issuing
from app.certificates.models import Certificate
from app.certificates.register import queries, services
from app.core.db import db
from app.core.paging import ListQuery
from tests import factories
from tests.cast import Cast
from tests.certificates.stage import Given, issued, issued_to, session_of, took_part
from tests.conftest import Stage
from tests.counting import plans_of, statements


def list_plans(stage: Stage, who: str, query: str) -> dict[str, list[str]]:
    """How what the list asks of all certificates is answered."""
    found = plans_of(getattr(stage, who), f"/certificates{query}", "certificates")
    return {statement: steps for statement, steps in found.items() if "snapshot" not in statement}


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point", "staff"])
@pytest.mark.parametrize(
    "query",
    ["", "?kind=success", "?status=valid", "?year=2026", "?province=1", "?course=1", "?status=valid&kind=thanks"],
)
def test_no_list_steps_through_the_certificates_themselves(stage: Stage, given: Given, who: str, query: str) -> None:
    issued(given, "elif")
    for statement, steps in list_plans(stage, who, query).items():
        for step in steps:
            assert not step.startswith("SCAN certificates") or "COVERING INDEX" in step, (step, statement)


def test_what_is_somebodys_own_is_looked_up_not_searched_for(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    for statement, steps in list_plans(stage, "staff", "").items():
        assert not [step for step in steps if step.startswith("SCAN")], (steps, statement)


@pytest.mark.parametrize("query", ["", "?kind=success", "?year=2026", "?sort=number", "?sort=name&status=valid"])
def test_a_coordinators_list_is_read_in_its_order(stage: Stage, given: Given, query: str) -> None:
    """Each certificate by its keys: neither the staff nor their seats are gathered first."""
    issued(given, "elif")
    for statement, steps in list_plans(stage, "coordinator", query).items():
        assert "SCAN certificates USING COVERING INDEX" in steps[0] or "year" in query, (steps, statement)
        assert not [step for step in steps if "TEMP B-TREE" in step or "MULTI-INDEX" in step], (steps, statement)
        assert not [step for step in steps if "organisation_id=?" in step or "employee_id=?" in step], (
            steps,
            statement,
        )


def test_a_focal_points_list_is_brought_together_by_index(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    (steps,) = list_plans(stage, "focal_point", "").values()
    assert "SEARCH certificates USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert not [step for step in steps if step.startswith("SCAN")], steps


@pytest.mark.parametrize("who", ["coordinator", "focal_point"])
def test_the_list_and_its_length_are_one_question(stage: Stage, given: Given, who: str) -> None:
    issued(given, "elif")
    assert len(list_plans(stage, who, "")) == 1


@pytest.mark.parametrize(
    "asked", [{}, {"course": "1"}, {"kind": "attendance"}, {"course": "999"}, {"status": "revoked"}]
)
def test_of_another_province_whoever_they_see_is_found(cast: Cast, given: Given, asked: dict[str, str]) -> None:
    """Who was theirs then, who is theirs now, and their own letter: as each certificate asked by itself says."""
    sent, moved, stranger = [
        factories.employee("Kişi", str(at), f"X-{at}", at_work) for at, at_work in enumerate((1, 3, 3))
    ]
    for seat in [took_part(given.elsewhere, key) for key in (sent.id, moved.id, stranger.id)]:
        issued_to(given, seat, elsewhere=True)
    for one, now_at in ((sent, cast.yakutiye), (moved, cast.nizip)):
        one.organisation_id = one.unit_id = now_at
    letter = factories.certificate(given.elsewhere, 900, trainer_id=given.trainer)
    db.session.commit()
    scope = Scope(provinces=frozenset({1}), organisations=frozenset({1, 2}), own_trainer=cast.users["trainer"])
    query = ListQuery(sort="issued", filters={"province": "2", **asked})
    found = {row.id for row in queries.certificates(scope, query).page().rows}
    everybodys = {row.id for row in queries.certificates(EVERYWHERE, query).page().rows}
    assert found == everybodys & set(db.session.scalars(scope.restrict(sa.select(Certificate.id), Certificate)))
    assert asked or (len(found), letter.id in found, len(everybodys)) == (3, True, 4)


def test_of_another_province_no_certificate_is_asked_for_its_holder(stage: Stage, given: Given) -> None:
    issued(given, "zeynep")
    ((statement, steps),) = list_plans(stage, "coordinator", "?province=2").items()
    assert "CASE" not in statement
    assert not [step for step in steps if step.startswith(("CORRELATED", "SEARCH employees USING INTEGER"))], steps


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point"])
@pytest.mark.parametrize("typed", ["el", "elif"])
def test_a_search_reads_from_the_latest_on_until_it_has_enough(
    stage: Stage, given: Given, who: str, typed: str
) -> None:
    issued(given, "elif")
    ((statement, steps),) = plans_of(getattr(stage, who), f"/search?q={typed}", "certificates").items()
    chosen = steps[steps.index("SEARCH certificates USING INTEGER PRIMARY KEY (rowid=?)") + 1 :]
    assert "issued_on DESC" not in statement
    assert not [step for step in chosen if "TEMP B-TREE" in step or "organisation_id=?" in step], (steps, statement)


def test_a_persons_certificates_are_not_looked_for_among_all_of_an_institution(
    stage: Stage, cast: Cast, given: Given
) -> None:
    number = issued(given, "elif").number
    assert number in stage.focal_point.page(f"/people/{cast.employees['elif']}").text
    asked = plans_of(stage.focal_point, f"/people/{cast.employees['elif']}", "certificates")
    (steps,) = (steps for statement, steps in asked.items() if "snapshot" in statement)
    assert not [step for step in steps if "organisation_id=?" in step], steps


def test_a_certificate_alone_is_asked_whose_it_is(stage: Stage, given: Given) -> None:
    asked = plans_of(stage.focal_point, f"/certificates/{issued(given, 'elif').id}", "certificates")
    assert not [step for steps in asked.values() for step in steps if "organisation_id=?" in step], asked


def test_every_page_asks_eight_questions_at_most(stage: Stage, given: Given) -> None:
    first, other = issued(given, "elif"), issued(given, "isik")
    renewed = services.reissue(queries.certificate(EVERYWHERE, first.id), "Ad yanlış.", by=SYSTEM)
    issuing.issue_thanks(session_of(given), certificates.trainers_of(session_of(given))[0][0], by=SYSTEM)
    db.session.commit()
    one, code = f"/certificates/{other.id}", renewed.code
    pages = ["/certificates?status=valid&q=a", one, f"/certificates/{first.id}", f"/certificates/{renewed.id}"]
    pages += [f"{one}.pdf", f"{one}/revoke", f"{one}/reissue", f"/sessions/{given.session}/certificates"]
    pages += [f"/sessions/{given.session}/certificates.pdf", f"/d/{first.code}", f"/d/{code}", f"/d/{code}.json", "/d"]
    for path in pages:
        stage.coordinator.get(path)
        with statements() as asked:
            assert stage.coordinator.get(path).status_code == 200
        assert len(asked) <= 8, (path, len(asked), asked)
