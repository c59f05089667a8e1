"""Jobs run where nobody is signed in, as the worker does them: for their owner, in her language, with her lens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, g, has_request_context
from werkzeug.routing import Rule

import app.language
from app.access.caller import Caller
from app.access.models import Grant, Organisation, User
from app.access.permissions import Permission, Role
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.certificates.issuing import rules as issuing
from app.certificates.issuing import services
from app.certificates.models import Certificate
from app.certificates.printing import services as printing
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.core.paging import ListQuery
from app.enrolment.models import Enrolment
from app.files.models import Document
from app.jobs import kinds, runner, worker
from app.jobs.kinds import Done, Kind, register
from app.jobs.models import Job, JobItem, JobStatus
from app.language import force_locale, lazy_gettext
from app.lists import exports, pages
from app.lists.known import LISTS
from app.needs.models import AssessmentRound, Questionnaire, RoundStatus, Told
from app.needs.report import services as reporting
from app.needs.rounds import services as rounds
from app.needs.rounds.queries import design
from app.needs.running import services as running
from app.needs.telling import services as telling
from app.people.imports import leavers, storing
from app.people.imports import services as imports
from app.people.imports.workbook import read_list
from app.people.invitations import services as invitations
from app.people.models import Employee, StaffImport
from tests import factories
from tests.cast import Cast
from tests.certificates.conftest import given
from tests.certificates.stage import Given, issued, session_of
from tests.laws.conftest import World
from tests.laws.rooms import told
from tests.laws.test_crawl import access, rules
from tests.needs.running.stage import details
from tests.page import Page
from tests.people.imports.lists import AZAD, NIZIP, text

__all__ = ["given"]
OTHER = {"tr": "en", "en": "tr"}


@dataclass(frozen=True)
class Case:
    """How a coordinator starts a job of this kind, and what it then says in each language."""

    start: Callable[[Given, Caller], Job]
    says: dict[str, tuple[str, ...]]


def _issue(given: Given, by: Caller) -> Job:
    """One of the three is issued meanwhile, and one has a name no paper can bear."""
    job = services.start_issue(session_of(given), by=by)
    issued(given, "elif", tell=False)
    person = EVERYWHERE.get(Employee, EVERYWHERE.get(Enrolment, given.enrolments["isik"]).employee_id)
    person.set_identity("Işık 李", "Çınar", "N-002", "isik@ornek.example")
    return job


def _print(given: Given, by: Caller) -> Job:
    issued(given, "elif", tell=False)
    return printing.start_print(session_of(given), by=by)


def _invite(given: Given, by: Caller) -> Job:
    """Somebody whose address has letters no address may have is among them."""
    ours = EVERYWHERE.select(Employee).where(Employee.organisation_id.in_([1, 2]))
    return invitations.start_invite([each.id for each in db.session.scalars(ours)], by=by)


def _list(*rows: list[object]) -> StaffImport:
    """A staff list of Nizip whose columns are settled, too long to be checked at once."""
    read = read_list(text(*rows), "personel.csv", {})
    by = EVERYWHERE.get(User, 1)
    home = db.session.get_one(Organisation, NIZIP)
    made = imports.stage(home, read, filename="personel.csv", sha256="0" * 64, complete=True, by=caller_of(by))
    found = imports.queries.staff_import(EVERYWHERE, made.id)
    imports.choose_columns(found, {one["name"]: one["field"] or "" for one in found.columns}, None)
    return found


def _long(found: StaffImport) -> StaffImport:
    found.total = imports.AT_ONCE + 1
    return found


def _check(_: Given, by: Caller) -> Job:
    job = imports.start_check(_long(_list(AZAD)), by=by)
    assert job is not None
    return job


def _store(_: Given, by: Caller) -> Job:
    found = _list(AZAD)
    imports.start_check(found, by=by)
    db.session.flush()
    return storing.start_store(_long(found), state=found.state, by=by)


def _designed(by: Caller) -> AssessmentRound:
    scope = by.scope_for(Permission.NEED_RUN)
    factories.competency()
    made = rounds.create_round(details(organisations=(1,)), scope=scope, by=by)
    db.session.flush()
    return made


def _open(_: Given, by: Caller) -> Job:
    made = _designed(by)
    return running.open_round(made, design(by.scope_for(Permission.NEED_RUN), made), by=by)


def _close(_: Given, by: Caller) -> Job:
    made = _designed(by)
    made.status = RoundStatus.OPEN
    db.session.flush()
    return running.close_round(made, by=by)


def _asked(by: Caller) -> AssessmentRound:
    made = _designed(by)
    made.status = RoundStatus.OPEN
    ours = EVERYWHERE.select(Employee).where(Employee.organisation_id == 1)
    running.ask(made, [person.id for person in db.session.scalars(ours)])
    db.session.flush()
    return made


def _tell(_: Given, by: Caller) -> Job:
    return telling.start_tell(by.scope_for(Permission.NEED_RUN), _asked(by), by=by)


def _remind(_: Given, by: Caller) -> Job:
    made = _asked(by)
    told = sa.update(Questionnaire).values(told_at=now() - timedelta(days=2), told_by=Told.MAIL)
    db.session.execute(EVERYWHERE.trusting(told, Questionnaire))
    return telling.start_remind(by.scope_for(Permission.NEED_RUN), made, by=by)


def _leave(_: Given, by: Caller) -> Job:
    found = _list(AZAD)
    imports.start_check(found, by=by)
    db.session.flush()
    storing.store(found, storing.prepare(found), state=found.state, by=by)
    return leavers.start_leaving(found, [one.id for one in leavers.missing(found)][:1], typed=1, by=by)


def _report(_: Given, by: Caller) -> Job:
    found = factories.assessment_round()
    return reporting.ask({"round": str(found.id), "province": "1"}, "pdf", by=by)


CASES = {
    invitations.INVITE: Case(
        _invite,
        {"tr": ("Davetler", "kişi davet edildi", "Türkçe harf"), "en": ("Invitations", "invited", "Turkish letters")},
    ),
    imports.CHECK.name: Case(_check, {"tr": ("Personel listesi",), "en": ("Staff list",)}),
    storing.STORE.name: Case(_store, {"tr": ("Personel listesi",), "en": ("Staff list",)}),
    leavers.LEAVE.name: Case(_leave, {"tr": ("Ayrılanlar", "işaretlenen"), "en": ("People who left", "made inactive")}),
    running.OPEN.name: Case(_open, {"tr": ("Açılıyor", "kişiye soruluyor"), "en": ("Opening", "asked")}),
    running.CLOSE.name: Case(_close, {"tr": ("Kapatılıyor", "Sonuçlar"), "en": ("Closing", "results")}),
    telling.TELL.name: Case(_tell, {"tr": ("E-postalar", "kişiye yazılıyor"), "en": ("Letters", "written to")}),
    telling.REMIND.name: Case(
        _remind, {"tr": ("Hatırlatmalar", "kişiye yazılıyor"), "en": ("Reminders", "written to")}
    ),
    "export": Case(
        lambda _, by: exports.ask(LISTS.here["people"], ListQuery(sort="name"), "csv", by=by),
        {"tr": ("Liste aktarımı", "Personel", "Kurum"), "en": ("Export of a list", "Staff", "Institution")},
    ),
    reporting.REPORT.name: Case(
        _report, {"tr": ("İhtiyaç analizi raporu",), "en": ("Report of a needs analysis", "Needs analysis report")}
    ),
    issuing.ISSUE: Case(
        _issue, {"tr": ("Belgeler:", "belge verildi", "zaten"), "en": ("Certificates:", "issued", "holds")}
    ),
    printing.PRINT: Case(
        _print, {"tr": ("Baskı dosyası", "Belgeler BK-02"), "en": ("Print file", "Certificates BK-02")}
    ),
}
KINDS = sorted(CASES)


def test_every_kind_of_job_has_a_case(app: Flask) -> None:
    known = {name for name in kinds.KINDS.here if not name.startswith("tests.")}
    assert known == set(CASES), told(known ^ set(CASES), "Say in CASES how a job of this kind is started, or drop it.")


@contextmanager
def nobody_asks(monkeypatch: pytest.MonkeyPatch, default: str) -> Iterator[None]:
    """As in the worker, with a process that speaks another language than the owner."""
    assert not has_request_context()
    with monkeypatch.context() as patch:
        patch.setattr(app.language, "DEFAULT", default)
        db.session.remove()
        with force_locale(default):
            yield
        db.session.expire_all()


def started(case: Case, cast: Cast, given: Given, language: str, who: str = "coordinator") -> int:
    EVERYWHERE.get(User, cast.users[who]).language = language
    with force_locale(language):
        job = case.start(given, caller_of(EVERYWHERE.get(User, cast.users[who])))
    db.session.commit()
    return job.id


def said(job: Job) -> str:
    """All that its owner reads of it: title, message, remarks, the file's name and (of a list) its words."""
    remarks = db.session.scalars(EVERYWHERE.select(JobItem).where(JobItem.job_id == job.id)).all()
    made = None
    if job.document_id is not None:
        made = db.session.get(Document, job.document_id, options=[sa.orm.undefer(Document.content)])
    file = [made.filename, made.content.decode("utf-8-sig") if "csv" in made.media_type else ""] if made else []
    return "\n".join([job.title, job.message, *(each.message for each in remarks), *file])


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_done_without_a_request_in_its_owner_s_language(
    cast: Cast, given: Given, monkeypatch: pytest.MonkeyPatch, kind: str, language: str
) -> None:
    job_id = started(CASES[kind], cast, given, language)
    with nobody_asks(monkeypatch, OTHER[language]):
        runner.run(job_id)
    assert not {"caller", "owner"} & set(g), "the worker goes on with this context, and nobody is left in it"
    job = EVERYWHERE.get(Job, job_id)
    text = said(job)
    assert job.status is JobStatus.DONE, text
    missing = [word for word in CASES[kind].says[language] if word not in text]
    foreign = [word for word in CASES[kind].says[OTHER[language]] if word in text]
    assert not missing and not foreign, (missing, foreign, text)


