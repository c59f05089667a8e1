"""What pages of lower rooms show of certificates."""

from __future__ import annotations

from typing import Any

from app.access.scope import EVERYWHERE
from tests.certificates.stage import Given, issued, person, session_of
from tests.conftest import Stage


def test_other_pages_are_told_of_certificates(stage: Stage, given: Given) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.certificates.issuing import pages as issuing
    from app.certificates.register import pages as register
    from app.certificates.reopening import pages as reopening
    from app.core import slots

    made = issued(given, "elif")

    def caller(name: str) -> Any:
        return caller_of(EVERYWHERE.get(User, stage.cast.users[name]))

    coordinator, elsewhere = caller("coordinator"), caller("coordinator_elsewhere")
    with stage.app.test_request_context("/"):
        hits = register.hits(coordinator, "agaoglu")
        assert hits is not None
        assert [hit.url for hit in hits.hits] == [f"/certificates/{made.id}"]
        assert register.hits(elsewhere, "agaoglu") is None
        assert register.hits(caller("trainer"), "agaoglu") is None
        assert [(t.url, t.label) for t in issuing.tasks(coordinator, None)] == [
            (f"/sessions/{given.session}/certificates", "1 belge verilmeyi bekliyor")
        ]
        section = register.person_section(caller("focal_point"), person(stage.cast, "elif"))
        assert section is not None
        assert [row.id for row in section.content] == [made.id]
        item = register.nav(coordinator, None)
        assert item is not None
        assert item.place
        assert register.nav(caller("trainer"), None) is not None
        assert register.nav(caller("viewer"), None) is None
        assert issuing.tab(coordinator, session_of(given)) is not None
        assert issuing.tab(elsewhere, session_of(given)) is None
        assert reopening.move(caller("admin"), session_of(given)) is not None
        assert reopening.move(coordinator, session_of(given)) is None
    for slot, provider in (
        ("nav", register.nav),
        ("course_session.tabs", issuing.tab),
        ("course_session.moves", reopening.move),
        ("person.sections", register.person_section),
        ("search.results", register.hits),
        ("home.tasks", issuing.tasks),
    ):
        assert provider in slots.PROVIDERS.here[slot], slot
