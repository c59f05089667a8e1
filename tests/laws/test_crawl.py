"""Everybody of the example programme tries every address, with rows that are theirs and rows that are not."""

from __future__ import annotations

import csv
import difflib
import io
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openpyxl.reader.excel import load_workbook
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.permissions import Role
from app.web.door import PUBLIC
from tests.laws.conftest import World
from tests.laws.crawl import NEVER, Account, addresses, by_number, fill, first_of, state
from tests.laws.rooms import told
from tests.page import Page

NAMES = (
    "admin",
    "koordinator.diyarbakir",
    "koordinator.erzurum",
    "koordinator.gaziantep",
    "koordinator.sanliurfa",
    "ik.haliliye",
    "egitmen",
    "personel",
    "izleyici",
)
OPENS = {200, 302, 303}
# Pages of a state a session is not in, or of a thing that is not there yet: refused to everybody in the same words.
NOT_NOW = {404, 409, 422}
LEAVES = {"sign_in.sign_out", "sign_in.end_other_sign_ins"}
DOOR = "Who may enter is said by @require(…) on the view and GRANTS in app/access/permissions.py"
LENS = "whose a row is by `caller.scope_for(Permission.…)`, through which the view loads it (app/access/scope.py)"
REACH = f"{DOOR}; {LENS}. If she is meant to reach more or less than before, say so in Oracle (tests/laws/crawl.py)."
KEPT = (
    "Forms that were refused left this behind. Only the edge commits, and only what succeeded (app/web/edge/transaction.py):"
    " look for a commit in a service or a hook, and remember a mere look with `journal.trace`."
)


def rules(world: World, method: str) -> list[Rule]:
    return [r for r in world.app.url_map.iter_rules() if method in (r.methods or ()) and r.endpoint != "static"]


def access(world: World, rule: Rule) -> Any:
    return getattr(world.app.view_functions[rule.endpoint], "access", ())


def numbered(world: World, method: str) -> list[Rule]:
    return [rule for rule in rules(world, method) if by_number(rule)]


def drafts(world: World) -> set[int]:
    return {r[0] for r in world.rows.execute("select id from course_sessions where status = 'draft'")}


def offered_elsewhere(world: World) -> set[int]:
    sql = (
        "select s.id from course_sessions s join session_audiences a on a.course_session_id = s.id"
        " where a.province_id <> s.province_id"
    )
    return {r[0] for r in world.rows.execute(sql)}


def same(answer: TestResponse, path: str) -> str:
    """An answer without what may differ: its own address, the reference and the tokens of the request."""
    text = answer.text.replace(answer.headers["X-Request-Id"], "")
    text = re.sub(r'name="(csrf_token|request_key)" value="[^"]*"', "", text)
    return text.replace(path, "").replace(path.replace("/", "%2F"), "")


def difference(one: TestResponse, other: TestResponse) -> str:
    lines = difflib.unified_diff(other.text.splitlines(), one.text.splitlines(), lineterm="", n=0)
    return " ".join(line.strip() for line in lines)[:600]


@pytest.mark.parametrize("name", NAMES)
def test_everybody_opens_what_is_hers_and_nothing_else(world: World, name: str) -> None:
    account = world.account(name)
    visitor, oracle = world.visitor(account), world.oracles[name]
    dice = random.Random(name)
    traps = drafts(world) | offered_elsewhere(world)
    wrong: list[str] = []
    for rule in numbered(world, "GET"):
        if not account.may(access(world, rule)):
            answer = visitor.get(fill(rule, {first_of(rule): 1}))
            if answer.status_code != 403:
                wrong.append(f"{rule.rule}: {answer.status_code} without permission")
            continue
        sessions = first_of(rule) in ("course_session_id", "key") and rule.rule.startswith("/sessions/")
        missing = fill(rule, {first_of(rule): NEVER})
        absent = visitor.get(missing)
        if absent.status_code != 404:
            wrong.append(f"{missing}: {absent.status_code}, and nothing is there")
        for address in addresses(oracle, rule, dice, traps=traps if sessions else set()):
            answer = visitor.get(address.path)
            if address.inside and answer.status_code not in OPENS | NOT_NOW:
                wrong.append(f"{address.path}: {answer.status_code}, and it is hers")
            if address.inside and rule.endpoint in MUST_OPEN and answer.status_code not in OPENS:
                wrong.append(f"{address.path}: {answer.status_code}, and it always opens")
            if not address.inside and answer.status_code != 404:
                wrong.append(f"{address.path}: {answer.status_code}, and it is not hers")
            if not address.inside and same(answer, address.path) != same(absent, missing):
                wrong.append(f"{address.path}: foreign looks other than missing: {difference(answer, absent)}")
    assert not wrong, told(wrong, f"So {name} was answered. {REACH}")


