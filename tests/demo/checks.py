"""Conflicts and calendar, found again from plain rows by other means than the generator's."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date
from itertools import pairwise

LIVE = "cs.status NOT IN ('postponed', 'cancelled') AND s.date IS NOT NULL"
SITTINGS = "sittings s JOIN course_sessions cs ON cs.id = s.course_session_id"
ROOMS = f"SELECT s.room_id AS who, s.date, s.starts, s.ends FROM {SITTINGS} JOIN rooms r ON r.id = s.room_id \
JOIN venues v ON v.id = r.venue_id WHERE NOT v.online AND {LIVE}"
TRAINERS = f"SELECT a.trainer_id AS who, s.date, s.starts, s.ends FROM trainer_assignments a \
JOIN sittings s ON s.id = a.sitting_id JOIN course_sessions cs ON cs.id = s.course_session_id \
WHERE a.answer <> 'declined' AND {LIVE}"
PARTICIPANTS = f"SELECT e.employee_id AS who, s.date, s.starts, s.ends FROM enrolments e \
JOIN sittings s ON s.course_session_id = e.course_session_id JOIN course_sessions cs ON cs.id = s.course_session_id \
WHERE e.status IN ('enrolled', 'offered') AND {LIVE}"


def overlaps(connection: sqlite3.Connection, statement: str) -> list[tuple[int, str]]:
    """Whoever is in two places: pairs of (who, date)."""
    stays: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(statement):
        stays[row["who"], row["date"]].append((row["starts"], row["ends"]))
    assert stays
    return [
        key for key, spans in stays.items() if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans)))
    ]


def ill_timed(connection: sqlite3.Connection) -> list[str]:
    """Sittings at a weekend, on a holiday, at Friday noon or outside 08:00–18:00."""
    holidays = {row["date"] for row in connection.execute("SELECT date FROM holidays")}
    found = []
    for row in connection.execute(f"SELECT s.date, s.starts, s.ends FROM {SITTINGS} WHERE s.date IS NOT NULL"):
        day = date.fromisoformat(row["date"])
        noon = day.weekday() == 4 and row["starts"] < "14:00" and row["ends"] > "12:00:00.000000"
        outside = row["starts"] < "08:00" or row["ends"] > "18:00:00.000000"
        if day.weekday() > 4 or row["date"] in holidays or noon or outside:
            found.append(f"{row['date']} {row['starts']}")
    return found
