from __future__ import annotations

from wtforms.validators import Length, ValidationError

from app.access.queries import provinces
from app.access.rules import plain_email
from app.access.scope import Scope
from app.catalogue.queries import competencies
from app.core.errors import Stale
from app.language import lazy_gettext
from app.people.models import Employee
from app.trainers import queries
from app.trainers.models import Trainer, TrainerKind
from app.trainers.services import TrainerDetails
from app.users.forms import contact
from app.web.forms import MANY, CheckList, ChoiceField, Form, KindField, TextField, by_name, filled, worded


def suggestion(employee: Employee) -> str:
    """How somebody stands in the field that suggests; read back by registry number and institution."""
    return f"{employee.name} · {employee.registry_no} · {employee.organisation.name_tr}"


class TrainerForm(Form):
    printed = ("academic_title", "given_name", "family_name", "institution")
    academic_title = TextField(
        lazy_gettext("Academic title"), [Length(max=40)], description=lazy_gettext("As it is printed before the name.")
    )
    given_name = TextField(lazy_gettext("Given name"), [filled(), Length(max=100)])
    family_name = TextField(lazy_gettext("Family name"), [filled(), Length(max=100)])
    kind = KindField(lazy_gettext("Kind"), TrainerKind)
    institution = TextField(lazy_gettext("Institution"), [Length(max=200)])
    province_id = ChoiceField(lazy_gettext("Province"), empty=lazy_gettext("No province"))
    email = contact(lazy_gettext("E-mail"))
    colleague = TextField(
        lazy_gettext("On the staff as"),
        [Length(max=420)],
        description=lazy_gettext(
            "For internal trainers: type a name and choose. Clashes with their own trainings are then found."
        ),
    )
    competency_ids = CheckList(
        lazy_gettext("Expertise"), description=lazy_gettext("What this trainer can teach."), render_kw=MANY
    )

    expertise: list[int]
    people: Scope
    colleague_now: str = ""
    employee_id: int | None = None

    @classmethod
    def of(cls, scope: Scope, people: Scope, trainer: Trainer | None = None) -> TrainerForm:
        """`scope`: whose trainers one may write; `people`: whose staff one may see.

        Somebody linked to staff one may not see stays linked: the field is not shown.
        """
        expertise = list(queries.expertise_ids(trainer)) if trainer is not None else []
        form = cls(obj=trainer, competency_ids=expertise)
        form.expertise, form.people = expertise, people
        form.competency_ids.offer(by_name(competencies(*expertise), lambda one: one.theme))
        offered = [one for one in provinces() if scope.covers_province(one.id)]
        form.province_id.offer(by_name(offered))
        form._meet(trainer)
        return form

    def _meet(self, trainer: Trainer | None) -> None:
        """Bring in what stands in the trainer who is edited."""
        if trainer is None:
            return
        colleague = queries.colleague_of(self.people, trainer)
        if trainer.employee_id is not None and colleague is None:
            self.employee_id = trainer.employee_id
            del self.colleague
        self.colleague_now = suggestion(colleague) if colleague else ""
        if "colleague" in self and not self.is_submitted():
            self.colleague.data = self.colleague_now

    def same_version(self, thing: Trainer) -> None:
        """As everywhere; expertise and the person on the staff are compared too."""
        try:
            super().same_version(thing)
        except Stale as stale:
            pairs = [*stale.differences]
            if set(self.expertise) != set(self.competency_ids.data or []):
                field = self.competency_ids
                pairs.append((field.label.text, worded(field, self.expertise), worded(field, field.data)))
            if "colleague" in self and (self.colleague.data or "") != self.colleague_now:
                pairs.append((self.colleague.label.text, self.colleague_now or "–", self.colleague.data or "–"))
            raise Stale(stale.message, pairs) from stale

    def validate_colleague(self, field: TextField) -> None:
        if not field.data:
            self.employee_id = None
            return
        found = queries.staff_meant(self.people, field.data)
        if found is None:
            raise ValidationError(str(lazy_gettext("Nobody on the staff was found. Choose from the suggestions.")))
        self.employee_id = found.id

    def details(self) -> TrainerDetails:
        return TrainerDetails(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            academic_title=self.academic_title.data or "",
            kind=TrainerKind(self.kind.data),
            institution=self.institution.data or "",
            province_id=self.province_id.data,
            email=plain_email(self.email.data or ""),
            employee_id=self.employee_id,
            competency_ids=sorted(self.competency_ids.data or []),
        )
