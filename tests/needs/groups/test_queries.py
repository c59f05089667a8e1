"""The programme's figures, from the ratings in the database to what may be shown of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, NOTHING, Scope
from app.audit.journal import SYSTEM
from app.core.db import db
from app.core.paging import ListQuery
from app.needs import queries, services
from app.needs.groups.models import ROOT, Figures
from app.needs.groups.queries import _memory as kept_figures
from app.needs.groups.queries import figures, figures_of, select_group
from app.needs.models import AssessmentRound, RoundStatus
from app.people.models import TitleLevel
from app.people.organisations.services import OrganisationDetails, change_organisation
from app.refdata import load
from tests import databases
from tests.cast import Cast
from tests.needs.stage import (
    CASE_MANAGEMENT,
    NIZIP,
    SAHINBEY,
    SLUGS,
    YAKUTIYE,
    Four,
    people,
    rate,
    scenery,
    worked_example,
)

HIGH: Four = (5, 2, 5, 2)
LOW: Four = (3, 3, 3, 2)


@pytest.fixture
def stage_set(cast: Cast) -> Cast:
    scenery()
    return cast


def the_round() -> AssessmentRound:
    return queries.rounds()[0]


def compute(*employee_ids: int) -> None:
    services.recompute_needs(the_round(), employee_ids)
    db.session.commit()


def rated(count: int, organisation_id: int, prefix: str, four: Four = HIGH, **values: object) -> list[int]:
    ids = people(count, organisation_id, prefix, **values)
    for key in ids:
        rate(key, CASE_MANAGEMENT, four)
    compute(*ids)
    return ids


@pytest.mark.parametrize("slug", list(load("tna_worked_example")["expected"]))
def test_the_worked_example_through_the_database(stage_set: Cast, slug: str) -> None:
    compute(*worked_example().values())
    expected = load("tna_worked_example")["expected"][slug]
    shown = figures(EVERYWHERE, 1).shown(SLUGS[slug], ROOT)
    assert shown is not None
    assert (shown.n, shown.needs) == (expected["n"], len(expected["need"]))
    assert shown.gap_points == expected["gap_points"]
    assert shown.single_source == 1
    assert shown.mean_importance is not None
    assert round(float(shown.mean_importance), 4) == expected["I_mean"]
    assert shown.mean_level is not None
    assert round(float(shown.mean_level), 4) == expected["C_mean"]
    assert shown.mwds is not None
    assert round(float(shown.mwds), 4) == expected["MWDS"]
    assert shown.priority is not None
    assert round(float(shown.priority), 2) == expected["P"]
    assert shown.need_rate is not None
    assert round(float(shown.need_rate), 4) == expected["need_rate"]


def test_an_alpha_of_thirds_adds_up_without_rounding_on_the_way(stage_set: Cast) -> None:
    the_round().alpha = Decimal("0.7")
    ids = rated(7, NIZIP, "A", (5, 1, 4, 2))
    shown = figures(EVERYWHERE, 1).shown(CASE_MANAGEMENT, ROOT)
    assert shown is not None
    assert shown.mean_importance == Fraction(47, 10)
    assert shown.mean_level == Fraction(13, 10)
    assert shown.gap_points == len(ids) * Fraction(34, 10)


def test_totals_come_from_people_not_from_averages_of_groups(stage_set: Cast) -> None:
    rated(20, NIZIP, "A", HIGH)
    rated(5, SAHINBEY, "B", LOW)
    shown = figures(EVERYWHERE, 1).shown(CASE_MANAGEMENT, ROOT)
    assert shown is not None
    assert shown.mean_gap == Fraction(20 * 6 + 5 * 1, 50)


def test_weights_of_a_sample_move_the_means_and_nothing_else(stage_set: Cast) -> None:
    ids = rated(5, NIZIP, "A", HIGH)
    rated(5, SAHINBEY, "B", LOW)
    for need in queries.needs(1, ids):
        need.weight = Decimal(3)
    services.recompute_sums([NIZIP])
    db.session.commit()
    shown = figures(EVERYWHERE, 1).shown(CASE_MANAGEMENT, ROOT)
    assert shown is not None
    assert (shown.n, shown.needs) == (10, 5)
    assert shown.mean_gap == Fraction(3 * 5 * 3 * 2 + 5, 2 * (3 * 5 + 5))


def test_fewer_than_five_stay_hidden(stage_set: Cast) -> None:
    rated(4, NIZIP, "A")
    found = figures(EVERYWHERE, 1)
    assert found.shown(CASE_MANAGEMENT, ROOT) is None
    assert found.hidden(CASE_MANAGEMENT, ROOT)
    rated(1, NIZIP, "B")
    assert figures(EVERYWHERE, 1).shown(CASE_MANAGEMENT, ROOT) is not None


def test_a_small_group_takes_its_neighbour_with_it(stage_set: Cast) -> None:
    """Programme minus Gaziantep would be the four of Erzurum."""
    rated(9, NIZIP, "A")
    rated(4, YAKUTIYE, "Y")
    found = figures(EVERYWHERE, 1)
    assert found.shown(CASE_MANAGEMENT, ROOT) is not None
    assert found.shown(CASE_MANAGEMENT, (1,)) is None
    assert found.shown(CASE_MANAGEMENT, (2,)) is None


def test_what_lies_below_a_hidden_group_is_hidden(stage_set: Cast) -> None:
    """Gaziantep is hidden beside Erzurum's four; its institutions would add up to it."""
    rated(9, NIZIP, "A")
    rated(8, SAHINBEY, "B")
    rated(4, YAKUTIYE, "Y")
    found = figures(EVERYWHERE, 1, province_id=1)
    assert found.shown(CASE_MANAGEMENT, (1, NIZIP)) is None
    assert found.shown(CASE_MANAGEMENT, (1, SAHINBEY)) is None


