"""What the public may be told of a holder’s name."""

from __future__ import annotations

import pytest

from app.certificates.verification.rules import mask, same_name


def test_a_masked_name_keeps_its_first_letters() -> None:
    assert mask("Ayşe YILMAZ") == "A*** Y*****"
    assert mask("  İ  ") == "İ"
    assert mask("") == ""


@pytest.mark.parametrize("typed", ["Işıl İĞNECİ", "isil igneci", "IŞIL iğneci"])
def test_a_name_is_the_same_in_any_case_and_without_turkish_letters(typed: str) -> None:
    assert same_name("Işıl İĞNECİ", typed)


@pytest.mark.parametrize("typed", ["", "  ", "Işıl", "Işıl İğnecigil"])
def test_part_of_a_name_or_none_is_not_the_same(typed: str) -> None:
    assert not same_name("Işıl İĞNECİ", typed)