MUST_OPEN = {
    "employees.show_person",
    "sessions.show_session",
    "sittings.list_sittings",
    "seats.show_enrolments",
    "seats.show_enrolment",
    "marks.show_attendance",
    "marks.show_sitting",
    "register.show",
    "register.pdf",
    "jobs.show",
    "jobs.file",
    "organisations.show_organisation",
    "trainers.show_trainer",
    "venues.show_venue",
    "rooms.show_room",
    "users.show_user",
    "plans.show_plan",
    "catalogue.show_course",
}


def test_nobody_is_asked_to_sign_in(world: World) -> None:
    stranger = world.visitor(None)
    wrong = []
    for method in ("GET", "POST"):
        for rule in rules(world, method):
            if access(world, rule) == PUBLIC:
                continue
            path = fill(rule, {first_of(rule): 1}) if by_number(rule) else fill(rule, {})
            answer = stranger.get(path) if method == "GET" else stranger.post(path, data={"note": "x"})
            to_sign_in = urlsplit(answer.location or "").path == "/sign-in"
            if (
                answer.status_code not in (302, 303)
                or not to_sign_in
                or (method == "POST" and "303" not in answer.status)
            ):
                wrong.append(f"{method} {path}: {answer.status}")
    assert not wrong, told(
        wrong,
        "These do not send a stranger to /sign-in (302 for a GET, 303 for a POST). Only @public views answer without"
        " a sign-in; `gate` (app/access/gate.py) sends everybody else there: look for what answers before it.",
    )


# --- what a page shows ---------------------------------------------------------------------------------


class Crawl:
    """From one page on, every link inside the application, a few of each kind (an address without its numbers)."""

    def __init__(self, world: World, account: Account, *, each: int, most: int, suffix: str = "") -> None:
        self.visitor, self.each, self.most, self.suffix = world.visitor(account), each, most, suffix
        self.pages: dict[str, str] = {}
        self.wrong: list[str] = []

    def run(self, start: str = "/") -> Crawl:
        waiting, kinds, known = deque([(start, "the start")]), Counter[str](), {start}
        while waiting and len(self.pages) < self.most:
            path, source = waiting.popleft()
            page = self._look(path, source)
            for link in page.links if page else ():
                parts = urlsplit(link)
                if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/static/"):
                    continue
                address = parts.path + (f"?{parts.query}" if parts.query else "")
                names = ",".join(sorted(k for k, _ in parse_qsl(parts.query)))
                if "lang" in names or "theme" in names:
                    continue
                kind = re.sub(r"\d+", "#", parts.path) + "?" + names
                if address in known or kinds[kind] >= self.each:
                    continue
                known.add(address)
                kinds[kind] += 1
                waiting.append((address, path))
        return self

    def _look(self, path: str, source: str) -> Page | None:
        asked = path + (("&" if "?" in path else "?") + self.suffix if self.suffix else "")
        answer = self.visitor.get(asked, follow_redirects=True)
        if answer.status_code != 200:
            self.wrong.append(f"{source} leads to {path}: {answer.status_code}")
        if answer.mimetype != "text/html":
            return None
        page = Page(answer.text, fragment="<html" not in answer.text)
        if answer.status_code == 200:
            self.pages[path] = answer.text
        self.wrong += [f"{asked}: {what}" for what in page.criticise()]
        return page


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(world: World, name: str) -> None:
    account = world.account(name)
    turkish = Crawl(world, account, each=1, most=100 if account.role is Role.ADMINISTRATOR else 55).run()
    remedy = (
        "Offer a link only to whom it will open (`caller.may(Permission.…)`, or a row her scope sees); what else is"
        " said of a page was found by the critic in tests/page.py and is mended in the page's template."
    )
    assert not turkish.wrong, told(turkish.wrong, remedy)
    assert len(turkish.pages) >= 3, told(
        turkish.pages,
        f"{name} comes no further than this from the start page: something has lost its links. The menu is the slot"
        " `nav` (app/web/slots.py), filled in each room's init_app.",
    )
    if name in ("koordinator.erzurum", "ik.haliliye", "egitmen", "personel"):
        english = Crawl(world, account, each=1, most=30, suffix="lang=en").run()
        assert not english.wrong, told(english.wrong, remedy)


TURKISH = (
    "select name_tr from provinces union select short_name from organisations union select institution from trainers"
    " union select reason from plan_items union select state_reason from sittings"
    " union select reason from session_changes union select reason from enrolment_changes"
)
"""What is Turkish in either language: places, and what somebody wrote."""