def solvable(found: Figures, parent: tuple[int, ...], titles: bool) -> list[object]:
    """Every group of 1 to 4 people, or single group, that a subtraction along one line gives away."""
    leaks: list[object] = []
    children = found.children(parent)
    lines: list[tuple[object, list[tuple[tuple[int, ...], TitleLevel | None]]]] = [
        ((parent, None), [(child, None) for child in children])
    ]
    if titles:
        lines.append(((ROOT, None), [(ROOT, level) for level in TitleLevel]))
    for total, parts in lines:
        if found.shown(CASE_MANAGEMENT, *total) is None:  # type: ignore[misc]  # a pair of node and title
            continue
        missing = [part for part in parts if found.hidden(CASE_MANAGEMENT, *part)]
        left = sum(found.n(CASE_MANAGEMENT, *part) for part in missing)
        if missing and (len(missing) == 1 or left < 5):
            leaks.append((total, missing))
    return leaks


def test_no_subtraction_gives_a_group_away(stage_set: Cast) -> None:
    for number, (organisation_id, unit_id, title_id, count) in enumerate(
        [
            (NIZIP, 1, 1, 6),
            (NIZIP, 11, 1, 3),
            (NIZIP, 1, 2, 2),
            (SAHINBEY, 2, 1, 12),
            (SAHINBEY, 12, 1, 5),
            (SAHINBEY, 12, 2, 7),
            (YAKUTIYE, 3, 1, 20),
            (YAKUTIYE, 13, 2, 6),
        ]
    ):
        rated(count, organisation_id, f"G{number}", unit_id=unit_id, title_id=title_id)
    for titles in (False, True):
        for organisation_id in (NIZIP, SAHINBEY):
            found = figures(EVERYWHERE, 1, province_id=1, organisation_id=organisation_id, titles=titles)
            for parent in found.path:
                assert solvable(found, parent, titles) == [], (parent, titles)


def test_what_is_hidden_does_not_depend_on_where_one_looks(stage_set: Cast) -> None:
    rated(9, NIZIP, "A")
    rated(3, NIZIP, "C", unit_id=11)
    rated(8, SAHINBEY, "B", title_id=2)
    rated(6, YAKUTIYE, "Y")
    wide = figures(EVERYWHERE, 1, province_id=1, organisation_id=NIZIP, titles=True)
    for narrow in (figures(EVERYWHERE, 1), figures(EVERYWHERE, 1, province_id=1)):
        for node in [ROOT, *narrow.children(ROOT), *narrow.children((1,))]:
            assert narrow.hidden(CASE_MANAGEMENT, node) == wide.hidden(CASE_MANAGEMENT, node)


def test_a_scope_sees_its_own_people_only(stage_set: Cast) -> None:
    rated(9, NIZIP, "A")
    rated(6, SAHINBEY, "B")
    rated(7, YAKUTIYE, "Y")
    gaziantep = Scope(provinces=frozenset({1}), organisations=frozenset({NIZIP, SAHINBEY}))
    assert figures(EVERYWHERE, 1).n(CASE_MANAGEMENT, ROOT) == 22
    assert figures(gaziantep, 1).n(CASE_MANAGEMENT, ROOT) == 15
    assert figures(gaziantep, 1, province_id=2).n(CASE_MANAGEMENT, (2,)) == 0
    assert figures(NOTHING, 1).by_competency == {}


# --- what is kept -------------------------------------------------------------------------------------------


def answered(province: int = 1) -> int:
    """How many did in a province, as a page about it finds it."""
    selection = select_group(EVERYWHERE, ListQuery(filters={"province": str(province)}))
    assert selection is not None
    return figures_of(selection, parts=False).n(CASE_MANAGEMENT, (province,))


def test_of_a_published_round_they_are_kept_until_an_institution_lies_elsewhere(
    stage_set: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated(6, NIZIP, "N")
    rated(7, SAHINBEY, "Ş")
    the_round().status = RoundStatus.PUBLISHED
    db.session.commit()
    assert databases.until_kept(answered, lambda _: kept_figures.get(db.engine.pool)) == 13
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("app.needs.groups.queries.figures", lambda *_, **__: pytest.fail("counted again"))
        assert answered() == 13
    home = db.session.get_one(Organisation, SAHINBEY)
    details = OrganisationDetails(home.name_tr, home.name_en, home.short_name, home.kind, 2)
    change_organisation(home, details, by=SYSTEM)
    db.session.commit()
    assert (answered(), answered(2)) == (6, 7)


def test_of_a_round_that_goes_on_every_answer_is_seen(stage_set: Cast) -> None:
    """Its sums are made anew under the numbers they had."""
    rated(6, NIZIP, "N")
    assert answered() == 6
    rated(7, NIZIP, "M")
    assert answered() == 13
