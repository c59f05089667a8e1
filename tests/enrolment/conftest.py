"""What the tests of enrolment share."""

from __future__ import annotations

import pytest

from tests.cast import Cast


@pytest.fixture
def elif_(cast: Cast) -> int:
    return cast.employees["elif"]
