"""Which passwords are taken."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.access.sign_in import secrets
from app.core.errors import Refused

WHOSE = ("Ayşe Gül", "Çelik", "koordinator.diyarbakir@yetkin.example")


@pytest.mark.parametrize(
    "password",
    [
        "kısa parola",
        "ş" * 129,
        "password1234",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaa",
        "BELEDİYE2026!",
        "diyarbakır1234567",
        "Ayşe Çelik 123456",
        "ayşegülçelik!!",
        "gülçelik1234567",
        "Koordinator.2026",
        "yetkin-parola",
        "yetkin-demo-1",
        "Şanlıurfa Gaziantep",
        "eğitimeğitimeğitim",
    ],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Refused):
        secrets.check_password(password, *WHOSE)


@pytest.mark.parametrize(
    "password",
    ["turna bulut kitap", "kırmızı-zeytin-42-köprü", "xK7#pq2Lm9&vR4", "  deniz feneri  ", "ş" * 5 + "kapı eşik avlu"],
)
def test_several_words_make_a_good_one(password: str) -> None:
    secrets.check_password(password, *WHOSE)


def test_the_hash_is_as_strong_as_it_should_be_and_renewed_where_it_is_not() -> None:
    stored = secrets.hash_password("turna bulut kitap")
    found = extract_parameters(stored)
    assert found.type.name == "ID"
    assert found.memory_cost >= 19 * 1024 and found.time_cost >= 2 and found.parallelism == 1
    assert not secrets.wants_rehash(stored)
    weaker = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("turna bulut kitap")
    assert secrets.wants_rehash(weaker)
    assert secrets.password_fits(weaker, "turna bulut kitap")
    assert not secrets.password_fits(None, "turna bulut kitap")


def test_three_thousand_common_ones_are_known() -> None:
    assert len(secrets.common_passwords()) >= 2_900  # folded, a few fall together
