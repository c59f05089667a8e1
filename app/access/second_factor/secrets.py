"""What an app and we share: made, sealed so that nobody reads it in the database, and the codes it gives."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.clock import now
from app.core.hooks import Hook

STEP_SECONDS, DIGITS = 30, 6
CODES, CODE_DIGITS = 10, 12
"""Recovery codes are figures, too: they are typed where the app's codes are, on the same keyboard."""


def seals(*keys: str) -> Sequence[Fernet]:
    """One for each key of the installation, the present one first."""
    return [Fernet(base64.urlsafe_b64encode(_derived(key.encode()))) for key in keys]


def _derived(key: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"yetkin second factor").derive(key)


SEALS: Hook[Sequence[Fernet]] = Hook("seals", list)


def seal(text: str) -> str:
    return SEALS.here[0].encrypt(text.encode()).decode()


def unsealed(sealed: str, *, within: int | None = None) -> str | None:
    """What was sealed (in the last `within` seconds), by the present key or an earlier one; None for anything else."""
    try:
        return MultiFernet(SEALS.here).decrypt(sealed.encode(), ttl=within).decode()
    except InvalidToken:
        return None


def resealed(sealed: str) -> str:
    """The same under the present key."""
    return MultiFernet(SEALS.here).rotate(sealed.encode()).decode()


def is_sealed_anew(sealed: str) -> bool:
    """Whether it is under the present key already."""
    try:
        SEALS.here[0].decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Yetkin")


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The step (of thirty seconds) whose code this is: this one or one beside it, for clocks differ, and none that was
    used. None for a wrong code.
    """
    totp, here = pyotp.TOTP(secret), int(now().timestamp()) // STEP_SECONDS
    steps = (step for step in (here - 1, here, here + 1) if step > after)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)), None)


def figures(typed: str) -> str:
    """A code as it is compared: people type it in groups."""
    return "".join(sign for sign in typed if sign.isascii() and sign.isdigit())


def new_codes() -> list[str]:
    return [f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}" for _ in range(CODES)]


def grouped(code: str) -> str:
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
