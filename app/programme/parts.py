"""What a part of the programme shows of itself, by way of the slot `programme.parts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """The way to a part's list, with its one figure: `value` as it is read ("7/18"), `sub` what it counts."""

    label: str
    url: str
    icon: str
    order: int
    value: str = ""
    sub: str = ""
