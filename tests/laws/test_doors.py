"""The door: every view says who may enter, and the matrix of who may is written down."""

from __future__ import annotations

import csv
import io

from flask import Flask

from app.access.permissions import GRANTS, Role
from app.web.door import PUBLIC, SIGNED_IN
from tests.laws.rooms import ROOT

POLICY = ROOT / "tests/laws/policy.csv"
ROLES = list(Role)


def matrix(app: Flask) -> str:
    """Endpoint × method × role, as the code has it: `x` may enter."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["endpoint", "method", "address", "nobody", *(role.value for role in ROLES)])
    rows = []
    for rule in app.url_map.iter_rules():
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            may = [
                "x" if access in (PUBLIC, SIGNED_IN) or any(p in GRANTS[role] for p in access) else "" for role in ROLES
            ]
            rows.append([rule.endpoint, method, rule.rule, "x" if access == PUBLIC else "", *may])
    writer.writerows(sorted(rows))
    return out.getvalue()


def test_every_view_says_who_may_enter(app: Flask) -> None:
    assert not [name for name, view in app.view_functions.items() if not hasattr(view, "access")]


def test_the_policy_is_the_one_written_down(app: Flask) -> None:
    """A new or changed row is looked at by a person: `python -m tests.laws.policy` writes the file anew."""
    assert matrix(app) == POLICY.read_text("utf-8")