@pytest.mark.parametrize("name", ["admin", "koordinator.gaziantep", "egitmen"])
def test_turkish_on_an_english_page_says_so(world: World, name: str) -> None:
    """As screen readers speak a word in the language its element names."""
    turkish = {text for (text,) in world.rows.execute(TURKISH) if text}
    turkish -= {text for (text,) in world.rows.execute("select name_en from organisations")}
    crawl = Crawl(world, world.account(name), each=1, most=45, suffix="lang=en").run()
    wrong = {
        f"{path}: {text}"
        for path, html in crawl.pages.items()
        for piece in Page(html).own
        for text in re.split(r" · |, |: |^\(|\)$", piece)
        if text in turkish
    }
    assert not wrong, told(
        sorted(wrong),
        'Show a name with `spoken(thing, "name")` and what somebody wrote with `| turkish` (app/language/__init__.py).',
    )
    seen = sum(html.count('<span lang="tr">') for html in crawl.pages.values())
    assert seen, "no page said that anything is Turkish: nothing was looked at"


def test_the_viewer_never_sees_a_name(world: World) -> None:
    """Neither by links nor by typing an address: no colleague's name stands in anything they can reach."""
    account = world.account("izleyici")
    crawl = Crawl(world, account, each=6, most=80).run()
    pages = dict(crawl.pages)
    for rule in rules(world, "GET"):
        if not by_number(rule) and account.may(access(world, rule)):
            answer = world.visitor(account).get(fill(rule, {}), follow_redirects=True)
            pages[rule.rule] = answer.data.decode("utf-8", "replace")  # a drawn file is none
    people = list(world.rows.execute("select given_name, family_name, email, registry_no from employees"))
    names = {f"{given} {family}" for given, family, _, _ in people} | {mail for _, _, mail, _ in people if mail}
    own = {r[0] for r in world.rows.execute("select given_name || ' ' || family_name from users where id = 9")}
    for path, text in pages.items():
        seen = [name for name in names - own if name in text]
        assert not seen, told(
            seen[:3],
            f"{path} shows these people to the viewer, who sees figures only. Leave them out of what its query reads,"
            " or require a permission that Role.VIEWER has not (GRANTS in app/access/permissions.py).",
        )
    assert "/reports" in pages, told(
        pages,
        f"The viewer reaches these alone, no longer /reports: nothing was looked at. {DOOR}.",
    )


def test_a_trainer_sees_names_but_not_how_to_reach_them(world: World) -> None:
    account = world.account("egitmen")
    crawl = Crawl(world, account, each=4, most=80).run()
    visitor, oracle = world.visitor(account), world.oracles["egitmen"]
    session = max(oracle.run)
    for path in (
        f"/sessions/{session}/enrolments?format=csv",
        "/sessions?format=csv",
        f"/sessions/{session}/sheet.pdf",
    ):
        answer = visitor.get(path)
        crawl.pages[path] = answer.text if (answer.mimetype or "").startswith("text/") else ""
    people = list(world.rows.execute("select registry_no, email, phone from employees where user_id is not 7"))
    secret = {value for row in people for value in row[1:] if value}
    registry = re.compile(
        r"(?<![\w-])(" + "|".join(sorted({re.escape(r[0]) for r in people if len(r[0]) > 3})) + r")(?![\w-])"
    )
    shown = " ".join(crawl.pages.values())
    assert any(f"{g} {f}" in shown for g, f in world.rows.execute("select given_name, family_name from employees")), (
        f"no page the trainer reaches names a participant: nothing was looked at. {DOOR}; {LENS}."
    )
    for path, text in crawl.pages.items():
        seen = [one for one in secret if one in text]
        seen += registry.findall(re.sub(r"<[^>]*>", " ", text))
        assert not seen, told(
            seen[:3],
            f"{path} shows a trainer these addresses, telephone or registry numbers of staff; she sees names and marks."
            " Show such a column only where `caller.may(Permission.PERSON_READ)`.",
        )


# --- what is sent --------------------------------------------------------------------------------------


def grown(before: dict[str, int], after: dict[str, int]) -> list[str]:
    return [f"{table}: {count} rows became {after[table]}" for table, count in before.items() if after[table] != count]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_sent_where_one_may_not(world: World, name: str) -> None:
    """Without the permission 403, with a foreign or missing id 404; the database stays as it was."""
    account = world.account(name)
    visitor, oracle = world.visitor(account), world.oracles[name]
    dice = random.Random(name)
    traps = offered_elsewhere(world)
    before, wrong = state(world.file), []
    for rule in rules(world, "POST"):
        if not account.may(access(world, rule)):
            path = fill(rule, {first_of(rule): 1}) if by_number(rule) else fill(rule, {})
            answer = visitor.post(path)
            if answer.status_code != 403:
                wrong.append(f"{path}: {answer.status_code} without permission")
        elif by_number(rule):
            sessions = rule.rule.startswith("/sessions/")
            found = addresses(oracle, rule, dice, traps=traps if sessions else set())
            foreign = [a.path for a in found if not a.inside]
            for path in [*foreign, fill(rule, {first_of(rule): NEVER})]:
                answer = visitor.post(path, data={"reason": "x", "version": "1"})
                if answer.status_code != 404:
                    wrong.append(f"{path}: {answer.status_code}, and it is not hers")
    assert not wrong, told(wrong, f"So {name}'s forms were answered. {REACH}")
    after = state(world.file)
    assert after == before, told(grown(before, after), KEPT)


