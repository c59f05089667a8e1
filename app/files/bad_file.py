"""Why an uploaded file cannot be used. Reasons carry no words: the pages say them in the reader's language."""

from __future__ import annotations

from enum import StrEnum

MAX_BYTES = 5 * 1024 * 1024
"""No uploaded table is larger."""


class BadFileReason(StrEnum):
    """One clear reason for each refused file."""

    NOT_A_WORKBOOK = "not_a_workbook"
    """The content is not what the file name says."""
    ENCRYPTED = "encrypted"
    """Protected by a password."""
    TOO_LARGE = "too_large"
    """More bytes, packed or unpacked, more members or more cells than allowed."""
    TOO_MANY_ROWS = "too_many_rows"
    UNSUPPORTED_TYPE = "unsupported_type"
    """A kind of file that is not read here."""
    EMPTY = "empty"
    """No bytes, or no cell with content."""
    DAMAGED = "damaged"
    """Recognised but unreadable, or made to harm."""


class BadFile(Exception):
    """A file that is refused; `reason` says why."""

    def __init__(self, reason: BadFileReason) -> None:
        super().__init__(reason.value)
        self.reason = reason
