from __future__ import annotations

from collections.abc import Iterable

from app.certificates.models import EndReason
from app.certificates.register.forms import EndForm
from app.language import lazy_gettext
from app.web.forms import CheckList, required


class SeveralForm(EndForm):
    """Which certificates end, and why."""

    chosen = CheckList(lazy_gettext("Certificates"), [required()])

    @classmethod
    def over(
        cls, choices: Iterable[tuple[int, str]], *, ticked: bool = False, public: EndReason | None = None
    ) -> SeveralForm:
        """`choices` of ids; all are ticked at first, or none."""
        form = cls()
        form.public.offer((reason.value, reason.label) for reason in EndReason)
        form.chosen.offer(choices)
        if not form.is_submitted():
            form.chosen.data = [key for key, _ in form.chosen.choices] if ticked else []
            form.public.data = public.value if public else None
        return form
