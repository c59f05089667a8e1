from __future__ import annotations

from app.audit.journal import Event
from app.core.status import Worded
from app.language import lazy_pgettext


class BackupFault(Worded):
    """Why there is no backup."""

    FULL = "full", "The disk is full"
    DIFFERS = "differs", "What was brought back was not what was there"
    FAILED = "failed", "It could not be written or read"


class BackupAsked(Event):
    name = "backup.asked"
    said = lazy_pgettext("event", "Backup asked for")


class BackupProven(Event):
    name = "backup.proven"
    said = lazy_pgettext("event", "Backup made and tried")
    words = {
        "seconds": lazy_pgettext("fact", "Seconds"),
        "megabytes": lazy_pgettext("fact", "Megabytes"),
        "sealed": lazy_pgettext("fact", "Encrypted"),
    }
    seconds: int
    megabytes: int
    sealed: bool


class BackupFailed(Event):
    name = "backup.failed"
    said = lazy_pgettext("event", "Backup failed")
    words = {"fault": lazy_pgettext("fact", "Fault")}
    values = {"fault": BackupFault}
    fault: str


class BackupRestored(Event):
    name = "backup.restored"
    said = lazy_pgettext("event", "Brought back from a backup")
    words = {"made_at": lazy_pgettext("fact", "As of"), "again": lazy_pgettext("fact", "Destroyed again")}
    made_at: str
    again: int
