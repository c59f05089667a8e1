"""What was typed into the cells of a supervisor's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.db import typed_id
from app.core.errors import Refused
from app.language import lazy_gettext
from app.needs.team.models import Key

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
        kind, _, rest = name.partition("-")
        respondent, _, competency = rest.partition("-")
        ids = (typed_id(respondent), typed_id(competency))
        if kind not in ("importance", "level") or None in ids or shown.get(name, "") == value:
            continue
        if value and value not in VALUES and value != NOT_RELEVANT:
            raise Refused(lazy_gettext("A rating is a number from 1 to 5, or “-” where it is not part of the job."))
        said = cells.setdefault((ids[0] or 0, ids[1] or 0), Said())
        if value == NOT_RELEVANT:
            said.changes |= {"relevant": False, "importance": None, "level": None}
        elif said.changes.get("relevant") is not False:
            said.changes |= {"relevant": True, kind: int(value) if value else None}
    return cells