ENDINGS: dict[str, Callable[[User, Grant], None]] = {}


def _ending(change: Callable[[User, Grant], None]) -> Callable[[User, Grant], None]:
    ENDINGS[change.__name__] = change
    return change


@_ending
def account_ended(user: User, _: Grant) -> None:
    user.active = False


@_ending
def grants_ended(_: User, grant: Grant) -> None:
    db.session.delete(grant)


@_ending
def only_a_staff_member(_: User, grant: Grant) -> None:
    grant.role, grant.province_id, grant.organisation_id = Role.STAFF, None, 1


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("ending", sorted(ENDINGS))
@pytest.mark.parametrize("kind", KINDS)
def test_whoever_may_no_longer_gets_nothing(
    cast: Cast, given: Given, monkeypatch: pytest.MonkeyPatch, kind: str, ending: str, language: str
) -> None:
    job_id = started(CASES[kind], cast, given, language)
    before = _made()
    owner = EVERYWHERE.get(User, cast.users["coordinator"])
    grant = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == owner.id)).one()
    ENDINGS[ending](owner, grant)
    db.session.commit()
    with nobody_asks(monkeypatch, OTHER[language]):
        runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert job.status is JobStatus.FAILED and _made() == before, "nothing is made, and it is not tried again"
    assert re.search(r"\b(not|no longer|ended)\b" if language == "en" else r"yetkiniz|artık aktif", job.message), (
        job.message
    )


