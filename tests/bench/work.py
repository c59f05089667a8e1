"""Long work: files of a hundred thousand rows, a thousand certificates; each in a process of its own, for its memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryFile

from tests.bench.measured import Measured
from tests.bench.rows import ROOT, Row, papers


def export(measured: Measured) -> str:
    """The whole staff list as XLSX, as its background job makes it."""
    from app.access.models import User
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.core.db import db
    from app.core.paging import ListQuery
    from app.lists.known import LISTS

    with measured.app.app_context():
        user = db.session.scalars(EVERYWHERE.select(User).where(User.email == "admin@yetkin.example")).one()
        staff = LISTS.here["people"]
        made = staff.file(ListQuery(sort=next(iter(staff.sorts))), "xlsx", by=caller_of(user))
        return f"{made.rows:,} rows, {len(made.content) / 1024 / 1024:.1f} MB"


def archive(_: Measured) -> str:
    """A thousand certificates drawn by one process, as its background job does, and put into an archive."""
    from app.paper.certificate import draw_certificate

    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as into:
            for number, paper in enumerate(papers(1_000)):
                into.writestr(f"{number}.pdf", draw_certificate(paper))
        return f"{file.tell() / 1024 / 1024:.0f} MB"


WORK = {"export": export, "archive": archive}


def rows(folder: Path) -> list[Row]:
    return [
        Row("export of all staff as XLSX", "≤ 8 s, constant memory", _apart("export", folder)),
        Row("1,000 certificates into a ZIP, one process", "≤ 3 s by two, ≤ 150 MB", _apart("archive", folder)),
        Row("the same, signed; one certificate signed", "≤ 10 s; ≥ 55 /s/core", "not measured: none is signed yet"),
        Row("import of 100,000 staff rows", "≤ 8 s, ≤ 3 s of it writing", "not measured: there is no import yet"),
        Row("first load on a phone, largest paint", "≤ 110–120 KB; ≤ 1.2 s", "needs a browser: see the table below"),
    ]


def _apart(name: str, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.bench.work", name, str(folder)]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    measured = Measured(Path(sys.argv[2]))
    measured.browsers["admin"].get("/people")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    told = WORK[sys.argv[1]](measured)
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{took:.1f} s ({spent:.1f} s CPU), {told}, memory at most {most / 1024:.0f} MB ({(most - before) / 1024:.0f} more)"
    )
