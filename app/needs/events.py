from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.needs.models import RoundStatus


class RatingsViewed(Event):
    """Somebody looked at who needs a competency: names beside ratings. `people`: how many were shown."""

    name = "needs.ratings_viewed"
    said = lazy_pgettext("event", "Ratings viewed")
    words = {
        "round_id": lazy_pgettext("fact", "Needs analysis round"),
        "competency_id": lazy_pgettext("fact", "Competency"),
    }
    round_id: int
    competency_id: int
    people: int


class RoundDesigned(Event):
    name = "round.designed"
    said = lazy_pgettext("event", "Needs analysis designed")
    round_id: int


class TeamResultViewed(Event):
    """A supervisor looked at what an analysis found of one of their people."""

    name = "needs.team_result_viewed"
    said = lazy_pgettext("event", "Result viewed by the supervisor")
    employee_id: int
    round_id: int


class RoundChanged(Event):
    name = "round.changed"
    said = lazy_pgettext("event", "Needs analysis changed")
    words = {
        "alpha": lazy_pgettext("fact", "Weight of the self-assessment"),
        "asking": lazy_pgettext("fact", "Who is asked"),
        "notice": lazy_pgettext("fact", "Notice"),
        "readers": lazy_pgettext("fact", "Who sees individual ratings"),
        "paper": lazy_pgettext("fact", "Answers on paper"),
        "units": lazy_pgettext("fact", "Units"),
        "seed": lazy_pgettext("fact", "Draw"),
    }
    round_id: int
    fields: tuple[str, ...]


class RoundItemsChanged(Event):
    """What the staff of a unit, or of so many units of its kind, are asked about."""

    name = "round.items_changed"
    said = lazy_pgettext("event", "Questionnaire of a unit changed")
    words = {"alike": lazy_pgettext("fact", "Units of this kind")}
    round_id: int
    unit_id: int
    alike: int


class RoundDeleted(Event):
    name = "round.deleted"
    said = lazy_pgettext("event", "Draft of a needs analysis deleted")
    round_id: int


class RoundMoved(Event):
    """It was opened, closed, opened again or published."""

    name = "round.moved"
    said = lazy_pgettext("event", "Needs analysis opened, closed or published")
    words = {"status": lazy_pgettext("fact", "Status")}
    values = {"status": RoundStatus}
    round_id: int
    status: str


class RoundTold(Event):
    """So many of those it asks were written to, reminded, or given a slip."""

    name = "round.told"
    said = lazy_pgettext("event", "People told of a needs analysis")
    round_id: int
    people: int


class TeamRated(Event):
    """A supervisor rated so many people."""

    name = "round.team_rated"
    said = lazy_pgettext("event", "Team rated by its supervisor")
    round_id: int
    people: int


class QuestionnaireTyped(Event):
    """Somebody typed in what another wrote on paper."""

    name = "round.typed"
    said = lazy_pgettext("event", "Questionnaire typed in from paper")
    employee_id: int
    round_id: int


class QuestionnaireFinished(Event):
    name = "round.answered"
    said = lazy_pgettext("event", "Questionnaire finished")
    employee_id: int
    round_id: int


class RatingsStaged(Event):
    """A filled workbook was read and waits for a yes."""

    name = "needs.ratings_staged"
    said = lazy_pgettext("event", "Ratings uploaded for preview")
    words = {"errors": lazy_pgettext("fact", "Errors")}
    import_id: int
    round_id: int
    organisation_id: int
    rows: int
    errors: int


class RatingsImported(Event):
    """Ratings were stored from a workbook; counts of ratings, one for each source."""

    name = "needs.ratings_imported"
    said = lazy_pgettext("event", "Ratings imported")
    import_id: int
    round_id: int
    organisation_id: int
    people: int
    added: int
    changed: int
    same: int


class RatingsDiscarded(Event):
    name = "needs.ratings_discarded"
    said = lazy_pgettext("event", "Ratings import discarded")
    import_id: int


class RatingsMoved(Event):
    """The ratings of a merged record went to the record that was kept."""

    name = "needs.ratings_moved"
    said = lazy_pgettext("event", "Ratings moved")
    words = {"moved": lazy_pgettext("fact", "Moved"), "dropped": lazy_pgettext("fact", "Dropped")}
    ids_of = "person"
    kept_id: int
    merged_id: int
    moved: int
    dropped: int
