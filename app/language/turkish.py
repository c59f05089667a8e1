"""Turkish letters: case, folding for search, alphabetical order, names as they are printed.

Python's own `str.lower`, `str.upper` and sorting know nothing of ı and i; this module is the only place that
changes case, folds or orders text a person reads. All functions take any text and put it into NFC first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_FOLD = str.maketrans(
    "ıİIçÇğĞöÖşŞüÜâÂêÊîÎûÛ",
    "iiiccggoossuuaaeeiiuu",
)
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# Control characters, soft hyphens, spaces without width, signs of direction, halves of pairs. Not the two that join
# letters of other scripts.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")

# The order of a Turkish dictionary; what is no letter stands before the letters, as in ICU.
_ALPHABET = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET)}
_RANKS = str.maketrans(_RANK)
_WORDS = 8_192
"""A list of a hundred thousand names holds few thousand words: of so many it is known what they come to."""
_RANKED = re.compile(f"[{re.escape(_ALPHABET)}]*")
_CIRCUMFLEX = "\u0302"
_LIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def visible(text: str) -> str:
    """Return `text` without signs nobody sees; tabs and ends of lines stay, those of other programmes are a space.

    PostgreSQL takes no NUL in a text and XML few control characters; signs that turn the direction of writing, or
    that have no width, make two names look alike. Nobody types them, but what is pasted brings them along.
    """
    return text if text.isprintable() else _INVISIBLE.sub("", _BREAKS.sub(" ", text))


def normalise(text: str) -> str:
    """Return `text` as it is stored: NFC, trimmed, nothing invisible, every run of white space one space."""
    if not text.isprintable():
        return _SPACES.sub(" ", _nfc(visible(text))).strip()
    text = unicodedata.normalize("NFC", text)  # of all white space only the space is printable
    return (_SPACES.sub(" ", text) if "  " in text else text).strip()


def plain_dashes(text: str) -> str:
    """Return `text` with every dash, hyphen and minus as the one on the keyboard."""
    return text if text.isascii() else _DASHES.sub("-", text)


def lower(text: str) -> str:
    """Return `text` in Turkish small letters: I→ı, İ→i."""
    return _nfc(text).replace("I", "ı").replace("İ", "i").lower()


def upper(text: str) -> str:
    """Return `text` in Turkish capitals: i→İ, ı→I."""
    return _nfc(text).replace("i", "İ").replace("ı", "I").upper()


def search_key(text: str) -> str:
    """Return what `text` is found by: no case, no diacritics, single spaces (Işık → isik, Şanlıurfa → sanliurfa)."""
    # of nearly all text plain letters are left, which are quickly done with
    key = text if text.isascii() else " ".join([w if w.isascii() else _bare(w) for w in text.split(" ")])
    if key.isascii() and key.isprintable():
        key = key.lower()
        return (_SPACES.sub(" ", key) if "  " in key else key).strip()
    key = visible(text)
    # Folding one exotic sign may yield another that folds again; names need one round.
    for _ in range(4):
        folded = _fold(key)
        if folded == key or folded.isascii():
            return folded
        key = folded
    return key


@lru_cache(_WORDS)
def _bare(word: str) -> str:
    return word.translate(_FOLD)


def search_words(text: str) -> list[str]:
    """Return the words `text` is looked for by: folded, and without punctuation ("Uğurlu, Aysel", 2026-DIY-0001)."""
    return "".join(sign if sign.isalnum() else " " for sign in search_key(text)).split()


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_FOLD).casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return _SPACES.sub(" ", bare.translate(_FOLD)).strip()


def sort_key(text: str) -> str:
    """Return an ASCII string whose byte order is the order of the Turkish alphabet.

    Two characters for each letter (seven for a sign outside the alphabet, which sorts behind z), then the
    circumflex and other accents, then capitals: both only decide between words that are otherwise equal, and the
    word without them comes first. A person sorts by `sort_key(f"{family_name} {given_name}")`.
    """
    words = [_word_key(word) for word in normalise(text).split(" ")]
    ranks = _RANK[" "].join([word[0] for word in words])
    # Trailing zeros say nothing, and "!" sorts before every digit: most keys end in "!!".
    accents, capitals = ("0".join([word[at] for word in words]).rstrip("0") for at in (1, 2))
    return f"{ranks}!{accents}!{capitals}"


@lru_cache(_WORDS)
def _word_key(word: str) -> tuple[str, str, str]:
    """The ranks of its letters, and for each of them its accent and whether it is a capital."""
    small = lower(word)
    if _RANKED.fullmatch(small):  # nearly all words are of these letters alone
        capitals = "".join(["0" if one == other else "1" for one, other in zip(word, small, strict=True)])
        return small.translate(_RANKS), "0" * len(small), capitals
    letters = [*_letters(word.translate(_LIKE))]
    ranks = "".join([_RANK.get(letter) or f"9{ord(letter):06x}" for letter, _, _ in letters])
    return ranks, "".join([accent for _, accent, _ in letters]), "".join(["01"[capital] for *_, capital in letters])


def _letters(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (letter, accent, is capital); accent is "0" none, "1" circumflex, "2" any other."""
    for sign in text:
        small = lower(sign)
        capital = small != sign
        if small in _RANK:
            yield small, "0", capital
            continue
        base = unicodedata.normalize("NFKD", small.casefold())
        marks = [mark for mark in base if unicodedata.combining(mark)]
        accent = "0" if not marks else "1" if marks == [_CIRCUMFLEX] else "2"
        for letter in base:
            if not unicodedata.combining(letter) and unicodedata.category(letter) not in {"Cc", "Cf"}:
                yield letter, accent, capital


def printed_name(given: str, family: str) -> str:
    """Return a person's name as certificates and lists print it: the family name in Turkish capitals."""
    return normalise(f"{normalise(given)} {upper(normalise(family))}")


def family_in_capitals(name: str) -> str:
    """Return a whole name with its last word in capitals, as `printed_name` does where the family name is known.

    Who typed a word of it in capitals (Gülşah ÜNLÜ AĞAOĞLU) has said what the family name is.
    """
    *first, last = normalise(name).split(" ")
    for word in (*first, last):
        if word == upper(word) and sum(map(str.isalpha, word)) > 1:
            return normalise(name)
    return " ".join((*first, upper(last)))


def initials(given: str, family: str) -> str:
    """Return the first letters of the given and of the family name in capitals: Ayşe Gül Işık → AI."""
    return "".join(upper(name[0]) for name in (normalise(given), normalise(family)) if name)
