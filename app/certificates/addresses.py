"""Where a certificate is verified: links in mails, QR codes and papers come from the configuration, never from Host."""

from __future__ import annotations

from flask import current_app


def public_url() -> str:
    """The address the programme is reached by from outside, without a slash at its end."""
    return str(current_app.config["PUBLIC_URL"])


def verification_url(code: str) -> str:
    return f"{public_url()}/d/{code}"
