"""Whatever is typed into an address or a field is answered with a page, never with a failure of ours."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from tests.laws.conftest import World
from tests.laws.crawl import Forms, addresses, by_number, fill, first_of
from tests.laws.rooms import told
from tests.laws.test_crawl import LEAVES, access, rules
from tests.page import Page

HOSTILE = {
    "markup": "a\x00b'\"`;--<script>alert(1)</script>{{7*7}}",
    "percent": "%25%00%_\\%",
    "long": "ş" * 5_000,
    "negative": "-1",
    "huge": "18446744073709551616",
    "just too large": "9223372036854775808",
    "other digits": "٣٤²",
    "formula": "=1+1",
    "half a pair": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "search words": 'AND OR NEAR(" * ^ -',
    "date": "2026-13-45",
    "year": "0000-01-01",
    "infinite": "1e400",
}
ALWAYS = ("q", "sort", "direction", "page", "format", "status", "province", "organisation", "view", "month", "next")
NASTIEST = ("markup", "huge", "other digits")
ALONE = ("huge", "other digits")  # each field by itself: what parses as a number and is none
ODD = "page=2&page=x&q=a&q=b&sort=name&sort=&q=%FF%FE&%00=1"
REMEDY = (
    "What was typed stands in HOSTILE above, by these names. A 500 is a fault of ours (set PROPAGATE to True in"
    " tests/laws/conftest.py for a moment to read its traceback). Read an address's arguments with"
    " `Listing.read` (app/web/listing.py) and fields with the room's form (forms.py): what is no number, date or choice"
    " becomes the usual value there, or an error at its field."
)
NOT_FOUND = (
    "A number nothing has is not found: 404. Write it as <int:…> in the route and load the row with `scope.get(Model,"
    " key)` (app/access/scope.py), or by its parent as well, before anything else is done."
)


def own_pages(world: World, name: str) -> Iterator[tuple[Rule, str]]:
    """Every page an account may open, each once, with an id of theirs."""
    account, oracle = world.account(name), world.oracles[name]
    dice = random.Random(name)
    for rule in rules(world, "GET"):
        if not account.may(access(world, rule)) or rule.endpoint == "health.ready":
            continue
        if not by_number(rule):
            yield rule, fill(rule, {})
            continue
        inside = [a.path for a in addresses(oracle, rule, dice) if a.inside]
        if inside:
            yield rule, inside[0]


def failed(status: int) -> bool:
    return status >= 500


@pytest.mark.parametrize("name", ["koordinator.erzurum", "izleyici"])
def test_no_address_makes_a_page_fail(world: World, name: str) -> None:
    visitor = world.visitor(world.account(name))
    wrong: list[str] = []
    turns = cycle(HOSTILE)  # the nastiest on every page, the others in turn
    for rule, path in own_pages(world, name):
        if rule.rule.endswith((".pdf", ".zip", ".ics")):
            continue
        first = visitor.get(path)
        asked = set(ALWAYS)
        if first.mimetype == "text/html":
            asked |= {str(f["name"]) for f in Page(first.text).fields if f.get("name")}
        for kind in {*NASTIEST, next(turns)}:
            value = HOSTILE[kind]
            answer = visitor.get(path, query_string=dict.fromkeys(asked - {"format"}, value) | {"format": "exe"})
            if failed(answer.status_code):
                wrong.append(f"{path} {kind}: {answer.status_code}")
            if answer.mimetype == "text/html" and "<script>alert(1)" in answer.text:
                wrong.append(f"{path} {kind}: written as markup")
        for query in ("page=999999999", ODD):
            answer = visitor.get(f"{path}?{query}")
            if failed(answer.status_code):
                wrong.append(f"{path}?{query}: {answer.status_code}")
    assert not wrong, told(wrong, REMEDY)


@pytest.mark.parametrize("name", ["admin"])
def test_no_filter_alone_makes_a_list_fail(world: World, name: str) -> None:
    """One at a time, so that the first one refused does not hide the others."""
    visitor = world.visitor(world.account(name))
    wrong: list[str] = []
    for rule, path in own_pages(world, name):
        if "<" in rule.rule and not rule.rule.endswith(("add", "balance", "enrolments")):
            continue
        first = visitor.get(path)
        if first.mimetype != "text/html":
            continue
        for one in {str(f["name"]) for f in Page(first.text).fields if f.get("name")} | {"page", "sort", "q"}:
            for kind in ALONE:
                answer = visitor.get(path, query_string={one: HOSTILE[kind]})
                if failed(answer.status_code):
                    wrong.append(f"{path}?{one}= {kind}: {answer.status_code}")
    assert not wrong, told(wrong, REMEDY)


def test_no_number_in_an_address_makes_a_page_fail(world: World) -> None:
    """0, negative, larger than the database can hold: not found."""
    account = world.account("admin")
    visitor = world.visitor(account)
    wrong = []
    for method in ("GET", "POST"):
        for rule in rules(world, method):
            if not by_number(rule) or not account.may(access(world, rule)):
                continue
            for number in (0, -1, 2**63 - 1, 2**63):
                path = fill(rule, {first_of(rule): number})
                answer = visitor.get(path) if method == "GET" else visitor.post(path, data={"reason": "x"})
                if answer.status_code != 404:
                    wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, told(wrong, NOT_FOUND)


def test_no_child_s_number_makes_a_page_fail(world: World) -> None:
    account, oracle = world.account("admin"), world.oracles["admin"]
    visitor = world.visitor(account)
    wrong = []
    for method in ("GET", "POST"):
        for rule in rules(world, method):
            if rule.rule.count("<int:") != 2:
                continue
            parent = min(oracle.reach_of(rule), default=1)  # where nothing is theirs nothing is found either
            for number in (0, 2**63, 2**64):
                path = fill(rule, {first_of(rule): parent}).replace("987654", str(number))
                answer = visitor.get(path) if method == "GET" else visitor.post(path, data={"reason": "x"})
                if answer.status_code != 404:
                    wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, told(wrong, NOT_FOUND)


CHOICE = re.compile(r'<(?:select|input(?=[^>]*type="(?:radio|checkbox)"))[^>]*? name="([^"]+)')


def every_form(world: World, name: str) -> dict[str, tuple[dict[str, str], set[str]]]:
    """Each POST form an account meets on their pages: its fields with what stands in them, and which offer choices."""
    account = world.account(name)
    visitor = world.visitor(account)
    found: dict[str, tuple[dict[str, str], set[str]]] = {}
    kinds: set[object] = set()
    for _, path in own_pages(world, name):
        answer = visitor.get(path)
        if answer.mimetype != "text/html":
            continue
        for method, action, fields in Forms(answer.text).forms:
            target = (action or path).split("?")[0]
            rule = world.app.url_map.bind("localhost").match(target, method="POST") if method == "post" else None
            if rule is not None and (rule[0], frozenset(fields)) not in kinds and rule[0] not in LEAVES:
                kinds.add((rule[0], frozenset(fields)))
                found.setdefault(target, (fields, set(CHOICE.findall(answer.text))))
    return found


def endpoint(world: World, path: str) -> str:
    return str(world.app.url_map.bind("localhost").match(path, method="POST")[0])


@pytest.mark.parametrize("name", ["admin", "egitmen", "personel"])
def test_no_field_makes_a_form_fail(world: World, name: str) -> None:
    """All fields at once, then each one alone among good ones; a field sent twice, and all good ones with a NUL too.

    Fields that differ by a number only (a mark for each participant) are one.
    """
    visitor = world.visitor(world.account(name))
    wrong: list[str] = []
    forms = every_form(world, name)
    assert len(forms) > 3, told(
        forms,
        f"{name} meets these forms alone, so hardly anything was tried: `every_form` above finds forms on the pages of"
        " `own_pages`. Has a page lost its forms, or the account its rows in the example programme?",
    )
    alone: set[tuple[str, str]] = set()

    def send(path: str, what: str, data: object) -> None:
        answer = visitor.post(path, data=data)
        if failed(answer.status_code):
            wrong.append(f"{path} {what}: {answer.status_code}")

    for path, (good, offered) in forms.items():
        kept = {k: v for k, v in good.items() if k not in ("csrf_token", "request_key")}
        version = {"version": kept.get("version", "")}
        for kind, value in HOSTILE.items():
            send(path, kind, dict.fromkeys(kept, value) | version)
        kinds_of_fields = {(endpoint(world, path), re.sub(r"\d+", "N", field)): field for field in kept}
        for known in sorted(kinds_of_fields.keys() - alone):
            alone.add(known)
            field = kinds_of_fields[known]
            # one of some choices is looked up among them, whatever number it is no choice
            for kind in ALONE[:1] if field in offered else ALONE:
                send(path, f"{field}= {kind}", kept | {field: HOSTILE[kind]})
        send(path, "twice", MultiDict([(k, v) for k, v in kept.items() for v in (v, "-1")]))
        send(path, "nul", {k: f"{v[:1]}\x00{v[1:]}" for k, v in kept.items()})
    assert not wrong, told(wrong, REMEDY)