def _made() -> tuple[int, ...]:
    """How many files and certificates there are."""
    files = db.session.scalar(sa.select(sa.func.count(Document.id))) or 0
    return files, db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(Certificate.id)), Certificate)) or 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_coordinator_of_another_province_gets_nothing_of_ours(cast: Cast, given: Given, kind: str) -> None:
    """She moved to another province after she had asked."""
    job_id = started(CASES[kind], cast, given, "tr")
    before = _made()
    grant = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == cast.users["coordinator"])).one()
    grant.province_id = cast.erzurum
    db.session.commit()
    runner.run(job_id)
    db.session.expire_all()
    job = EVERYWHERE.get(Job, job_id)
    if kind == exports.KIND:
        text = said(job)
        assert "Zeynep" in text and "Işık" not in text, f"A list is made with the scope of its owner now:\n{text}"
    else:
        assert job.status is JobStatus.FAILED and _made() == before, (
            f"{kind} was done for somebody who may not: load what it is about through the scope of queries.owner(job)."
        )


def test_what_is_refused_lazily_is_said_in_the_owner_s_language(
    app: Flask, cast: Cast, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reason is a lazy text as a rule: it takes the language of where it is written down."""

    def refuse(_: Job, __: object) -> dict[int, Done]:
        raise Refused(lazy_gettext("Please give a reason."))

    register(app, Kind("tests.refused", refuse))
    job_id = started(CASES["export"], cast, given, "en")
    EVERYWHERE.get(Job, job_id).kind = "tests.refused"
    db.session.commit()
    with nobody_asks(monkeypatch, "tr"):
        runner.run(job_id)
    assert EVERYWHERE.get(Job, job_id).message == "Please give a reason."


def test_what_the_worker_does_regularly_needs_nobody(app: Flask, cast: Cast, given: Given) -> None:
    assert len(worker.SWEEPS.here) >= 2, "Nothing is swept: see `on_sweep` in app/jobs/worker.py."
    for each in worker.SWEEPS.here:
        db.session.remove()
        set_writing(True)
        each.task()


# --- every list ------------------------------------------------------------------------------------------------

#: For lists under something: the number of one, of the coordinator of Gaziantep where there is any.
NUMBERS = {
    "plan_id": "select id from training_plans where approved_at is not null and province_id is null order by id desc",
    "edition": "select edition from plan_versions order by edition desc",
    "competency_id": "select id from competencies order by id",
    "document_id": "select id from programme_documents where approved_at is not null and province_id = {province}",
    "pilot_id": "select pilot_id from pilot_services s join pilots p on p.id = s.pilot_id where province_id = {province}",
    "key": "select s.id from course_sessions s join enrolments e on e.course_session_id = s.id"
    " where s.province_id = {province} order by s.id desc",
    "round_id": "select id from assessment_rounds where designed and status = 'open'",
    "course_session_id": "select s.id from course_sessions s join enrolments e on e.course_session_id = s.id"
    " where s.province_id = {province} order by s.id desc",
    "trainer_id": "select id from trainers order by id",
    "import_id": "select i.id from ratings_imports i join organisations o on o.id = i.organisation_id"
    " where o.province_id = {province}",
}


def things(world: World, rule: Rule, province: int | None) -> list[dict[str, object]]:
    """What the lists of this rule are under: one thing of its kind, and each of the kinds there are."""
    if "kind" in rule.arguments:
        return [{"kind": kind} for kind in sorted(rule._converters["kind"].items)]
    values = {}
    for name in rule.arguments:
        assert name in NUMBERS, f"{rule}: say in NUMBERS of which {name} the list is."
        row = world.rows.execute(NUMBERS[name].format(province=province)).fetchone()
        values[name] = row[0] if row else 0
    return [values]


def lists(world: World, province: int | None) -> dict[str, object]:
    """Addresses that may show a list, with who may see them."""
    found = {}
    for rule in rules(world, "GET"):
        if "Exported" not in {
            event.__name__ for event in getattr(world.app.view_functions[rule.endpoint], "traces", ())
        }:
            continue
        if "." in rule.rule:
            continue  # a file of documents
        address = re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)
        for values in things(world, rule, province):
            found[address.format(**values)] = access(world, rule)
    return found


@pytest.mark.parametrize("language", ["tr", "en"])
def test_every_list_made_without_a_request_is_what_its_owner_would_be_given(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """What the crawl looks at is the file of a short list; here its long way: the page that offers it, and the job."""
    readers = [world.account(name) for name in ("koordinator.gaziantep", "admin", "ik.haliliye")]
    coordinator, admin, _ = readers
    wrong, compared = [], set()
    for account in readers:
        world.visitor(account).get("/")  # when they were last seen stands in a list
    for path, who_may in lists(world, coordinator.province_id).items():
        account = next(each for each in readers if each.may(who_may))
        if world.visitor(account).get(path).status_code == 404:
            account = admin  # it is another province's
        visitor, wanted = world.visitor(account), {"format": "csv", "lang": language}
        short = visitor.get(path, query_string=wanted)
        with monkeypatch.context() as patch:
            patch.setattr(pages, "DIRECT_ROWS", -1)
            offered = visitor.get(path, query_string=wanted).text
        if 'action="/exports"' not in offered:
            continue  # a list whose rows its page has already is never long
        asked = Page(offered).hidden("/exports")
        where = visitor.post("/exports", data=asked).headers["Location"]
        with world.app.app_context():
            set_writing(True)
            with nobody_asks(monkeypatch, OTHER[language]):
                runner.run(int(where.rpartition("/")[2]))
        file = visitor.get(f"{where}/file")
        if (
            not short.data
            or file.data != short.data
            or file.headers["Content-Disposition"] != short.headers["Content-Disposition"]
        ):
            wrong.append(f"{path} for {account.name}: {file.status_code} {file.data[:200]!r}")
        compared.add(asked["list"])
    assert not wrong, told(wrong, "What its rows, columns or title ask besides their scope and the locale is missing.")
    with world.app.app_context():
        unseen = set(LISTS.here) ^ compared
    assert not unseen, told(
        unseen, "Lists are known that no page offers as a file. Answer with `lists.file`, or drop it."
    )
