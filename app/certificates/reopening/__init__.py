"""A finalised session is opened again for corrections, once no valid certificate rests on it."""

from __future__ import annotations
