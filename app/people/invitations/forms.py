from __future__ import annotations

from wtforms import BooleanField

from app.access.caller import Caller
from app.access.permissions import Role, below
from app.language import lazy_gettext
from app.web.forms import Form


class InviteForm(Form):
    """Whether those invited become focal points, too; asked only of whoever may make one."""

    focal_point = BooleanField(
        lazy_gettext("As training focal points, too"),
        description=lazy_gettext("They nominate staff of their institution, keep its staff list and see its records."),
    )

    @classmethod
    def of(cls, caller: Caller) -> InviteForm:
        form = cls()
        if not any(Role.FOCAL_POINT in below(role) for role in caller.roles):
            del form.focal_point
        return form

    @property
    def role(self) -> Role:
        return Role.FOCAL_POINT if "focal_point" in self and self.focal_point.data else Role.STAFF
