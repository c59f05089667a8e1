"""Knows who: units, titles, employees, and what becomes of their records; the pages of institutions.

Here stands what all of it is about: the tables, registry numbers, the questions that load one person. What is done with
it stands in a room of its own, each on those below it:

| | |
|---|---|
| `employees` | the staff list, a person's page, adding and changing somebody |
| `accounts` | giving somebody on the staff an account |
| `invitations` | accounts and letters for many of the staff list |
| `merging` | two records that are one person |
| `transfers` | somebody goes to another institution |
| `leaving` | somebody leaves: what hangs on them is listed and ended |
| `links` | ways to pages of their own for people without an account |
| `organisations` | institutions and their units |
| `imports` | a staff list from an office file |
| `doubles` | records that may be one person |
| `matching` | what the rows of such a list say, and whom they are about |

What upper rooms hold of a person comes in three ways. A lock in `leaving.services.LOCKS` locks the rows they hold
something in, in their fixed order, and says which. Slot `person.leaving`: lists what they hold and what becomes of it.
Listeners on `EmployeeLeft`, `EmployeeTransferred` and `EmployeesMerged` carry it out, in the same transaction.
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = (
    "organisations",
    "leaving",
    "transfers",
    "merging",
    "accounts",
    "links",
    "employees",
    "invitations",
    "imports",
    "doubles",
)


def init_app(app: Flask) -> None:
    for part in PARTS:
        import_module(f"app.people.{part}").init_app(app)
