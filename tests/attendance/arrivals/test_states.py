"""The queue of a browser as a state machine: whatever is tapped, lost on the way, sent again or decided by another hand,
each tap is one mark, or stands there with the reason. `Phone` does what `choose`, `deliver` and `settle` of `roll.js` do.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.access.scope import EVERYWHERE
from app.attendance import queries
from app.attendance.models import LateMark, MarkChange
from app.core.db import db
from tests.cast import DURING, assemble, group
from tests.conftest import Stage

NOBODY = 900_000
"""An enrolment without a seat: what is tapped for it is refused."""
WORDS = st.sampled_from(["present", "absent", "late:20", ""])
ROWS = st.sampled_from([0, 0, 1, 2])  # the last is nobody's
Tap = dict[str, Any]


class Phone:
    """Taps in their order, of whatever row; `page`: what its page says stands there."""

    keys = count()

    def __init__(self) -> None:
        self.taps: list[Tap] = []
        self.page: dict[int, str] = {}

    def last(self, row: int) -> Tap | None:
        return next((tap for tap in reversed(self.taps) if tap["row"] == row), None)

    def shown(self, row: int) -> str:
        last = self.last(row)
        return str(last["word"]) if last else self.page.get(row, "")

    def choose(self, row: int, word: str) -> None:
        last = self.last(row)
        if last and not last["tried"] and not last["parked"]:
            if word == last["was"] and sum(tap["row"] == row for tap in self.taps) == 1:
                self.taps.remove(last)
            else:
                last["word"] = word
            return
        if last and last["parked"]:
            self.taps.remove(last)
            last = None
        was = last["word"] if last else self.page.get(row, "")
        if word != was:
            tap = {"key": f"key-{next(self.keys):08}", "row": row, "was": was, "word": word}
            self.taps.append(tap | {"tried": False, "parked": ""})

    def batch(self) -> list[Tap]:
        """Of each row the oldest, if that is not parked."""
        oldest = {tap["row"]: tap for tap in reversed(self.taps)}
        found = [tap for tap in self.taps if oldest[tap["row"]] is tap and not tap["parked"]]
        for tap in found:
            tap["tried"] = True
        return found

    def settle(self, answers: list[dict[str, str]]) -> None:
        known = {answer["key"]: answer for answer in answers}
        for tap in [tap for tap in self.taps if tap["key"] in known]:
            answer = known[tap["key"]]
            if answer["became"] in ("saved", "conflict"):
                self.page[tap["row"]] = answer["stands"]
            after = [one for one in self.taps if one["row"] == tap["row"] and one is not tap]
            refused = answer["became"] in ("refused", "conflict")
            if refused and not after:
                tap["parked"] = answer["became"]
                continue
            self.taps.remove(tap)
            if refused:
                after[0]["was"] = tap["was"]


class Roll(RuleBasedStateMachine):
    app: Flask
    fresh: Any

    @initialize()
    def begin(self) -> None:
        self.fresh()
        self.stage = Stage(self.app, assemble())
        stands = group(self.stage.cast)
        self.sitting = stands.sittings[0]
        self.rows = [*list(stands.enrolments.values())[:2], NOBODY]
        self.phone, self.stands, self.meant = Phone(), dict[int, str](), dict[int, str]()
        self.delivered: set[str] = set()

    def post(self, who: str, *items: dict[str, Any]) -> list[dict[str, str]]:
        browser, user = getattr(self.stage, who), self.stage.cast.users[who]
        answer = browser.post("/roll/queue", json={"user": user, "items": list(items)})
        assert answer.status_code == 200, answer.text
        db.session.rollback()
        found: list[dict[str, str]] = answer.get_json()["answers"]
        return found

    def item(self, tap: Tap) -> dict[str, Any]:
        place = {"sitting": str(self.sitting), "enrolment": str(self.rows[tap["row"]])}
        return place | {name: tap[name] for name in ("key", "was", "word")}

    @rule(row=ROWS, word=WORDS)
    def tap(self, row: int, word: str) -> None:
        if word != self.phone.shown(row):
            self.meant[row] = word
        self.phone.choose(row, word)
        if self.phone.last(row) is None:
            self.meant.pop(row, None)  # as far as the phone knows it stands there

    @rule(fate=st.sampled_from(["arrives", "answer lost", "answer lost", "never left"]))
    def send(self, fate: str) -> None:
        batch = self.phone.batch()
        if fate == "never left" or not batch:
            return
        answers = self.post("trainer", *map(self.item, batch))
        assert sorted(answer["key"] for answer in answers) == sorted(tap["key"] for tap in batch)
        self.expect(batch, {answer["key"]: answer["became"] for answer in answers})
        if fate == "arrives":
            self.phone.settle(answers)

    def expect(self, batch: list[Tap], became: dict[str, str]) -> None:
        """What the rules say of each: sent before, nobody's, as it is, changed by another hand, or new."""
        for tap in batch:
            now = self.stands.get(tap["row"], "")
            if tap["key"] in self.delivered or tap["word"] in (now, tap["was"]):
                right = "saved"
            elif self.rows[tap["row"]] == NOBODY:
                right = "refused"
            elif now not in (tap["was"], tap["word"]):
                right = "conflict"
            else:
                right = "saved"
                self.stands[tap["row"]] = tap["word"]
                self.delivered.add(tap["key"])
            assert became[tap["key"]] == right, (tap, now)

    @rule(row=st.integers(0, 1), word=WORDS)
    def another_hand(self, row: int, word: str) -> None:
        now = self.stands.get(row, "")
        if word == now:
            return
        tap = {"key": f"other-{next(Phone.keys):08}", "row": row, "was": now, "word": word}
        assert [one["became"] for one in self.post("coordinator", self.item(tap))] == ["saved"]
        self.stands[row] = word
        if all(one["key"] in self.delivered for one in self.phone.taps if one["row"] == row):
            self.meant.pop(row, None)  # decided since; the phone has said all it had to say

    @rule()
    def opened_again(self) -> None:
        self.phone.page = dict(self.stands)

    @invariant()
    def the_database_says_what_the_rules_do(self) -> None:
        if not hasattr(self, "sitting"):
            return
        found = {key[1]: mark.spelled for key, mark in queries.marks([self.sitting]).items()}
        said = {self.rows[row]: word for row, word in self.stands.items() if word}
        assert {key: word for key, word in found.items() if word} == said

    def teardown(self) -> None:
        if not hasattr(self, "sitting"):
            return
        for _ in range(40):
            if not self.phone.batch():
                break
            self.send("arrives")
        assert all(tap["parked"] for tap in self.phone.taps), "nothing waits for ever"
        for row, word in self.meant.items():
            last = self.phone.last(row)
            assert (last and last["parked"] and last["word"] == word) or self.stands.get(row, "") == word, (row, word)
        keys = sa.select(MarkChange.request_key).where(MarkChange.request_key.is_not(None))
        sent = list(db.session.scalars(EVERYWHERE.restrict(keys, MarkChange)))
        assert len(sent) == len(set(sent)), "none twice"
        assert not db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(LateMark.id)), LateMark)), (
            "the sheet is open"
        )
        db.session.rollback()


def test_the_queue_as_a_state_machine(app: Flask) -> None:
    """One database, emptied for each run."""

    def fresh() -> None:
        db.session.rollback()
        db.session.remove()
        db.drop_all()
        db.create_all()

    Roll.app, Roll.fresh = app, staticmethod(fresh)
    with time_machine.travel(DURING, tick=False):
        run_state_machine_as_test(
            Roll,
            settings=settings(
                max_examples=25,
                phases=[Phase.generate],
                derandomize=True,
                stateful_step_count=24,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
