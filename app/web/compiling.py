"""How templates become code: a page of several thousand pieces is put together once, not handed up piece by piece."""

from __future__ import annotations

from typing import Any

import markupsafe
from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_escaped = getattr(markupsafe, "_escape_inner", escape)
"""What `escape` wraps in an object of its own, which nobody needs of what is only written."""


def written(value: Any) -> str:
    """A value as it stands in a page, as `escape` says it."""
    kind = type(value)
    if kind is str:
        escaped: str = _escaped(value)
        return escaped
    if kind is Markup:
        safe: str = value
        return safe
    return str(value) if kind is int else escape(value)


class Compiler(CodeGenerator):
    """As the library's own, but for two things that each piece of a page went through."""

    def writeline(self, x: Any, node: Any = None, extra: int = 0) -> None:
        """A block is joined where it stands: else every template it is in yields each of its pieces anew."""
        start, _, pieces = x.partition("yield from ") if isinstance(x, str) else (x, "", "")
        super().writeline(f"yield concat({pieces})" if pieces and not start else x, node, extra)

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("written = environment.globals['_written']")

    def _output_child_pre(self, node: Any, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("written(")


def init_env(env: Environment) -> None:
    env.code_generator_class = Compiler
    env.globals["_written"] = written
