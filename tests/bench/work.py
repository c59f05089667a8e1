"""Long work: files of a hundred thousand rows, a thousand certificates; each in a process of its own, for its memory."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any

import xlsxwriter

from tests.bench.measured import Measured
from tests.bench.rows import ROOT, Row, papers

if TYPE_CHECKING:
    from app.access.models import Organisation


def export(measured: Measured) -> str:
    """The whole staff list as XLSX, as its background job makes it."""
    from app.access.models import User
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.core.db import db
    from app.core.paging import ListQuery
    from app.lists.known import LISTS

    with measured.app.app_context():
        user = db.session.scalars(EVERYWHERE.select(User).where(User.email == "admin@yetkin.example")).one()
        staff = LISTS.here["people"]
        made = staff.file(ListQuery(sort=next(iter(staff.sorts))), "xlsx", by=caller_of(user))
        return f"{made.rows:,} rows, {len(made.content) / 1024 / 1024:.1f} MB"


def archive(_: Measured) -> str:
    """A thousand certificates drawn by one process, as its background job does, and put into an archive."""
    from app.paper.certificate import draw_certificate

    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as into:
            for number, paper in enumerate(papers(1_000)):
                into.writestr(f"{number}.pdf", draw_certificate(paper))
        return f"{file.tell() / 1024 / 1024:.0f} MB"


LISTED = 100_000
HEAD = ("Sicil No", "Adı Soyadı", "Birimi", "Unvanı", "İstihdam türü", "Cinsiyeti", "E-posta", "Telefon")


def staff_import(measured: Measured) -> str:
    """A list of so many new people for one institution: read, checked and stored as by whoever sends it, in CPU seconds."""
    from app.access.models import User
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.core.db import db, set_writing
    from app.jobs import runner
    from app.people.imports import queries, services, storing
    from app.people.imports.workbook import read_list

    with measured.app.test_request_context():
        home, data = _staff_list()
        set_writing(True)
        began = time.process_time()
        read = read_list(data, "personel.xlsx", {})
        took = {"read": time.process_time() - began}
        admin = db.session.scalars(EVERYWHERE.select(User).where(User.email == "admin@yetkin.example")).one()
        by = caller_of(admin)
        found = services.stage(home, read, filename="personel.xlsx", sha256="0" * 64, complete=False, by=by)
        key = found.id
        for name in ("checked", "stored"):
            found = queries.staff_import(EVERYWHERE, key)
            job = (
                services.start_check(found, by=by)
                if name == "checked"
                else storing.start_store(found, state=found.state, by=by)
            )
            assert job is not None
            number = job.id
            db.session.commit()
            began = time.process_time()
            with _locked() as locked:
                runner.run(number)
            took |= {name: time.process_time() - began, f"{name} with the write lock": locked[0]}
            db.session.rollback()
        counts = queries.staff_import(EVERYWHERE, key).counts
        assert counts["kinds"]["new"] == LISTED, counts
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items())


def _staff_list() -> tuple[Organisation, bytes]:
    """An institution and the sheet of people it has not yet."""
    import sqlalchemy as sa

    from app.access.models import Organisation, OrganisationKind
    from app.core.db import db
    from app.people.models import Title, Unit

    home = db.session.scalars(
        sa.select(Organisation).where(Organisation.kind == OrganisationKind.METROPOLITAN).order_by(Organisation.id)
    ).first()
    assert home is not None
    units = db.session.scalars(sa.select(Unit.name_tr).where(Unit.organisation_id == home.id).order_by(Unit.id)).all()
    titles = db.session.scalars(sa.select(Title.name_tr).order_by(Title.id)).all()
    given, syllables = (
        ("Ayşe", "Mehmet", "Bêrîtan", "Işık"),
        ("BA", "CE", "Dİ", "FU", "GÖ", "HI", "JÜ", "KA", "LE", "MÜ"),
    )
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    for number in range(1, LISTED + 1):
        name = f"{given[number % 4]} {''.join(syllables[int(digit)] for digit in f'{number:06d}')}"
        place = units[number % len(units)], titles[number % len(titles)]
        kind = ("Memur", "Sözleşmeli", "Sürekli işçi")[number % 3]
        reached = f"p{number}@yeni.example", f"0342 {number:07d}"
        sheet.write_row(number, 0, (f"Y-{number:06d}", name, *place, kind, "KE"[number % 2], *reached))
    book.close()
    return home, target.getvalue()


@contextmanager
def _locked() -> Iterator[list[float]]:
    """How many CPU seconds are spent meanwhile with SQLite's write lock."""
    from sqlalchemy import event

    from app.core.db import db

    spent, since = [0.0], [0.0]

    def take(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN IMMEDIATE"):
            since[0] = time.process_time()

    def give(_connection: Any) -> None:
        if since[0]:
            spent[0] += time.process_time() - since[0]
            since[0] = 0.0

    hooks: list[tuple[str, Any]] = [("after_cursor_execute", take), ("commit", give), ("rollback", give)]
    for name, hook in hooks:
        event.listen(db.engine, name, hook)
    yield spent
    for name, hook in hooks:
        event.remove(db.engine, name, hook)


ASKED, ASKED_ABOUT = 20_000, 15


def analysis(measured: Measured) -> str:
    """A needs analysis of so many people × competencies: opened, one answer saved, closed; jobs in CPU seconds."""
    import sqlalchemy as sa

    from app.access.models import User
    from app.access.permissions import Permission
    from app.access.queries import caller_of
    from app.access.scope import EVERYWHERE
    from app.core.db import db, set_writing
    from app.jobs import runner
    from app.needs.models import Questionnaire, Rating, RatingSource, Respondent, RoundItem
    from app.needs.rounds import queries
    from app.needs.running import services

    measured.app.config["WTF_CSRF_ENABLED"] = False
    with measured.app.test_request_context():
        set_writing(True)
        by = caller_of(db.session.scalars(EVERYWHERE.select(User).where(User.email == "admin@yetkin.example")).one())
        scope = by.scope_for(Permission.NEED_RUN)
        found = designed(scope, by)
        key, took = found.id, {}
        for name in ("opened", "closed"):
            found = queries.round_run(scope, key)
            began = time.process_time()
            if name == "opened":
                job = services.open_round(found, queries.design(scope, found), by=by).id
            else:
                job = services.close_round(found, by=by).id
            db.session.commit()
            took[f"{name} (request)"] = time.process_time() - began
            began = time.process_time()
            runner.run(job)
            took[f"{name} (job)"] = time.process_time() - began
            if name == "opened":
                saved = _answers(measured, key)
                asked = sa.select(Respondent.round_id, Respondent.employee_id, RoundItem.competency_id)
                asked = asked.join(RoundItem, RoundItem.unit_id == Respondent.unit_id)
                asked = asked.where(Respondent.round_id == key, RoundItem.round_id == key)
                for source in RatingSource:
                    values = (sa.literal(source.value), sa.literal(4), sa.literal(2), sa.true())
                    rows = EVERYWHERE.trusting(asked.add_columns(*values), Respondent)
                    columns = ["round_id", "employee_id", "competency_id", "source", "importance", "level", "relevant"]
                    gone = sa.delete(Rating).where(Rating.round_id == key, Rating.source == source)
                    db.session.execute(EVERYWHERE.trusting(gone, Rating))
                    db.session.execute(sa.insert(Rating).from_select(columns, rows))
                db.session.commit()
        people = sa.select(sa.func.count(Questionnaire.id)).where(Questionnaire.round_id == key)
        number = db.session.scalar(EVERYWHERE.trusting(people, Questionnaire))
        parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items())
        return f"{number:,} people, {parts}; one saved answer {saved}"


