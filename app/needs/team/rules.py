"""What was typed into the cells of a supervisor's form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import Refused
from app.language import lazy_gettext
from app.needs.team.models import Key

CELL = re.compile(r"(importance|level)-([0-9]{1,11})-([0-9]{1,11})")
VALUES = {"1", "2", "3", "4", "5"}
NOT_RELEVANT = "-"


@dataclass
class Said:
    """What a rating is set to; what is not named stays."""

    changes: dict[str, Any] = field(default_factory=dict)


def changed(typed: Mapping[str, str], shown: Mapping[str, str]) -> dict[Key, Said]:
    """The cells whose fields were changed since the form was drawn (`shown`), by name: importance-7-3.

    Refused where something is neither a digit from 1 to 5, "-" (not part of the job) nor empty.
    """
    cells: dict[Key, Said] = {}
    for name, raw in typed.items():
        value = raw.strip()
        named = CELL.fullmatch(name)
        if named is None or shown.get(name, "") == value:
            continue
        kind, respondent, competency = named.groups()
        if value and value not in VALUES and value != NOT_RELEVANT:
            raise Refused(lazy_gettext("A rating is a number from 1 to 5, or “-” where it is not part of the job."))
        said = cells.setdefault((int(respondent), int(competency)), Said())
        if value == NOT_RELEVANT:
            said.changes |= {"relevant": False, "importance": None, "level": None}
        elif said.changes.get("relevant") is not False:
            said.changes |= {"relevant": True, kind: int(value) if value else None}
    return cells
