"""Lists of certificates are read from indexes: a certificate is long, and there may be a hundred thousand."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates import queries as certificates
from app.certificates.issuing import services as issuing
from app.certificates.register import queries, services
from app.core.db import db
from tests.certificates.stage import Given, issued, session_of
from tests.conftest import Stage
from tests.counting import statements


def plans(stage: Stage, who: str, path: str) -> dict[str, list[str]]:
    """How SQLite answers each question this page asks of all certificates."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM certificates" in statement and "snapshot" not in statement:
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    assert getattr(stage, who).get(path).status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        found = {
            statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in asked
        }
    assert found
    return found


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point", "staff"])
@pytest.mark.parametrize(
    "query",
    ["", "?kind=success", "?status=valid", "?year=2026", "?province=1", "?course=1", "?status=valid&kind=thanks"],
)
def test_no_list_steps_through_the_certificates_themselves(stage: Stage, given: Given, who: str, query: str) -> None:
    issued(given, "elif")
    for statement, steps in plans(stage, who, f"/certificates{query}").items():
        for step in steps:
            assert not step.startswith("SCAN certificates") or "COVERING INDEX" in step, (step, statement)


def test_what_is_somebodys_own_is_looked_up_not_searched_for(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    for statement, steps in plans(stage, "staff", "/certificates").items():
        assert not [step for step in steps if step.startswith("SCAN")], (steps, statement)


def test_a_coordinators_list_is_read_in_its_order(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    for statement, steps in plans(stage, "coordinator", "/certificates").items():
        assert not [step for step in steps if "TEMP B-TREE" in step or "MULTI-INDEX" in step], (steps, statement)


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
