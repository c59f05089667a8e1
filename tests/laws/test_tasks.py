"""What the first page says waits for somebody is theirs to do: its address opens, and what is to be done stands there."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from tests.laws.conftest import NOW, World
from tests.laws.rooms import told
from tests.laws.test_crawl import NAMES
from tests.page import Page

OFFERS = {
    r"/programme/pilots/list\?overdue=yes": r"GET /programme/pilots/\d+$",
    r"/programme/pilots/list\?missing=yes": r"GET /programme/pilots/\d+/users",
    r"/programme/documents\?(decide=yes|status=returned)": r"GET /programme/documents/\d+",
    r"/sittings/(\d+)": r"POST /sittings/{key}/save",
    r"/late-marks": r"POST /late-marks/\d+/accept",
    r"/sessions/(\d+)/checklist": r"(POST /sessions/{key}/(finalise|joined-later))|(GET (/sessions/{key})?/(sittings|scores|signed-sheets)\b)",
    r"/assignments#session-(\d+)": r"POST /sessions/{key}/assignments/accept",
    r"/sessions/(\d+)/enrolments": r"GET /sessions/{key}/enrolments/add",
    r"/sessions/(\d+)/enrolments/untold": r"POST (/enrolments/\d+|/sessions/{key}/trainers/\d+)/told",
    r"/sessions/(\d+)/enrolments\?status=nominated": r"POST /enrolments/\d+/accept",
    r"/sessions/(\d+)/enrolments\?status=applied": r"GET /enrolments/\d+",
    r"/nominations/answers\?answer=none": r"POST /enrolments/\d+/answer",
    r"/nominations": r"POST /enrolments/\d+/support",
    r"/sessions/(\d+)/sittings": r"GET /sittings/\d+/edit",
    r"/sessions/(\d+)/sittings/redate": r"POST /sessions/{key}/sittings/redate",
    r"/sessions/on/([-\d]+)": r"POST /sessions/",
    r"/people/doubles\?sign=email": r"GET /people/\d+/merge",
    r"/sessions/(\d+)/certificates": r"POST /sessions/{key}/certificates/issue",
    r"/settings/signatories/new": r"POST /settings/signatories/new",
    r"/users/new": r"POST /users/new",
    r"/people/import": r"POST /people/import",
    r"/people": r"GET /people/\d+",
    r"/trainers/new": r"POST /trainers/new",
    r"/needs/answer": r"GET /needs/answer/\d+/(\d+|last)",
    r"/needs/rounds": r"GET /needs/rounds/\d+",
    r"/programme/visibility/events\?checklist=ahead": r"GET /(sessions|programme/meetings)/\d+/visibility|"
    r"GET /programme/visibility/activities/\d+/checklist",
    r"/programme/visibility\?review=due": r"GET /programme/visibility/strategies/\d+",
    r"/programme/sustainability/measures\?late=yes": r"GET /programme/sustainability/measures/\d+",
    r"/plans/behind": r"GET /sessions/new",
    r"/plans/work": r"GET /plans/\d+/draft",
    r"/programme/field-studies\?late=yes": r"GET /programme/field-studies/\d+",
    r"/needs/team": r"POST /needs/team",
    r"/mail/untold": r"POST /mail/\d+/told",
    r"/programme/actions\?state=late": r"GET /programme/actions/\d+",
    r"/programme/meetings\?state=unmarked": r"GET /programme/meetings/\d+",
    r"/settings/backups": r"POST /settings/backups/make",
}
"""What a page to which a task leads offers, by the address of the task: a form that is sent, or a link that is followed."""
ONE_TAP = re.compile(r"POST (/sessions/\d+/assignments/accept|/enrolments/\d+/(accept|support))")
"""Forms in which nothing is typed: they are sent, too."""


def tasks(html: str) -> list[str]:
    """The addresses of the tasks on a first page."""
    found = re.search(r'<ul class="link-list">(.*?)</ul>', html, re.DOTALL)
    return [unescape(one) for one in re.findall(r'<li><a href="([^"]+)"', found.group(1))] if found else []


def offered(html: str) -> list[str]:
    """The forms one can send (not those whose boxes are all shut) and the links, as `POST /…` and `GET /…`."""
    open_ = re.sub(r"<fieldset disabled>.*?</fieldset>", "", html, flags=re.DOTALL)
    page, free = Page(open_), 'type="radio"' in open_
    forms = [f"POST {form['action']}" for form in page.forms if form["method"] == "post"]
    return [one for one in forms if free or not one.startswith("POST /sittings/")] + [
        f"GET {one}" for one in page.links
    ]


def seen_just_now(world: World) -> None:
    """Nobody's sign-in has run out since the programme was made."""
    with contextlib.closing(sqlite3.connect(world.file)) as rows, rows:
        moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        rows.execute("update sign_ins set created_at = ?, seen_at = ?", (moment, moment))


@pytest.mark.parametrize("days", [0, 1, 3, 8])
def test_every_task_is_somebodys_who_can_do_it(world: World, days: int) -> None:
    wrong, seen = [], set()
    for name in NAMES:
        with time_machine.travel(NOW + timedelta(days=days), tick=True):
            world.anew()
            seen_just_now(world)
            visitor = world.visitor(world.account(name))
            for address in tasks(visitor.get("/").text):
                kinds = [kind for kind in OFFERS if re.fullmatch(kind, address)]
                if not kinds:
                    wrong.append(f"{name}: {address} is a task OFFERS does not know")
                    continue
                seen.add(kinds[0])
                answer = visitor.get(address)
                key = next(iter(re.findall(r"\d+", address)), "")
                wanted = OFFERS[kinds[0]].replace("{key}", key)
                found = (
                    [one for one in offered(answer.text) if re.match(wanted, one)] if answer.status_code == 200 else []
                )
                if not found:
                    wrong.append(f"{name}: {address} answers {answer.status_code} and offers no {wanted}")
                elif ONE_TAP.match(found[0]):
                    sent = visitor.post(found[0].removeprefix("POST "), data={"back": "home"}).status_code
                    if sent != 303:
                        wrong.append(f"{name}: {address}, {found[0]} answers {sent}")
    assert not wrong, told(wrong, "A task goes to whoever can do it: the provider of the slot home.tasks asks that.")
    assert seen, "nothing waited for anybody"
