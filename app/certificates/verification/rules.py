"""What the public may be told of a holder’s name."""

from __future__ import annotations

from app.language.turkish import search_key


def mask(name: str) -> str:
    """Ayşe YILMAZ → A*** Y*****"""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def same_name(printed: str, typed: str) -> bool:
    """Whether somebody typed the printed name, in whatever case and with or without Turkish letters."""
    return bool(typed.strip()) and search_key(typed) == search_key(printed)
