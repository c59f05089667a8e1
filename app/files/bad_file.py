"""Why an uploaded file cannot be used, and the sentence that says it of a table."""

from __future__ import annotations

from enum import StrEnum

from app.core.errors import Text
from app.language import lazy_gettext

MAX_BYTES = 5 * 1024 * 1024
"""No uploaded file is larger, but for those that have a limit of their own."""


class BadFileReason(StrEnum):
    """One clear reason for each refused file."""

    NOT_A_WORKBOOK = "not_a_workbook"
    """The content is not what the file name says."""
    ENCRYPTED = "encrypted"
    """Protected by a password."""
    OLD_WORKBOOK = "old_workbook"
    """As Excel wrote it until 2003 (.xls)."""
    MACROS = "macros"
    """A workbook that brings a program along (.xlsm)."""
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
    """A file that is refused; `reason` says why, `sheet` and `row` where, if that is known."""

    def __init__(self, reason: BadFileReason, *, sheet: str = "", row: int = 0) -> None:
        super().__init__(reason.value)
        self.reason, self.sheet, self.row = reason, sheet, row


_TABLES = {
    BadFileReason.NOT_A_WORKBOOK: lazy_gettext("This file is not what its name says. Save it as .xlsx or .csv again."),
    BadFileReason.ENCRYPTED: lazy_gettext("This file is protected by a password. Remove the protection and try again."),
    BadFileReason.OLD_WORKBOOK: lazy_gettext(
        "This is a workbook of an old Excel (.xls). Open it and save it as “Excel Workbook (.xlsx)”."
    ),
    BadFileReason.MACROS: lazy_gettext(
        "Workbooks with macros (.xlsm) are not read. Open the file and save it as “Excel Workbook (.xlsx)”."
    ),
    BadFileReason.TOO_LARGE: lazy_gettext(
        "This file is too large. Files of up to 25 MB can be read. Take out sheets and pictures that are not needed, or"
        " divide the list."
    ),
    BadFileReason.TOO_MANY_ROWS: lazy_gettext("This file has more than 120,000 rows. Divide it and upload the parts."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext(
        "Only Excel (.xlsx), CSV (.csv) and text files (.txt) with a table can be read."
    ),
    BadFileReason.EMPTY: lazy_gettext("This file is empty."),
    BadFileReason.DAMAGED: lazy_gettext("This file is damaged and cannot be read. Save it again and retry."),
}


def why_not(bad: BadFile) -> Text:
    """Why a table cannot be read, where, and what to do."""
    if bad.reason is BadFileReason.DAMAGED and bad.row:
        return lazy_gettext(
            "The file cannot be read from row %(row)s on. Look for an open quotation mark there, or save it as .xlsx.",
            row=bad.row,
        )
    if bad.reason is BadFileReason.DAMAGED and bad.sheet:
        return lazy_gettext(
            "The sheet “%(sheet)s” is damaged and cannot be read. Save the file again and retry.", sheet=bad.sheet
        )
    return _TABLES[bad.reason]
