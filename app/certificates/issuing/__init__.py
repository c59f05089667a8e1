"""Who of a finalised session is due which document; issued to one, or to all in the background."""

from __future__ import annotations
