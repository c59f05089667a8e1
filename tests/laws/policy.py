"""`python -m tests.laws.policy` writes tests/laws/policy.csv anew, for a person to look at the difference."""

from __future__ import annotations

from app import create_app
from config import Testing
from tests.laws.test_doors import POLICY, matrix

if __name__ == "__main__":
    POLICY.write_text(matrix(create_app(Testing())), "utf-8")
