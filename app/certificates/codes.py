"""Verification codes: what a certificate is asked about by."""

from __future__ import annotations

import unicodedata

from app.paper import codes
from app.paper.codes import ALPHABET, LENGTH, new, printed
from app.post.addresses import public_address

__all__ = ["ALPHABET", "LENGTH", "address", "new", "printed", "read"]


def read(typed: str) -> str | None:
    """The code somebody typed, or the end of a whole address; None if it is none."""
    return codes.read(unicodedata.normalize("NFKC", typed).rpartition("/d/")[2])


def address(code: str) -> str:
    """Where a certificate is verified, as papers, QR codes and letters lead there."""
    return public_address("verification.show", code=code)