@pytest.fixture
def strict(world: World) -> Iterator[World]:
    world.app.config["WTF_CSRF_ENABLED"] = True
    yield world
    world.app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("name", ["admin", "ik.haliliye", "egitmen", "personel"])
def test_no_form_is_carried_out_without_its_token(strict: World, name: str) -> None:
    account = strict.account(name)
    visitor, oracle = strict.visitor(account), strict.oracles[name]
    dice = random.Random(name)
    before, wrong = state(strict.file), []
    for rule in rules(strict, "POST"):
        if not account.may(access(strict, rule)):
            continue
        own = [a.path for a in addresses(oracle, rule, dice) if a.inside] if by_number(rule) else [fill(rule, {})]
        for path in own:
            answer = visitor.post(path, data={"reason": "x", "version": "1"})
            if answer.status_code != 400:
                wrong.append(f"{path}: {answer.status_code}")
    assert not wrong, told(
        wrong,
        "Without its csrf_token every form is answered with 400, by CSRFProtect (app/web/__init__.py) before the view"
        " begins. Take away what exempts these, or answers them earlier.",
    )
    after = state(strict.file)
    assert after == before, told(grown(before, after), KEPT)


# --- what is taken away --------------------------------------------------------------------------------


def cells(answer: TestResponse) -> list[list[str]]:
    if answer.mimetype == "text/csv":
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    book = load_workbook(io.BytesIO(answer.data), read_only=True)  # type: ignore[no-untyped-call]  # it has no types
    return [[str(v) if v is not None else "" for v in row] for sheet in book for row in sheet.values]


def dangerous(value: str) -> bool:
    return bool(re.match(r"[=+@\t\r]|-(?![\d–-])", value)) and len(value) > 1


@pytest.mark.parametrize("name", NAMES[:2] + NAMES[5:])
def test_files_hold_what_the_pages_show_and_no_formulas(world: World, name: str) -> None:
    """Every list's file: no row of a person outside, and no cell a spreadsheet would run."""
    account = world.account(name)
    visitor, oracle = world.visitor(account), world.oracles[name]
    inside: set[str] = set()
    outside: set[str] = set()
    taught = {
        e for e, s in world.rows.execute("select employee_id, course_session_id from enrolments") if s in oracle.run
    }
    for key, given, family in world.rows.execute("select id, given_name, family_name from employees"):
        (inside if key in oracle.people | taught else outside).add(f"{given} {family}")
    outside -= inside
    outside -= {f"{g} {f}" for g, f in world.rows.execute("select given_name, family_name from users")}
    outside -= {f"{g} {f}" for g, f in world.rows.execute("select given_name, family_name from trainers")}
    wrong: list[str] = []
    files = 0
    session = max(oracle.run | oracle.offered, default=None)
    paths = [r.rule for r in rules(world, "GET") if not set("<.") & set(r.rule) and account.may(access(world, r))]
    if session:
        paths.append(f"/sessions/{session}/enrolments")
    for path in paths:
        for kind in ("csv", "xlsx"):
            answer = visitor.get(path, query_string={"format": kind})
            if "attachment" not in answer.headers.get("Content-Disposition", ""):
                continue
            files += 1
            for row in cells(answer):
                wrong += [f"{path} {kind}: shows {cell}" for cell in row if cell in outside]
                if kind == "csv":
                    wrong += [f"{path} {kind}: {cell!r}" for cell in row if dangerous(cell)]
            if kind == "xlsx":
                book = load_workbook(io.BytesIO(answer.data))  # type: ignore[no-untyped-call]  # it has no types
                wrong += [
                    f"{path} formula in {cell.coordinate}"
                    for sheet in book
                    for line in sheet.iter_rows()
                    for cell in line
                    if cell.data_type == "f"
                ]
    assert not wrong, told(
        wrong[:20],
        f"This stands in {name}'s files. Whom a file shows is decided by the scope its rows are read with; a cell that"
        " begins like a formula is disarmed by write_csv and write_xlsx (app/files/sheets.py), so let `export`"
        " (app/web/listing.py) write the file.",
    )
    if account.role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.FOCAL_POINT):
        assert files >= 6, (
            f"only {files} of {name}'s lists gave a file, so hardly anything was looked at. A list answers ?format=csv"
            " and ?format=xlsx with `export` (app/web/listing.py)."
        )
