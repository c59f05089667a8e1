from __future__ import annotations

from wtforms import EmailField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import Form, required


class ResetForm(Form):
    email = EmailField(lazy_gettext("E-mail"), [required(), Length(max=254)], render_kw={"autocomplete": "username"})
