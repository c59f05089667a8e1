"""The public door: whoever holds a code or a file is told whether it stands, and what it says."""

from __future__ import annotations
