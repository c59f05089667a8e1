from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.certificates.stage import Given, arrange


@pytest.fixture
def given(cast: Cast) -> Given:
    return arrange(cast)
