from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from app.language import catalogues


def test_a_program_that_is_somebody_elses_says_what_to_do(tmp_path: Path) -> None:
    """The service may not write into its own program; after an upgrade its words are older than what they are made of."""
    po = tmp_path / "messages.po"
    po.write_bytes(catalogues.TURKISH.read_bytes())
    refused = PermissionError(13, os.strerror(13))
    with patch.object(catalogues, "TURKISH", po), patch.object(Path, "write_bytes", side_effect=refused):
        with pytest.raises(SystemExit, match="flask --app wsgi assets") as ended:
            catalogues.compile_stale()
        assert str(ended.value).startswith("Error: ")
