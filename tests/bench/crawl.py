"""Every page type of every role, in the scaled data and beside the same page in the plain one."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.bench.rows import ROOT, Row

if TYPE_CHECKING:
    from tests.bench.measured import Measured

ROLES = ("admin", "koordinator.gaziantep", "ik.haliliye", "egitmen", "personel", "izleyici")
OPENED, KEPT, TIMES = 3, 2, 5  # pages of a type looked into for links, pages of a type measured, times each
MATRICES = {"results.show_needs ?view", "results.show_needs ?title"}  # the heat map, also of title groups
GOAL, GOAL_MATRIX, STATEMENTS, GROWTH = 20, 100, 8, 1.5
LEAVES = re.compile(r"sign-out|/static/|\.ics$")


@dataclass(frozen=True)
class Cost:
    path: str
    milliseconds: float
    statements: int
    size: int


class Links(HTMLParser):
    """Where one may go from a page: its links, and its filters filled with the first word they offer."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.action = self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "download" not in said:
            self.found.append(said.get("href", ""))
        elif tag == "form":
            self.action = said.get("action", "") if said.get("method", "get").lower() == "get" else ""
        elif tag == "select":
            self.select = said.get("name", "")
        elif tag == "option" and self.action and self.select and said.get("value"):
            self.found.append(f"{self.action.partition('?')[0]}?{self.select}={said['value']}")
            self.select = ""
        elif tag == "input" and self.action and said.get("name") == "q":
            self.found += [f"{self.action.partition('?')[0]}?q={word}" for word in ("me", "mehmet", "newroz")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = ""


def type_of(measured: Measured, path: str) -> str | None:
    """The name of the page type: its view, and what is asked of it; None: no page of ours, or two
    questions at once."""
    split = urlsplit(path)
    adapter = measured.app.url_map.bind("localhost")
    try:
        endpoint, values = adapter.match(split.path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    asked = {name for name, value in parse_qsl(split.query) if value and name != "back"}
    if endpoint == "static" or "format" in asked or asked & {"theme", "lang"} or len(asked - {"page", "direction"}) > 1:
        return None
    words = "".join(f" {value}" for value in values.values() if isinstance(value, str) and value.isalpha())
    short = "".join(
        f" of {len(value)} letters" for name, value in parse_qsl(split.query) if name == "q" and len(value) < 3
    )
    return endpoint + words + (f" ?{'&'.join(sorted(asked))}" if asked else "") + short


def costs(measured: Measured, who: str) -> dict[str, list[Cost]]:
    """Walks every link from the home of `who`; of each page type the first ones are measured."""
    browser = measured.browsers[who]
    queue, seen = deque(["/"]), {"/"}
    opened: defaultdict[str, int] = defaultdict(int)
    found: defaultdict[str, list[Cost]] = defaultdict(list)
    while queue:
        path = queue.popleft()
        kind = type_of(measured, path)
        if kind is None or opened[kind] >= OPENED:
            continue
        opened[kind] += 1
        answer = browser.get(path)
        if answer.location:
            queue.append(answer.location)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        if len(found[kind]) < KEPT:
            found[kind].append(_cost(measured, who, path))
        for link in Links(answer.text).found:
            there = urljoin(path, link).partition("#")[0]
            if there.startswith("/") and there not in seen and not LEAVES.search(there):
                seen.add(there)
                queue.append(there)
    return found


def _cost(measured: Measured, who: str, path: str) -> Cost:
    taken = []
    for _ in range(TIMES):
        measured.statements = 0
        began = time.process_time()
        answer = measured.browsers[who].get(path)
        taken.append((time.process_time() - began) * 1000)
    return Cost(path, statistics.median(taken), measured.statements, len(answer.data))


def in_folder(folder: Path) -> dict[str, dict[str, list[Cost]]]:
    """The costs of all roles there, measured in a process of its own: one application, one set of data."""
    environment = {**os.environ, "YETKIN_INSTANCE": str(folder)}
    out = subprocess.run(
        [sys.executable, "-m", "tests.bench.crawl", str(folder)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    return {
        who: {kind: [Cost(*cost) for cost in taken] for kind, taken in kinds.items()}
        for who, kinds in json.loads(out).items()
    }


def over(small: dict[str, list[Cost]], big: dict[str, list[Cost]]) -> list[tuple[str, Cost, float | None, str]]:
    """The page types that miss a goal: name, the dearest page, its cost in the plain data, which goals."""
    found = []
    for kind, taken in sorted(big.items()):
        cost = max(taken, key=lambda one: one.milliseconds)
        before = max((one.milliseconds for one in small.get(kind, ())), default=None)
        goal = GOAL_MATRIX if kind in MATRICES else GOAL
        missed = [
            word
            for word, is_missed in (
                ("ms", cost.milliseconds > goal),
                ("statements", cost.statements > STATEMENTS),
                ("growth", before is not None and cost.milliseconds > GROWTH * before),
            )
            if is_missed
        ]
        if missed:
            found.append((kind, cost, before, ", ".join(missed)))
    return found


def rows(plain: Path, scaled: Path) -> list[Row]:
    """One row for each role, and one for each page type that misses a goal."""
    small, big = in_folder(plain), in_folder(scaled)
    found = []
    for who, kinds in big.items():
        missed = over(small[who], kinds)
        most = max(cost.statements for taken in kinds.values() for cost in taken)
        goal = f"≤ {GOAL} ms ({GOAL_MATRIX} for a matrix), ≤ {STATEMENTS} statements, ≤ {GROWTH} × at 1,200"
        found.append(Row(f"pages of {who}", goal, f"{len(kinds)} types, {len(missed)} over, {most} statements at most"))
        for kind, cost, before, goals in missed:
            was = "none" if before is None else f"{before:.1f}"
            result = f"{cost.milliseconds:.1f} ms (at 1,200: {was}), {cost.statements} statements: {goals}"
            found.append(Row(f"· {kind}", "", result))
    return found


if __name__ == "__main__":
    from tests.bench.measured import Measured

    here = Measured(Path(sys.argv[1]), ROLES)
    taken = {
        who: {k: [list(vars(c).values()) for c in found] for k, found in costs(here, who).items()} for who in ROLES
    }
    json.dump(taken, sys.stdout)
