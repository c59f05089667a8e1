from __future__ import annotations

from datetime import datetime

from app.core.clock import at
from app.training.models import Sitting


def declinable(sitting: Sitting, moment: datetime) -> bool:
    """Whether it has not begun by then: whoever gave it keeps its sheet."""
    return sitting.date is None or at(sitting.date, sitting.starts) > moment