def designed(scope: Any, by: Any) -> Any:
    """A draft that asks the largest institutions, until they are so many, each unit about fifteen competencies."""
    import datetime
    from decimal import Decimal

    import sqlalchemy as sa

    from app.access.scope import EVERYWHERE
    from app.core.clock import today
    from app.core.db import db
    from app.needs.models import Asking
    from app.needs.rounds import queries, services
    from app.people.models import Employee

    number = sa.func.count(Employee.id)
    sizes = (
        sa.select(Employee.organisation_id, number).where(Employee.active.is_(True)).group_by(Employee.organisation_id)
    )
    homes, total = [], 0
    for home, size in db.session.execute(EVERYWHERE.restrict(sizes.order_by(number.desc()), Employee)):
        homes.append(home)
        total += size
        if total >= ASKED:
            break
    until = today() + datetime.timedelta(days=20)
    details = services.Details(
        "Ölçüm", "Measured", today(), until, Decimal("0.5"), Asking.EVERYONE, "", (), False, tuple(homes)
    )
    found = services.create_round(details, scope=scope, by=by)
    about = [one.id for one in queries.catalogue()][:ASKED_ABOUT]
    for unit in queries.units(homes):
        services.choose_items(found, unit, about, alike=False, by=by)
    db.session.commit()
    return found


