from __future__ import annotations

from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import TextField


def override_reason() -> TextField:
    return TextField(
        lazy_gettext("Reason for going ahead"),
        [Length(max=500)],
        description=lazy_gettext("Asked only where there are warnings; it is kept with your name."),
    )
