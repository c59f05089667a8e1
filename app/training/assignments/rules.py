from __future__ import annotations

from app.core.clock import at, now
from app.training.models import Sitting


def declinable(sitting: Sitting) -> bool:
    """Whether it has not begun: whoever gave it keeps its sheet."""
    return sitting.date is None or at(sitting.date, sitting.starts) > now()