def _answers(measured: Measured, round_id: int) -> str:
    """What it costs to save an answer by a personal link, one tap after another."""
    import statistics

    import sqlalchemy as sa

    from app.access.scope import EVERYWHERE
    from app.audit.journal import SYSTEM
    from app.core.db import db
    from app.needs.answers.models import QUESTIONNAIRE
    from app.needs.models import Respondent
    from app.people.links import services as links

    asked = sa.select(Respondent.person_id).where(Respondent.round_id == round_id).limit(1)
    person = db.session.scalars(EVERYWHERE.restrict(asked, Respondent)).one()
    token = links.make(person, QUESTIONNAIRE, by=SYSTEM, about=round_id)
    db.session.commit()
    browser, costs = measured.app.test_client(), []
    taps = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for number in range(47):
        step, value = number % ASKED_ABOUT + 1, str(number % 5 + 1)
        measured.statements = 0
        began = time.process_time()
        answer = browser.post(f"/k/{token}/answer/{step}", data={"importance": value, "level": "2"}, headers=taps)
        costs.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    return f"{statistics.median(costs[2:]):.1f} ms CPU, {measured.statements} statements"


WORK = {"export": export, "archive": archive, "import": staff_import, "analysis": analysis}


def rows(folder: Path) -> list[Row]:
    with TemporaryDirectory(dir=folder.parent) as copy:  # what is imported is not there for the rows that follow
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        imported = _apart("import", Path(copy))
    with TemporaryDirectory(dir=folder.parent) as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        analysed = _apart("analysis", Path(copy))
    return [
        Row("export of all staff as XLSX", "≤ 8 s, constant memory", _apart("export", folder)),
        Row("1,000 certificates into a ZIP, one process", "≤ 3 s by two, ≤ 150 MB", _apart("archive", folder)),
        Row("the same, signed; one certificate signed", "≤ 10 s; ≥ 55 /s/core", "not measured: none is signed yet"),
        Row("import of 100,000 staff rows", "≤ 8 s, ≤ 3 s of it writing, ≤ 250 MB", imported),
        Row("needs analysis, 20,000 people × 15", "≤ 60 s a job, ≤ 12 ms an answer", analysed),
        Row("first load on a phone, largest paint", "≤ 110–120 KB; ≤ 1.2 s", "needs a browser: see the table below"),
    ]


def _apart(name: str, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.bench.work", name, str(folder)]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    measured = Measured(Path(sys.argv[2]))
    measured.browsers["admin"].get("/people")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    told = WORK[sys.argv[1]](measured)
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{took:.1f} s ({spent:.1f} s CPU), {told}, memory at most {most / 1024:.0f} MB ({(most - before) / 1024:.0f} more)"
    )
