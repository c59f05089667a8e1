from __future__ import annotations

from collections.abc import Collection

from app.post.letters import PLACEHOLDER


def unknown(text: str, allowed: Collection[str]) -> list[str]:
    """What stands in braces and means nothing here."""
    return [f"{{{name}}}" for name in PLACEHOLDER.findall(text) if name not in allowed]
