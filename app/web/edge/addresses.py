"""Addresses of views as werkzeug makes them."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug import routing


class Rule(routing.Rule):
    """What makes an address is written when one is first asked for: for hundreds of views, most of them never asked
    for by a process, it was a tenth of the start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def first(self: Rule, **values: object) -> tuple[str, str]:
            name = "_build_unknown" if append_unknown else "_build"
            made: Callable[..., tuple[str, str]]
            made = super()._compile_builder(append_unknown).__get__(self, None)
            setattr(self, name, made)
            return made(**values)

        return first
