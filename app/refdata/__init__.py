"""The data the product ships: provinces, units, titles, courses, holidays and the rest, as JSON beside this file."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@cache
def load(name: str) -> Any:
    """Return the parsed content of `<name>.json`.

    The object is shared by all callers and must not be changed. An unknown name raises FileNotFoundError,
    one that is not a plain lower-case word ValueError.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a data file: {name!r}")
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
