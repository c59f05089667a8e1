"""What is an address one signs in with."""

from __future__ import annotations


def plain_email(typed: str) -> str:
    """The address as an identity: stripped, ASCII, ASCII-lower-cased; "" if it is not one."""
    text = typed.strip()
    return text.lower() if text.isascii() and text.count("@") == 1 and len(text) <= 254 else ""
