"""The list of certificates, one certificate, its file; revoking and replacing it."""

from __future__ import annotations
