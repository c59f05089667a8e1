"""Turkish case, folding, alphabetical order and printed names."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.turkish import (
    initials,
    lower,
    normalise,
    printed_name,
    search_key,
    sort_key,
    upper,
)

ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
turkish_words = st.text(ALPHABET + "âîûÂÎÛ" + "ABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("capitals", "small"),
    [
        ("IĞDIR", "ığdır"),
        ("İZMİR", "izmir"),
        ("DİYARBAKIR", "diyarbakır"),
        ("ŞANLIURFA", "şanlıurfa"),
        ("ÇÖĞÜŞ", "çöğüş"),
        ("ÂLÎ RÛYA", "âlî rûya"),
    ],
)
def test_case_goes_both_ways_by_turkish_rules(capitals: str, small: str) -> None:
    assert lower(capitals) == small
    assert upper(small) == capitals


def test_case_composes_separate_marks_first() -> None:
    assert lower("I\u0307zmir") == "izmir"
    assert upper("s\u0327i\u0302") == "ŞÎ"


@given(turkish_words)
def test_turkish_case_loses_nothing(word: str) -> None:
    assert lower(upper(lower(word))) == lower(word)
    assert upper(lower(upper(word))) == upper(word)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("isik", "Işık"),
        ("ISIK", "ışık"),
        ("İŞİK", "Işık"),
        ("sanliurfa", "Şanlıurfa"),
        ("SANLIURFA", "şanlıurfa"),
        ("gokce oz", "  Gökçe\u00a0  ÖZ "),
        ("kagit", "Kâğıt"),
        ("resmi", "Resmî"),
        ("mahlut", "Mahlût"),
        ("istanbul", "I\u0307stanbul"),
        ("cigdem", "C\u0327ig\u0306dem"),
    ],
)
def test_search_finds_whatever_the_keyboard(typed: str, stored: str) -> None:
    assert search_key(typed) == search_key(stored) == search_key(upper(stored))


@given(st.text(max_size=40))
def test_search_key_folds_once_and_for_all(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    assert search_key(normalise(text)) == key


@given(turkish_words)
def test_a_turkish_word_is_found_in_plain_letters(word: str) -> None:
    assert search_key(word).isascii()
    assert search_key(upper(word)) == search_key(lower(word)) == search_key(word)


def test_sorting_follows_the_turkish_alphabet() -> None:
    names = [
        "Ak Zeynep",
        "Akın Ali",
        "Akif",
        "Cabbar",
        "Çağlar",
        "Çetin",
        "Dağ",
        "Gül",
        "Ğ",
        "Hakan",
        "Ilgaz",
        "Işık",
        "İlhan",
        "İpek",
        "Oya",
        "Öz",
        "Polat",
        "Sarı",
        "Şahin",
        "Tekin",
        "Uzun",
        "Ünal",
        "Yıldız",
        "Yiğit",
        "Zor",
    ]
    shuffled = names[:]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == names


def test_each_letter_sorts_by_its_place_in_the_alphabet() -> None:
    keys = [sort_key(letter) for letter in ALPHABET]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(ALPHABET)


@given(turkish_words, turkish_words)
def test_order_is_the_alphabets_before_anything_else(left: str, right: str) -> None:
    plain = str.maketrans("âîû", "aiu")

    def ranks(word: str) -> list[int]:
        return [ALPHABET.index(letter) for letter in lower(word).translate(plain)]

    if ranks(left) != ranks(right):
        assert (sort_key(left) < sort_key(right)) == (ranks(left) < ranks(right))


def test_circumflex_then_capitals_only_break_ties() -> None:
    assert sorted(["Hâla", "hâlâ", "HALA", "Hala", "hala", "hâla", "halb"], key=sort_key) == [
        "hala",
        "Hala",
        "HALA",
        "hâla",
        "Hâla",
        "hâlâ",
        "halb",
    ]


@given(st.text(max_size=30), st.text(max_size=30))
def test_sort_key_is_ascii_and_puts_a_beginning_first(text: str, more: str) -> None:
    assert sort_key(text).isascii()
    words = normalise(text), normalise(f"{text}x{more}")
    if lower(words[1]).startswith(lower(words[0])):
        assert sort_key(words[0]) <= sort_key(words[1])


def test_foreign_letters_have_a_place() -> None:
    order = ["1. grup", "9", "Eda", "Éda", "Ede", "Zor", "أحمد"]
    reversed_order = order[::-1]
    assert sorted(reversed_order, key=sort_key) == order


def test_names_are_printed_with_the_family_name_in_capitals() -> None:
    assert printed_name(" ali  can ", "ışıklı yiğit") == "ali can IŞIKLI YİĞİT"
    assert printed_name("Âdil", "Kîrişçi") == "Âdil KÎRİŞÇİ"
    assert printed_name("", "Öz") == "ÖZ"


def test_initials() -> None:
    assert initials("ismail can", "ılgaz") == "İI"
    assert initials("", "öz") == "Ö"
    assert initials(" ", "") == ""


@given(st.text(max_size=40))
def test_normalise_is_done_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert "  " not in normalise(text)
