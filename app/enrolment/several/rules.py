"""The steps several people can take at once."""

from __future__ import annotations

from enum import StrEnum

from app.enrolment.seats.rules import Moves


class Step(StrEnum):
    REMIND = "remind"
    YES = "yes"
    NO = "no"
    SUPPORT = "support"
    ACCEPT = "accept"
    MOVE = "move"
    REJECT = "reject"
    REMOVE = "remove"
    PRINT = "print"

    @property
    def asks(self) -> bool:
        """Whether something is to be said, or looked at, before."""
        return self not in (Step.REMIND, Step.YES, Step.SUPPORT, Step.PRINT)

    @property
    def needs_reason(self) -> bool:
        return self in (Step.NO, Step.REJECT, Step.REMOVE)

    @property
    def of_who_runs(self) -> bool:
        return self in (Step.ACCEPT, Step.MOVE, Step.REMOVE)

    def allowed(self, moves: Moves, *, runs: bool) -> bool:
        """By what may be done with one of them; a reminder by what is waited for (its service says)."""
        return {
            Step.REMIND: True,
            Step.PRINT: True,
            Step.YES: moves.phone or moves.answer,
            Step.NO: moves.phone or moves.answer,
            Step.SUPPORT: moves.support,
            Step.ACCEPT: moves.accept,
            Step.MOVE: runs,
            Step.REJECT: moves.reject,
            Step.REMOVE: moves.remove,
        }[self]
