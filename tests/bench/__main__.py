from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.core.clock import today
from tests.bench import crawl, work
from tests.bench.measured import Measured
from tests.bench.rows import ROOT, Row, papers

INSTANCE = ROOT / "build/bench"


def prepared(scale: int) -> Path:
    """A demo programme `scale` times its size (staff and history), kept between runs."""
    folder = INSTANCE / f"scale-{scale}"
    folder.mkdir(parents=True, exist_ok=True)
    commands = [["db", "upgrade"]]
    if not (folder / "ready").exists():
        for leftover in folder.glob("yetkin.db*"):
            leftover.unlink()
        commands.append(["demo", "load", "--scale", str(scale), "--today", "2026-11-22"])
    environment = {**os.environ, "YETKIN_ENV": "development", "YETKIN_INSTANCE": str(folder)}
    for command in commands:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command], cwd=ROOT, env=environment, check=True
        )
        print(f"  {' '.join(command)}: {time.perf_counter() - began:.1f} s", flush=True)
    (folder / "ready").touch()
    return folder


def certificates() -> list[Row]:
    from app.paper.certificate import draw_certificate, draw_certificates

    drawn = papers(400)
    draw_certificate(drawn[0])
    began = time.process_time()
    sizes = [len(draw_certificate(one)) for one in drawn]
    each = len(drawn) / (time.process_time() - began)
    began = time.process_time()
    together = draw_certificates(drawn)
    pages = len(drawn) / (time.process_time() - began)
    return [
        Row(
            "certificate, unsigned",
            "≥ 150 /s/core, ≤ 40 KB",
            f"{each:.0f} /s, mean {statistics.mean(sizes) / 1024:.1f} KB, max {max(sizes) / 1024:.1f} KB",
        ),
        Row(
            "certificates as one print file",
            "≥ 250 pages/s/core, ≤ 6 KB each",
            f"{pages:.0f} pages/s, {len(together) / len(drawn) / 1024:.2f} KB each",
        ),
    ]


def pages(measured: Measured) -> list[Row]:
    empty, _, _ = measured.get("/devices")
    people = measured.counted["employees"]
    last = -(-people // 50)
    rows = [Row("an empty signed-in page (for ratios)", "–", f"{empty:.1f} ms CPU")]
    for label, path, who in (
        (f"list page, 50 of {people:,} rows", "/people", "admin"),
        ("the same, its last page", f"/people?page={last}", "admin"),
        ("the same, page 1,000", "/people?page=1000", "admin"),
        ("the same for one province", "/people", "koordinator.gaziantep"),
        ("substring search, common word", "/people?q=mehmet", "admin"),
        ("substring search, rare word", "/people?q=newroz", "admin"),
        (f"certificates, 50 of {measured.counted['certificates']:,}", "/certificates", "admin"),
    ):
        cost, statements, size = measured.get(path, who)
        rows.append(
            Row(
                label,
                "≤ 15 ms CPU, ≤ 8 statements" if "list" in label or "same" in label else "≤ 15 ms",
                f"{cost:.1f} ms CPU ({cost / empty:.1f} × empty), {statements} statements, {size / 1024:.0f} KB",
            )
        )
    return rows


def figures(measured: Measured) -> list[Row]:
    """Each time after a change in the log; the number of persons is that of the rows, counted another way."""
    import sqlalchemy as sa

    from app.access.scope import EVERYWHERE
    from app.audit.models import AuditEntry
    from app.core.db import db
    from app.oversight.figures.participations import READ, finalised, running

    def change() -> None:
        with measured.app.app_context():
            db.session.add(AuditEntry(actor_id=None, event="bench.change", facts={}))
            db.session.commit()

    with measured.app.app_context():
        both = sa.union_all(finalised(), running()).subquery()
        one_by_one = sa.select(sa.func.count(both.c.employee_id.distinct()))
        number = db.session.scalar(EVERYWHERE.trusting(one_by_one, *READ)) or 0
        db.session.remove()
    rows = []
    for who, path in (("admin", "/reports"), ("koordinator.gaziantep", "/reports"), ("izleyici", "/")):
        says = "" if who.startswith("koordinator") else f"{number:,}".replace(",", ".")
        cost, statements, _ = measured.get(path, who, 7, change, says)
        label = f"figures after a change: {path} of {who}"
        rows.append(Row(label, "≤ 100 ms", f"{cost:.1f} ms CPU, {statements} statements"))
    return rows


def grid(measured: Measured) -> list[Row]:
    """The attendance grid of a session with 40 people and 10 sittings, made for this in the scaled data."""
    from tests.bench.grid import forty_by_ten

    session_id = forty_by_ten(measured.app)
    cost, statements, size = measured.get(f"/sessions/{session_id}/attendance")
    return [
        Row(
            "attendance grid 40 × 10",
            "≤ 15 ms CPU, ≤ 25 KB (must ≤ 20 ms, ≤ 30 KB)",
            f"{cost:.1f} ms CPU, {size / 1024:.1f} KB, {statements} statements",
        )
    ]


def results(measured: Measured) -> list[Row]:
    """Results of a needs analysis and a plan of 300 rows, of whoever reads all of them."""
    from tests.bench.plan import three_hundred_rows

    plan_id = three_hundred_rows(measured.app)
    rows = []
    for label, path, goal in (
        ("ranking of all needs", "/needs", 50),
        ("heat map, every institution", "/needs?view=matrix", 100),
        ("heat map, title groups", "/needs?view=matrix&rows=title", 100),
        ("heat map of women", "/needs?view=matrix&sex=woman", 100),
        ("a competency", "/needs/1", 50),
        ("how it was rated", "/needs/1/ratings", 50),
        ("plan of 300 rows", f"/plans/{plan_id}", 20),
    ):
        cost, statements, size = measured.get(path)
        rows.append(Row(label, f"≤ {goal} ms CPU", f"{cost:.1f} ms CPU, {statements} statements, {size / 1024:.0f} KB"))
    return rows


def guarded(name: str, work: Callable[[], list[Row]]) -> list[Row]:
    print(f"· {name}", flush=True)
    return work()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--scale", type=int, default=85, help="85 makes about 100,000 staff")
    asked = parser.parse_args()
    rows = guarded("certificates", certificates)
    print(f"· demo data, scale {asked.scale}", flush=True)
    folder = prepared(asked.scale)
    measured = Measured(folder)
    rows += guarded("pages", lambda: pages(measured))
    rows += guarded("figures", lambda: figures(measured))
    rows += guarded("grid", lambda: grid(measured))
    rows += guarded("results and plan", lambda: results(measured))
    from tests.bench.load import answers, marks, start

    rows += guarded("marks, 8 clients", lambda: marks(folder))
    rows += guarded("answers of a needs analysis", lambda: answers(prepared(1)))
    rows += guarded("start and memory", lambda: start(folder))
    rows += guarded("long work", lambda: work.rows(folder))
    rows += guarded("every page of every role", lambda: crawl.rows(prepared(1), folder))
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {today():%Y-%m-%d}\n")
    print("| What | Goal | Here |\n|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.goal} | {row.result} |")


if __name__ == "__main__":
    main()
