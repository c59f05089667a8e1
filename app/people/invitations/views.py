"""Those ticked on the staff list, or all it finds: what an invitation means for them, and the button."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.db import typed_id
from app.lists import pages as lists
from app.people.employees.views import PEOPLE
from app.people.invitations import queries, services
from app.people.invitations.forms import InviteForm
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("invitations", __name__)


@bp.route("/people/invite", methods=["GET", "POST"])
@require(Permission.ACCESS_GIVE)
def invite_people() -> ResponseReturnValue:
    """The choice stands in the address, as on the list: `employee_ids`, or `all` with its filters."""
    form, chosen = InviteForm.of(caller), _chosen()
    if form.sent():
        with form.attempt():
            job = services.start_invite(chosen.ids, form.role, by=caller)
            return done(url_for("jobs.show", job_id=job.id))
        chosen = _chosen()
    return render("people/invitations/invite.html", status=form.status, form=form, chosen=chosen)


def _chosen() -> queries.Selection:
    typed = (typed_id(key) for key in request.args.getlist("employee_ids"))
    wanted = lists.asked(PEOPLE).query if request.args.get("all") else [key for key in typed if key is not None]
    return queries.selection(caller.scope_for(Permission.ACCESS_GIVE), wanted)
