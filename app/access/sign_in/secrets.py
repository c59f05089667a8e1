"""Passwords and tokens: made, hashed, checked."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import search_key

LEAST, MOST = 12, 128
ALONE = 8  # signs that must be left without the words anybody would try first
# what OWASP asks of Argon2id at least: 19 MiB of memory, twice
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def token() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """What is stored of a token."""
    # fast is good enough: nobody guesses 256 random bits
    return hashlib.sha256(value.encode()).hexdigest()


def hash_password(password: str, *, salt: bytes | None = None) -> str:
    """`salt` only where everybody knows the password and the same is wanted twice: in the demo."""
    return _hasher.hash(password, salt=salt)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def password_fits(stored: str | None, typed: str) -> bool:
    """Takes the same time whether or not there is an account."""
    try:
        # cut off far beyond the longest there is: nobody has us hash a megabyte
        return _hasher.verify(stored or _nobody(), typed[: MOST * 4]) and stored is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def wants_rehash(stored: str) -> bool:
    return _hasher.check_needs_rehash(stored)


@cache
def common_passwords() -> frozenset[str]:
    """The 3,000 commonest, folded."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8")
    return frozenset(search_key(line) for line in text.splitlines() if line)


CONTEXT = ("belediye", "yetkin", "diyarbakir", "erzurum", "gaziantep", "sanliurfa", "egitim", "parola", "sifre")
# What lies side by side on a keyboard or in the alphabet.
RUNS = (
    "0123456789" * 13,
    "abcdefghijklmnopqrstuvwxyz",
    "abccdefgghiijklmnooprsstuuvyz",
    "qwertyuiopgu",
    "asdfghjklsi",
)


def _words(*texts: str) -> set[str]:
    """Each word of these (a second given name, either side of an address), long enough to mean somebody."""
    signs = (sign if sign.isalnum() else " " for sign in search_key(" ".join(texts)))
    return {word for word in "".join(signs).split() if len(word) > 2}


def check_password(password: str, *own_words: str) -> None:
    """Refuse a password too short, too long, common, or made of the place's or the person's own words.

    Length and strength only: no composition rules, no forced change.
    """
    if not LEAST <= len(password) <= MOST:
        raise Refused(
            lazy_gettext("The password must have %(least)s to %(most)s characters.", least=LEAST, most=MOST),
            field="new_password",
        )
    folded = search_key(password)
    rest = folded
    for word in sorted({*CONTEXT, *_words(*own_words)}, key=len, reverse=True):
        rest = rest.replace(word, "")
    core = "".join(c for c in rest if c.isalpha())
    left = rest.strip(" .,;:!?*-_+#@")
    runs = any(left in run or left[::-1] in run for run in RUNS)
    if {folded, core, left} & common_passwords() or runs or len(left) < ALONE or len(set(left)) < 5:
        raise Refused(
            lazy_gettext("This password is too easy to guess. Several unrelated words make a good one."),
            field="new_password",
        )
