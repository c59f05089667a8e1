from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class SignedIn(Event):
    name = "access.signed_in"
    user_id: int


@dataclass(frozen=True)
class SignInFailed(Event):
    """`account`: a short hash of what was typed, so that attempts on one account can be told from others."""

    name = "access.sign_in_failed"
    account: str


@dataclass(frozen=True)
class AccessRefused(Event):
    name = "access.refused"
    endpoint: str
    method: str


@dataclass(frozen=True)
class SignedOut(Event):
    name = "access.signed_out"
    user_id: int
    everywhere: bool


@dataclass(frozen=True)
class UserCreated(Event):
    name = "user.created"
    user_id: int


@dataclass(frozen=True)
class UserChanged(Event):
    name = "user.changed"
    user_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class UserActivated(Event):
    name = "user.activated"
    user_id: int
    active: bool


@dataclass(frozen=True)
class LinkMade(Event):
    name = "user.link_made"
    user_id: int


@dataclass(frozen=True)
class PasswordSet(Event):
    name = "user.password_set"
    user_id: int


@dataclass(frozen=True)
class RoleGranted(Event):
    name = "user.role_granted"
    user_id: int
    role: str
    province_id: int | None
    organisation_id: int | None


@dataclass(frozen=True)
class RoleTaken(Event):
    name = "user.role_taken"
    user_id: int
    role: str
    province_id: int | None
    organisation_id: int | None


@dataclass(frozen=True)
class Exported(Event):
    """A list was taken out as a file."""

    name = "access.exported"
    what: str
    format: str
    rows: int
