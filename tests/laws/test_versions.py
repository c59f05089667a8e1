"""What two may change at once is compared: the page says which state its form was drawn from."""

from __future__ import annotations

import inspect
import random
import re
from collections.abc import Callable
from itertools import chain

from tests.laws.conftest import World
from tests.laws.crawl import addresses, by_number, fill
from tests.laws.rooms import told
from tests.page import Page

COMPARED = re.compile(r"\.same_(version|stamp)\(")
TRIES = 30
"""Things of each kind whose pages are opened until one has the form: of what is over, some have none any more."""
STANDS: dict[str, Callable[[str], str]] = {
    "marks.set_state": lambda path: path.removesuffix("/state"),
    "studies.tick_steps": lambda path: path.removesuffix("/steps"),
    "findings.decide_finding": lambda path: path.rpartition("/")[0],
    "transfers.transfer_person": lambda path: f"{path}?organisation=1",
    "texts.reword": lambda _: "/settings/texts/enrolment.notices.invitation/tr",
    "wording.change_wording": lambda _: "/settings/wording/thanks",
}
"""Where a form stands that is sent to another address, or whose address says no number."""


def test_a_form_that_is_compared_says_what_it_was_drawn_from(world: World) -> None:
    account = world.account("admin")
    visitor, oracle, dice = world.visitor(account), world.oracles[account.name], random.Random(1)
    lacking = []
    for rule in world.app.url_map.iter_rules():
        view = inspect.unwrap(world.app.view_functions[rule.endpoint])
        if "POST" not in (rule.methods or ()) or not COMPARED.search(inspect.getsource(view)):
            continue
        if rule.rule.endswith("/new") and len(list(world.app.url_map.iter_rules(rule.endpoint))) > 1:
            continue  # what is changed at another address is added at this one, where nothing stands yet
        own = chain.from_iterable(addresses(oracle, rule, dice) for _ in range(TRIES)) if by_number(rule) else ()
        paths = dict.fromkeys([one.path for one in own if one.inside] or [fill(rule, {})])
        pages = (visitor.get(STANDS.get(rule.endpoint, str)(path)) for path in paths)
        versions = (form["hidden"].get("version") for page in pages for form in Page(page.text).forms)
        if not any(versions):
            lacking.append(f"{rule.endpoint} ({rule})")
    assert not lacking, told(
        lacking,
        "Whoever sends this form is told that somebody else was faster. Make it with `obj=`, or `knows` (app/web/forms.py,"
        " app/settings/forms.py); name in STANDS where it stands.",
    )
