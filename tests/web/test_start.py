"""What a start does without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = ("PIL", "icalendar", "reportlab", "uharfbuzz", "xlsxwriter")


def test_what_draws_and_writes_files_is_loaded_where_it_is_needed(tmp_path: Path) -> None:
    """They take 0.07 s of each start and 15 MB of each process; most pages need none of them."""
    asked = f"import sys, wsgi; print(*sorted(set(sys.modules) & {{*{LATER}}}))"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**os.environ, "YETKIN_ENV": "testing", "YETKIN_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [], "import it in the function that needs it, with the reason on its line"
