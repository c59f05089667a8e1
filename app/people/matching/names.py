"""Names of people as lists write them: which word is the family name, and whether two are one person's."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from app.language.turkish import lower, normalise, search_key, upper

ALIKE = 85  # of 100; one letter in a short name, two in a long one
_NUMBERED = re.compile(r"[\s(]+\d{1,2}\)?$")
_LETTERS = re.compile(r"[^\W\d_]")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def without_number(name: str) -> str:
    """AHMET ÖRNEK 2 is one of several namesakes: the digit is no part of the name."""
    last = name[-1:]
    return _NUMBERED.sub("", name) if last == ")" or last.isdigit() else name


def divided(name: str) -> tuple[str, str]:
    """A whole name as (given, family); the family name is what stands in capitals or before a comma, else the last
    word. ("", name) where there is only one word.
    """
    plain = without_number(normalise(name))
    before, comma, after = plain.partition(",")
    if comma and before.strip() and after.strip():
        return spelled(after), spelled(before)
    words = plain.split(" ")
    if len(words) < 2:
        return "", _written(plain)
    loud = [_read(word)[0] for word in words]
    if not any(loud) or all(loud):
        return _joined(words[:-1]), _joined(words[-1:])
    given = [word for word, is_family in zip(words, loud, strict=True) if not is_family]
    return _joined(given), _joined([word for word, is_family in zip(words, loud, strict=True) if is_family])


# lists of a hundred thousand names hold few thousand words
@lru_cache(maxsize=8_192)
def _read(word: str) -> tuple[bool, str]:
    """Whether it is in capitals and no initial, and how it is stored."""
    letters = len(word) if word.isalpha() else len(_LETTERS.findall(word))
    loud = letters > 1 and word == upper(word)
    return loud, _capital(word) if loud or word == lower(word) else word


def spelled(name: str) -> str:
    """As it is stored: words in capitals, or all in small letters, get one capital by Turkish rules."""
    return _written(normalise(name)) if name else name  # a list with one column of names has none in two others


def _written(name: str) -> str:
    return " ".join([_read(word)[1] for word in without_number(name).split(" ")])


def _joined(words: list[str]) -> str:
    last = words[-1][-1:]
    if last == ")" or last.isdigit():
        return _written(" ".join(words))
    return " ".join([_read(word)[1] for word in words])


def _capital(word: str) -> str:
    """İLHAN → İlhan, AL-HASAN → Al-Hasan, O'NEIL → O'Neıl."""
    if word.isalpha():
        return upper(word[:1]) + lower(word[1:])
    parts = re.split(r"([-'’.])", word)
    return "".join(upper(part[:1]) + lower(part[1:]) for part in parts)


def folded(name: str) -> str:
    """What names are compared by: letters alone, without signs over them, single spaces."""
    key = search_key(without_number(name))
    return key if key.replace(" ", "").isalpha() else _NO_LETTERS.sub(" ", key).strip()


def alike(one: str, other: str) -> bool:
    """Whether two folded names may be one person's: the same words in any order, a few letters apart, or an initial."""
    if one == other or fuzz.token_sort_ratio(one, other) >= ALIKE:
        return True
    return _initialled(one.split(" "), other.split(" "))


def _initialled(one: list[str], other: list[str]) -> bool:
    """a karaca and azad karaca: the last words are the same, the first ones begin alike and one of each is a letter."""
    if min(len(one), len(other)) < 2 or one[-1] != other[-1]:
        return False
    first, second = one[0], other[0]
    return first[0] == second[0] and 1 in (len(first), len(second))


def changes(typed: str, known: str) -> bool:
    """Whether a list says another name than the one that is stored; another case, or letters lost on the way to an
    office file (Isik), say none.
    """
    if typed == known or lower(typed) == lower(known):
        return False
    return not typed.isascii() if search_key(typed) == search_key(known) else True
