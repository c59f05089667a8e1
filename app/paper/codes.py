"""Codes that are printed and typed: 80 random bits as sixteen characters of Crockford's base 32, which has no I, L, O
or U.

A code is derived from nothing: who knows one learns nothing about another.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
#: Letters people read or type for a digit, in whatever case their keyboard gives them.
_MEANT = str.maketrans({"o": "0", "O": "0", "i": "1", "I": "1", "İ": "1", "ı": "1", "l": "1", "L": "1"})
_VALID = frozenset(ALPHABET)


def new() -> str:
    """A fresh code."""
    bits = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH))


def printed(code: str) -> str:
    """As it is printed: 7KQ2-M9XT-4HCB-W3ZD."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read(typed: str) -> str | None:
    """The code somebody typed, in any case, with any dashes or spaces; None if it is none."""
    text = unicodedata.normalize("NFKC", typed).translate(_MEANT)
    kept = "".join(letter for letter in text if not _is_gap(letter)).upper()
    return kept if len(kept) == LENGTH and _VALID.issuperset(kept) else None


def _is_gap(letter: str) -> bool:
    """Spaces, dashes of every kind, the minus sign, and what copying leaves unseen."""
    return letter in "_−" or unicodedata.category(letter) in ("Zs", "Pd", "Cf", "Cc")
