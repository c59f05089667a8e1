"""The door: every view says who may enter, and the matrix of who may is written down."""

from __future__ import annotations

import csv
import difflib
import io

import pytest
from flask import Flask

import config
from app import create_app
from app.access import gate
from app.access.permissions import GRANTS, Role
from app.web.door import PUBLIC, SIGNED_IN
from tests.laws.rooms import ROOT, told

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


def test_every_view_says_who_may_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made without the check that would stop the start at such a view, and this test before it could speak."""
    monkeypatch.setattr(gate, "check_doors", lambda app: None)
    app = create_app(config.Testing())
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    assert not silent, told(
        silent,
        "These views do not say who may enter. Write @require(Permission.…), @signed_in or @public (app/web/door.py)"
        " under the route; which role holds which permission stands in app/access/permissions.py.",
    )


def test_the_policy_is_the_one_written_down(app: Flask) -> None:
    """A new or changed row is looked at by a person."""
    written, real = POLICY.read_text("utf-8"), matrix(app)
    difference = list(difflib.unified_diff(written.splitlines(), real.splitlines(), n=0, lineterm=""))
    assert real == written, told(
        [written.partition("\n")[0], *(line for line in difference[2:] if not line.startswith("@@"))],
        "In these rows the code (+) says other than tests/laws/policy.csv (-). If that is meant, run"
        " `.venv/bin/python -m tests.laws.policy` to write the file anew and commit it; if not, mend the view's"
        " @require(…) or GRANTS in app/access/permissions.py.",
    )
