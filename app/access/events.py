from __future__ import annotations

from app.access.permissions import Role
from app.audit.journal import Event
from app.language import lazy_pgettext


class SignedIn(Event):
    name = "access.signed_in"
    said = lazy_pgettext("event", "Signed in")
    words = {"user_id": lazy_pgettext("fact", "User")}
    user_id: int


class SignInFailed(Event):
    """`account`: a short hash of what was typed, so that attempts on one account can be told from others."""

    name = "access.sign_in_failed"
    said = lazy_pgettext("event", "Sign-in failed")
    words = {"account": lazy_pgettext("fact", "Account mark")}
    account: str


class CodeFailed(Event):
    """The password was right, the code behind it was not."""

    name = "access.code_failed"
    said = lazy_pgettext("event", "Wrong sign-in code")
    user_id: int


class ResetMailed(Event):
    name = "access.reset_mailed"
    said = lazy_pgettext("event", "Link for a new password sent")
    user_id: int


class AccessRefused(Event):
    name = "access.refused"
    said = lazy_pgettext("event", "Access refused")
    words = {"endpoint": lazy_pgettext("fact", "Page"), "method": lazy_pgettext("fact", "Request")}
    endpoint: str
    method: str


class SignedOut(Event):
    name = "access.signed_out"
    said = lazy_pgettext("event", "Signed out")
    words = {"everywhere": lazy_pgettext("fact", "Everywhere")}
    user_id: int
    everywhere: bool


class UserCreated(Event):
    name = "user.created"
    said = lazy_pgettext("event", "User added")
    user_id: int


class UserChanged(Event):
    name = "user.changed"
    said = lazy_pgettext("event", "User changed")
    words = {
        "given_name": lazy_pgettext("fact", "Given name"),
        "family_name": lazy_pgettext("fact", "Family name"),
        "email": lazy_pgettext("fact", "E-mail"),
        "language": lazy_pgettext("fact", "Language"),
        "wants_reminders": lazy_pgettext("fact", "Reminders by e-mail"),
    }
    user_id: int
    fields: tuple[str, ...]


class UserActivated(Event):
    name = "user.activated"
    said = lazy_pgettext("event", "User activated or deactivated")
    user_id: int
    active: bool


class LinkMade(Event):
    name = "user.link_made"
    said = lazy_pgettext("event", "One-time link made")
    user_id: int


class PasswordSet(Event):
    name = "user.password_set"
    said = lazy_pgettext("event", "Password set")
    user_id: int


class SecondFactorSet(Event):
    name = "user.second_factor_set"
    said = lazy_pgettext("event", "Second factor set up")
    user_id: int


class SecondFactorRemoved(Event):
    """`reset`: not by themselves, but by an administrator or from the command line."""

    name = "user.second_factor_removed"
    said = lazy_pgettext("event", "Second factor removed")
    words = {"reset": lazy_pgettext("fact", "By somebody else")}
    user_id: int
    reset: bool


class RecoveryCodesMade(Event):
    name = "user.recovery_codes_made"
    said = lazy_pgettext("event", "Recovery codes made")
    user_id: int


class RecoveryCodeUsed(Event):
    name = "user.recovery_code_used"
    said = lazy_pgettext("event", "Recovery code used")
    user_id: int


class DeviceRemembered(Event):
    name = "user.device_remembered"
    said = lazy_pgettext("event", "Device not asked for codes")
    user_id: int


class DeviceForgotten(Event):
    name = "user.device_forgotten"
    said = lazy_pgettext("event", "Device asked for codes again")
    user_id: int


class RoleGranted(Event):
    name = "user.role_granted"
    said = lazy_pgettext("event", "Role granted")
    words = {
        "role": lazy_pgettext("fact", "Role"),
        "province_id": lazy_pgettext("fact", "Province"),
        "organisation_id": lazy_pgettext("fact", "Institution"),
    }
    values = {"role": Role}
    user_id: int
    role: str
    province_id: int | None
    organisation_id: int | None


class RoleTaken(Event):
    name = "user.role_taken"
    said = lazy_pgettext("event", "Role taken")
    values = {"role": Role}
    user_id: int
    role: str
    province_id: int | None
    organisation_id: int | None


class UserInvited(Event):
    """A letter with a one-time link was written to them: the first (`times` 1) or another."""

    name = "user.invited"
    said = lazy_pgettext("event", "User invited")
    words = {"times": lazy_pgettext("fact", "Times")}
    user_id: int
    times: int
