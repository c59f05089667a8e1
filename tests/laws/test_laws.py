"""A broken law says what to do about it."""

from __future__ import annotations

import ast

from tests.laws.rooms import ROOT, told

ARRANGED = {"stage", "house", "monkeypatch"}  # who arranges a case of their own tells it in plain assertions


def test_every_assertion_says_what_to_do() -> None:
    silent = []
    for path in sorted((ROOT / "tests/laws").glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if ARRANGED & {argument.arg for argument in node.args.args}:
                continue
            bare = [each for each in ast.walk(node) if isinstance(each, ast.Assert) and each.msg is None]
            silent += [f"{path.name}:{each.lineno} {node.name}: assert {ast.unparse(each.test)}" for each in bare]
    assert not silent, told(
        silent,
        "These say that something is wrong, and not what to do. Name what it is and the way out:"
        ' `assert not guilty, told(guilty, "…")` (tests/laws/rooms.py).',
    )
