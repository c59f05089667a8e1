"""What holds of all certificates, without a database."""

from __future__ import annotations

from datetime import date, time

from app.certificates import rules
from app.settings.models import Signatory
from app.training.models import Sitting, SittingState

SIGNATORY = Signatory(name="Yavuz Aytaç", title_tr="Program yöneticisi", title_en="Programme manager")


def sitting(day: int, state: SittingState) -> Sitting:
    return Sitting(date=date(2026, 3, day), starts=time(9), ends=time(10, 30), minutes=90, state=state)


def test_a_sitting_counts_unless_it_was_not_held() -> None:
    states = (SittingState.SHORTENED, SittingState.HELD, SittingState.NOT_HELD)
    found = rules.held([sitting(9 + n, state) for n, state in enumerate(states)])
    assert [each.state for each in found] == [SittingState.SHORTENED, SittingState.HELD]


def test_nothing_is_certified_without_a_sitting_or_without_a_signatory() -> None:
    held = rules.held([sitting(9, SittingState.HELD)])
    assert rules.obstacle(held, [SIGNATORY]) is None
    obstacles = [rules.obstacle((), [SIGNATORY]), rules.obstacle(held, [])]
    assert all(obstacles)
    assert rules.obstacle((), []) == obstacles[0], "without sittings it does not matter who signs"


def test_a_number_has_four_digits_and_grows_beyond() -> None:
    assert rules.number(2026, "ERZ", 123) == "2026/ERZ/0123"
    assert rules.number(2026, "PRG", 10000) == "2026/PRG/10000"


def test_a_file_is_known_by_its_bytes() -> None:
    assert rules.digest(b"belge") == rules.digest(b"belge") != rules.digest(b"belge!")
    assert len(rules.digest(b"")) == 64
