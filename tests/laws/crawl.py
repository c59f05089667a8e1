"""Who may see which row, said a second time: from plain rows and without any of the application's own queries.

What the crawl expects must not come from what it tries. `Oracle` reads the database file with SQL of its own and
answers, for one account, which ids are inside their reach; `reach_of` says for an address what its numbers mean.
"""

from __future__ import annotations

import contextvars
import hashlib
import random
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.permissions import GRANTS, Role
from app.web.door import PUBLIC, SIGNED_IN

TRACES = {
    "access_entries",
    "throttles",
}  # may grow on a refusal (a personal link guessed at): that is what they are for
NEVER = 987_654  # an id nothing has
# Of a session that is offered to them, not run by them; any session one may see may be copied into one's own province.
SEEN = {
    "sessions.show_session",
    "sessions.copy_session",
    "sittings.list_sittings",
    "seats.show_enrolments",
    "nominations.apply",
}
MANAGED = re.compile(r"^/sessions/<int:key>/enrolments/(add|balance|paste|slips|untold)$")
READS_ALL = {"trainers.show_trainer", "weeks.show_weeks", "weeks.show_ledger", "venues.show_venue", "rooms.show_room"}
# Not by the rows of a table: settings have fixed slots, and everybody who may enter sees the catalogue.
SHARED = {
    "course_id": "select id from courses",
    "competency_id": "select distinct competency_id from needs",
    "term_id": "select id from titles",
    "holiday_id": "select id from holidays",
    "signatory_id": "select id from signatories",
    "slot": "select slot from logos",
    "notice_id": "select id from notices",
    "request_id": "select id from data_requests",
}
ABSENCES = "select a.id from trainer_absences a join trainers t on t.id = a.trainer_id where t.user_id = ?"
ASSIGNED = "select a.id from trainer_assignments a join trainers t on t.id = a.trainer_id where t.user_id = ?"
JOBS = "select id from jobs where user_id = ? or ?"  # administrators see all
# Of a round that asks one of their institutions, run by them or not.
READ_OF_ROUNDS = {
    "running.show_round",
    "telling.show_waiting",
    "handwritten.print_sheets",
    "handwritten.type_in",
}
READ_OF_PLANS = {
    "plans.show_plan",
    "deciding.show_versions",
    "deciding.show_version",
    "deciding.print_version",
    "deciding.compare_versions",
}
READ_OF_STUDIES = {"studies.show_study", "findings.show_finding"}
ACTION_PLAN = "/programme/action-plans/"
READ_OF_GROUPS = {"groups.show_group", "meetings.show_meeting", "actions.show_action", "actions.evidence"}
FILES_OF_GROUPS = {"meetings.signed_sheet", "actions.evidence"}  # where there is one
READ_OF_MEASURES = {"sustainability.show_measure", "sustainability.show_file"}
ASKED = (
    "select q.round_id from questionnaires q join respondents r on r.id = q.respondent_id"
    " join employees e on e.id = r.person_id where e.user_id = ?"
)
LED = (
    "select r.id from respondents r join employees e on e.id = r.supervisor_id join assessment_rounds a"
    " on a.id = r.round_id where e.user_id = ? and a.status = 'open' and a.designed"
)
FEEDS = "select id from calendar_feeds where user_id = ?"
DEVICES = "select id from known_devices where user_id = ?"
CHILDREN = {
    ("course_session_id", "enrolment_id"): "select course_session_id, id from enrolments where status = 'enrolled'",
    ("course_session_id", "sheet_id"): "select course_session_id, id from signed_sheets",
    ("venue_id", "room_id"): "select venue_id, id from rooms",
    ("organisation_id", "unit_id"): "select organisation_id, id from units",
    ("user_id", "grant_id"): "select user_id, id from grants",
    ("plan_id", "item_id"): "select plan_id, id from plan_items",
    ("plan_id", "edition"): "select plan_id, edition from plan_versions",
    ("document_id", "edition"): "select document_id, edition from programme_document_versions",
    ("pilot_id", "staff_id"): "select pilot_id, id from pilot_staff",
    ("pilot_id", "course_session_id"): "select pilot_id, course_session_id from pilot_sessions",
    ("pilot_id", "service_id"): "select pilot_id, id from pilot_services",
    ("plan_id", "goal_id"): "select plan_id, id from strategic_goals",
    ("group_id", "member_id"): "select group_id, id from group_members",
    ("round_id", "unit_id"): "select round_id, unit_id from round_places",
    ("round_id", "organisation_id"): "select distinct round_id, organisation_id from round_places",
}


@dataclass(frozen=True)
class Account:
    """One who signs in, with their grants as they stand in the database (all demo accounts hold one)."""

    user_id: int
    name: str
    role: Role
    province_id: int | None
    organisation_id: int | None

    def may(self, access: Any) -> bool:
        return access in (PUBLIC, SIGNED_IN) or any(p in GRANTS[self.role] for p in access)


def accounts(rows: sqlite3.Connection) -> list[Account]:
    found = rows.execute(
        "select u.id, u.email, g.role, g.province_id, g.organisation_id from users u join grants g on g.user_id = u.id"
        " where u.email like '%@yetkin.example' order by u.id"
    )
    return [Account(i, email.split("@")[0], Role(role), p, o) for i, email, role, p, o in found]


class Oracle:
    """For one account: the ids they may meet, by what they are."""

    def __init__(self, rows: sqlite3.Connection, account: Account) -> None:
        self.rows, self.account = rows, account
        role, province, organisation, user = (
            account.role,
            account.province_id,
            account.organisation_id,
            account.user_id,
        )
        none: set[int] = set()
        self.organisations = none
        if role is Role.ADMINISTRATOR:
            self.organisations = self.ids("select id from organisations")
        elif role is Role.COORDINATOR:
            self.organisations = self.ids("select id from organisations where province_id = ?", province)
        elif role is Role.FOCAL_POINT:
            self.organisations = {organisation or 0}
        self.people = {
            i for i, o in rows.execute("select id, organisation_id from employees") if o in self.organisations
        } | self.ids("select id from employees where user_id = ?", user if role is Role.STAFF else -1)
        self.run = self._run(role, province, user)
        home = province or self.one("select province_id from organisations where id = ?", organisation)
        self.offered = self.ids(
            "select s.id from course_sessions s join session_audiences a on a.course_session_id = s.id"
            " where s.status <> 'draft' and (a.province_id = ? or a.organisation_id = ? or a.organisation_id in"
            " (select id from organisations where province_id = ?))",
            home,
            organisation,
            province,
        )
        self.seen = self.run | self.offered
        # whoever moved on took part from there
        moved_on = {i for i, place in self._enrolments() if place in self.organisations}
        self.participations = self.enrolments | moved_on
        self.certificates = {
            i
            for i, enrolment, session in rows.execute("select id, enrolment_id, course_session_id from certificates")
            if enrolment in self.participations or session in self.run
        }
        if role is Role.TRAINER:  # of participants they see names and marks, no documents: their letters alone
            self.certificates = self.ids(
                "select c.id from certificates c join trainers t on t.id = c.trainer_id where t.user_id = ?", user
            )
        self.mine_to_write = {"trainers": none, "venues": none}
        for table in self.mine_to_write:
            if role is Role.ADMINISTRATOR:
                self.mine_to_write[table] = self.ids(f"select id from {table}")
            elif role is Role.COORDINATOR:
                own = f"select id from {table} where province_id = ?"
                self.mine_to_write[table] = self.ids(own, province)

    def _enrolments(self) -> list[tuple[int, int | None]]:
        """Finds those they may change; all there are, with the institution each was for."""
        found = self.rows.execute(
            "select id, employee_id, course_session_id, organisation_id from enrolments"
        ).fetchall()
        self.enrolments = {i for i, person, session, _ in found if person in self.people or session in self.run}
        return [(i, place) for i, _, _, place in found]

    def _run(self, role: Role, province: int | None, user: int) -> set[int]:
        if role is Role.ADMINISTRATOR:
            return self.ids("select id from course_sessions")
        if role is Role.COORDINATOR:
            return self.ids("select id from course_sessions where province_id = ?", province)
        if role is Role.TRAINER:
            return self.ids(
                "select s.course_session_id from trainer_assignments a join sittings s on s.id = a.sitting_id"
                " join trainers t on t.id = a.trainer_id join course_sessions c on c.id = s.course_session_id"
                " where t.user_id = ? and a.answer <> 'declined' and c.status <> 'draft'",
                user,
            )
        return set()

    def ids(self, sql: str, *arguments: Any) -> set[int]:
        return {row[0] for row in self.rows.execute(sql, arguments)}

    def one(self, sql: str, *arguments: Any) -> int | None:
        row = self.rows.execute(sql, arguments).fetchone()
        return None if row is None else row[0]

    def reach_of(self, rule: Rule) -> set[int]:
        """Which ids may stand at the first place of an address. A new kind of id raises: say here whose it is."""
        name = first_of(rule)
        if name in SHARED:
            return self.ids(SHARED[name])
        if name == "step":  # of a questionnaire that a secret leads to
            return set()
        if name == "key":
            name = "course_session_id" if rule.rule.startswith("/sessions/") else "enrolment_id"
        reach: dict[str, Callable[[], set[int]]] = {
            "course_session_id": lambda: self.sessions(rule),
            "enrolment_id": lambda: self.participations if "GET" in (rule.methods or ()) else self.enrolments,
            "sitting_id": lambda: self.sittings,
            "assignment_id": lambda: self.ids(ASSIGNED, self.account.user_id),
            "import_id": lambda: self.imports(rule),
            "pair_id": lambda: self.pairs,
            "job_id": lambda: self.ids(JOBS, self.account.user_id, self.account.role is Role.ADMINISTRATOR),
            "absence_id": lambda: self.ids(ABSENCES, self.account.user_id),
            "feed_id": lambda: self.ids(FEEDS, self.account.user_id),
            "device_id": lambda: self.ids(DEVICES, self.account.user_id),
            "user_id": lambda: self.users,
            "trainer_id": lambda: self.places("trainers", rule),
            "venue_id": lambda: self.places("venues", rule),
            "employee_id": lambda: self.people,
            "certificate_id": lambda: self.certificates,
            "organisation_id": lambda: self.organisations,
            "message_id": lambda: self.messages,
            "round_id": lambda: self.rounds(rule),
            "pilot_id": lambda: self.pilots(rule),
            "study_id": lambda: self.studies(rule),
            "finding_id": lambda: self.findings(rule),
            "thing_id": lambda: self.findings(rule),
            "plan_id": lambda: self.action_plans() if ACTION_PLAN in rule.rule else self.plans(rule),
            "respondent_id": lambda: self.ids(LED, self.account.user_id),
            "group_id": lambda: self.groups(rule),
            "meeting_id": lambda: self.below_groups("group_meetings", rule),
            "action_id": lambda: self.below_groups("group_actions", rule),
            "document_id": lambda: self.documents(rule),
            "measure_id": lambda: self.measures(rule),
            "strategy_id": lambda: self.of_province("strategies", rule),
            "activity_id": lambda: self.of_province("visibility_activities", rule),
        }
        return reach[name]()

    def sessions(self, rule: Rule) -> set[int]:
        if rule.endpoint in SEEN:
            return self.seen
        return self.offered if MANAGED.match(rule.rule) and self.account.role is Role.FOCAL_POINT else self.run

    @property
    def sittings(self) -> set[int]:
        return {i for i, s in self.rows.execute("select id, course_session_id from sittings") if s in self.run}

    @property
    def messages(self) -> set[int]:
        """Those of their province, and to the staff of their institutions."""
        if self.account.role is Role.ADMINISTRATOR:
            return self.ids("select id from messages")
        found = self.rows.execute("select id, province_id, organisation_id from messages")
        own = self.account.province_id
        return {i for i, p, o in found if (own and p == own) or o in self.organisations}

    def imports(self, rule: Rule) -> set[int]:
        found = self.rows.execute(f"select id, organisation_id from {imported(rule)}")
        return {i for i, o in found if o in self.organisations}

    @property
    def pairs(self) -> set[int]:
        found = self.rows.execute("select id, first_organisation_id, second_organisation_id from employee_pairs")
        return {i for i, *homes in found if self.organisations.issuperset(homes)}

    @property
    def users(self) -> set[int]:
        """Who holds a grant over a province or an institution of theirs."""
        if self.account.role is Role.ADMINISTRATOR:
            return self.ids("select id from users")
        held = self.rows.execute("select user_id, province_id, organisation_id from grants")
        province = self.account.province_id
        return {u for u, p, o in held if (province and p == province) or o in self.organisations}

    def rounds(self, rule: Rule) -> set[int]:
        """Whoever is asked answers; whoever runs all institutions of a round runs it; of those that are no draft
        whoever sees one of its institutions sees how far it is.
        """
        if rule.endpoint.startswith("answers.") and rule.endpoint != "answers.preview":
            return self.ids(ASKED, self.account.user_id)
        asked: dict[int, set[int]] = {i: set() for i in self.ids("select id from assessment_rounds")}
        for round_id, organisation in self.rows.execute("select round_id, organisation_id from round_places"):
            asked[round_id].add(organisation)
        all_of_them = self.account.role is Role.ADMINISTRATOR
        runs = self.account.role in (Role.ADMINISTRATOR, Role.COORDINATOR)
        run = {i for i, homes in asked.items() if all_of_them or (runs and homes and homes <= self.organisations)}
        if rule.endpoint not in READ_OF_ROUNDS:
            return run
        drafts = self.ids("select id from assessment_rounds where status = 'draft'")
        seen = {i for i, homes in asked.items() if all_of_them or homes & self.organisations} - drafts
        if rule.endpoint.startswith("handwritten."):
            seen &= self.ids("select id from assessment_rounds where status = 'open' and paper")
        return seen if rule.endpoint != "running.show_round" else seen | run

    def plans(self, rule: Rule) -> set[int]:
        """A province's coordinators draft its plan; what is in force is read there, the programme's by everybody."""
        rows = self.rows.execute("select id, province_id, approved_at from training_plans").fetchall()
        if self.account.role is Role.ADMINISTRATOR:
            return {i for i, _, _ in rows}
        own, reads = self.account.province_id, rule.endpoint in READ_OF_PLANS
        home = own or self.one("select province_id from organisations where id = ?", self.account.organisation_id)
        run = {i for i, province, _ in rows if own and province == own}
        return run | {i for i, province, approved in rows if reads and approved and province in (None, home)}

    def programme(self, table: str) -> set[int]:
        """Whoever runs its province, and whoever answers for its institution."""
        rows = self.rows.execute(f"select id, province_id, organisation_id from {table}").fetchall()
        own, everywhere = self.account.province_id, self.account.role is Role.ADMINISTRATOR
        return {i for i, p, o in rows if everywhere or (own and p == own) or o in self.organisations}

    def pilots(self, rule: Rule) -> set[int]:
        seen = self.programme("pilots")
        if rule.endpoint != "pilots.show_attachment":
            return seen
        return seen & self.ids(
            "select pilot_id from pilot_sections where attachment_id is not null and key = 'purpose'"
        )

    def studies(self, rule: Rule) -> set[int]:
        """A province's coordinators write its field studies; whoever answers for an institution there reads them."""
        rows = self.rows.execute("select id, province_id, report_id from field_studies").fetchall()
        own, reads = self.account.province_id, rule.endpoint in READ_OF_STUDIES
        home = own or self.one("select province_id from organisations where id = ?", self.account.organisation_id)
        everywhere = self.account.role is Role.ADMINISTRATOR
        seen = {i for i, province, _ in rows if everywhere or province == own or (reads and province == home)}
        return seen - {i for i, _, report in rows if rule.endpoint == "studies.download_report" and not report}

    def findings(self, rule: Rule) -> set[int]:
        """The same of what they found; drafts are for those who write them."""
        rows = self.rows.execute("select id, study_id, status from findings").fetchall()
        written = self.account.role is not Role.FOCAL_POINT
        return {i for i, study, status in rows if study in self.studies(rule) and (written or status != "draft")}

    def groups(self, rule: Rule) -> set[int]:
        """A province's coordinators run its groups; whoever answers for an institution reads those it sits in."""
        if self.account.role is Role.ADMINISTRATOR:
            return self.ids("select id from action_groups")
        run = self.ids("select id from action_groups where province_id = ?", self.account.province_id)
        sits = self.rows.execute("select group_id, organisation_id from group_members")
        reads = rule.endpoint in READ_OF_GROUPS
        return run | {group for group, home in sits if reads and home in self.organisations}

    def action_plans(self) -> set[int]:
        if self.account.role is Role.ADMINISTRATOR:
            return self.ids("select id from strategic_plans")
        return self.ids("select id from strategic_plans where province_id = ?", self.account.province_id)

    def below_groups(self, table: str, rule: Rule) -> set[int]:
        seen = self.groups(rule)
        found = self.rows.execute(f"select t.id, t.group_id, t.document_id from {table} t")
        files = rule.endpoint in FILES_OF_GROUPS
        return {i for i, group, file in found if group in seen and (file or not files)}

    def measures(self, rule: Rule) -> set[int]:
        """A province's coordinators keep its measures, and read the whole programme's; an institution reads its own."""
        rows = self.rows.execute("select id, province_id, organisation_id, document_id from measures").fetchall()
        if rule.endpoint == "sustainability.show_file":
            rows = [row for row in rows if row[3]]
        if self.account.role is Role.ADMINISTRATOR:
            return {row[0] for row in rows}
        own, reads = self.account.province_id, "GET" in (rule.methods or ()) and rule.endpoint in READ_OF_MEASURES
        run = {i for i, province, _, _ in rows if own and province == own}
        seen = {i for i, province, place, _ in rows if (own and province is None) or place in self.organisations}
        return run | seen if reads else run

    def documents(self, rule: Rule) -> set[int]:
        """A province's coordinators write its documents, an administrator decides; an institution reads its own."""
        rows = self.rows.execute("select id, province_id, organisation_id, status from programme_documents").fetchall()
        role, own = self.account.role, self.account.province_id
        if role is Role.ADMINISTRATOR:
            return {row[0] for row in rows}
        reads = rule.endpoint.startswith(("documents.show", "documents.print", "documents.compare"))
        run = {i for i, province, _, _ in rows if own and province == own}
        return run | {i for i, _, place, _ in rows if reads and place in self.organisations}

    def of_province(self, table: str, rule: Rule) -> set[int]:
        """What coordinators keep for their province; of those with a file, where the address is that of one."""
        found = self.rows.execute(f"select id, province_id, file_id from {table}")
        every, filed = self.account.role is Role.ADMINISTRATOR, rule.rule.endswith("/file")
        own = self.account.province_id
        return {i for i, province, file in found if (every or (own and province == own)) and (file or not filed)}

    def places(self, table: str, rule: Rule) -> set[int]:
        """Trainers and rooms cross provinces; each province changes its own."""
        all_of_them = f"select id from {table}"
        return self.ids(all_of_them) if rule.endpoint in READS_ALL else self.mine_to_write[table]


def imported(rule: Rule) -> str:
    return "staff_imports" if rule.rule.startswith("/people/") else "ratings_imports"


def whole(oracle: Oracle, rule: Rule) -> set[int]:
    """All ids there are of the kind that stands first in an address."""
    tables = {
        "course_session_id": "course_sessions",
        "sitting_id": "sittings",
        "assignment_id": "trainer_assignments",
        "import_id": imported(rule),
        "pair_id": "employee_pairs",
        "job_id": "jobs",
        "feed_id": "calendar_feeds",
        "device_id": "known_devices",
        "user_id": "users",
        "trainer_id": "trainers",
        "venue_id": "venues",
        "employee_id": "employees",
        "certificate_id": "certificates",
        "organisation_id": "organisations",
        "message_id": "messages",
        "round_id": "assessment_rounds",
        "document_id": "programme_documents",
        "pilot_id": "pilots",
        "study_id": "field_studies",
        "finding_id": "findings",
        "thing_id": "findings",
        "plan_id": "strategic_plans" if ACTION_PLAN in rule.rule else "training_plans",
        "respondent_id": "respondents",
        "measure_id": "measures",
        "strategy_id": "strategies",
        "activity_id": "visibility_activities",
        "absence_id": "trainer_absences",
        "group_id": "action_groups",
        "meeting_id": "group_meetings",
        "action_id": "group_actions",
        "key": "course_sessions" if rule.rule.startswith("/sessions/") else "enrolments",
    }
    first = first_of(rule)
    return set() if first in SHARED or first == "step" else oracle.ids(f"select id from {tables[first]}")


def first_of(rule: Rule) -> str:
    found = re.search(r"<int:(\w+)>", rule.rule)
    assert found is not None, rule.rule
    return found[1]


def by_number(rule: Rule) -> bool:
    return "<int:" in rule.rule


@dataclass(frozen=True)
class Address:
    """A filled address. `inside`: whether the account may see all that stands in it."""

    path: str
    inside: bool


def addresses(oracle: Oracle, rule: Rule, dice: random.Random, *, traps: Collection[int] = ()) -> Iterator[Address]:
    """One address inside their reach, one outside and those of `traps` outside; of children also crossed ones."""
    inside = oracle.reach_of(rule)
    outside = whole(oracle, rule) - inside
    first = first_of(rule)
    pair = next((p for p in CHILDREN if p[0] == first and f"<int:{p[1]}>" in rule.rule), None)
    chosen = {dice.choice(sorted(outside))} if outside else set()
    chosen |= outside.intersection(traps)
    if pair is None:
        if inside:
            yield Address(fill(rule, {first: dice.choice(sorted(inside))}), True)
        for key in sorted(chosen):
            yield Address(fill(rule, {first: key}), False)
        return
    rows = sorted(oracle.rows.execute(CHILDREN[pair]))
    ours = [row for row in rows if row[0] in inside]
    theirs = [row for row in rows if row[0] in outside]
    if ours:
        parent, child = dice.choice(ours)
        yield Address(fill(rule, dict(zip(pair, (parent, child), strict=True))), True)
        # an institution may be in several rounds: a stranger is in none with this parent
        own = {row[1] for row in rows if row[0] == parent}
        strange = [[row for row in group if row[1] not in own] for group in (ours, theirs)]
        for stranger in [dice.choice(group)[1] for group in strange if group]:
            yield Address(fill(rule, dict(zip(pair, (parent, stranger), strict=True))), False)
    if theirs:
        parent, child = dice.choice(theirs)
        yield Address(fill(rule, dict(zip(pair, (parent, child), strict=True))), False)
        crossed = next((row[1] for row in ours if (parent, row[1]) not in rows), None)
        if crossed is not None:
            yield Address(fill(rule, dict(zip(pair, (parent, crossed), strict=True))), False)


def fill(rule: Rule, values: dict[str, Any]) -> str:
    """The rule's address with its places filled; those not named by what is always there."""
    path = rule.rule
    for name, value in values.items():
        path = path.replace(f"<int:{name}>", str(value))
    path = path.replace("<int:step>", "1")  # each questionnaire has a first
    path = path.replace("<kind>", "finding")  # of what asks for a competency
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", path)
    path = re.sub(r"<int:\w+>", str(NEVER), path)
    return re.sub(r"<\w+>", "AAAA-BBBB-CCCC", path)


class Visitor:
    """A plain browser: each request in an empty context; what it meets is judged by the test."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client: FlaskClient = FlaskClient(app, app.response_class)
        if token is not None:
            with self.client.session_transaction() as cookie:
                cookie.update({"_user_id": token, "_fresh": True, "browser": "crawl"})

    def get(self, path: str, **more: Any) -> TestResponse:
        return contextvars.Context().run(self.client.get, path, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        return contextvars.Context().run(self.client.post, path, **more)


def token_of(account: Account) -> str:
    return f"crawl-{account.user_id}"


def prepare(path: Path) -> None:
    """Sign-ins for all accounts, and traps: rows that a lens looking only at part of the truth would show."""
    rows = sqlite3.connect(path)
    stamp = "2026-11-22 09:00:00.000000"
    for account in accounts(rows):
        rows.execute(
            "insert into sign_ins (token_hash, user_id, device, created_at, seen_at) values (?, ?, 'crawl', ?, ?)",
            (hashlib.sha256(token_of(account).encode()).hexdigest(), account.user_id, stamp, stamp),
        )
        document = rows.execute(
            "insert into documents (sha256, media_type, filename, size, content, created_at) values (?, 'text/csv',"
            " 'liste.csv', 3, ?, ?)",
            (f"{account.user_id:064}", b"a;b", stamp),
        ).lastrowid
        rows.execute(
            "insert into jobs (kind, subject, arguments, title, status, done, total, failed_items, message,"
            " result_url, document_id, user_id, attempts, owner, created_at, finished_at) values"
            " ('export', ?, '{}', 'Liste', 'done', 1, 1, 0, '', '', ?, ?, 1, '', ?, ?)",
            (str(account.user_id), document, account.user_id, stamp, stamp),
        )
    # a session that one province runs is offered to another
    elsewhere = rows.execute("select id from course_sessions where province_id = 2 and status = 'open'").fetchone()[0]
    rows.execute("insert into session_audiences (course_session_id, province_id) values (?, 1)", (elsewhere,))
    # somebody of another province took part, and got a certificate, when working at the focal point's institution
    moved = rows.execute(
        "update enrolments set (organisation_id, province_id, unit_id) = (select o.id, o.province_id, null from grants g"
        " join organisations o on o.id = g.organisation_id where g.role = 'focal_point' limit 1) where id = (select max(e.id)"
        " from enrolments e join certificates c on c.enrolment_id = e.id where e.province_id = 2)"
    )
    assert moved.rowcount == 1
    # ratings and staff lists waiting for a yes in all provinces, and somebody who may be there twice
    for organisation in rows.execute("select min(id) from organisations where kind = 'district' group by province_id"):
        rows.execute(
            "insert into staff_imports (organisation_id, filename, sha256, status, complete, columns, total, skipped, choices,"
            " counts, state, undo, missing, created_by, created_at) values (?, 'a.xlsx', '', 'read', 0, '[]', 0, '{}', '{}',"
            " '{}', '', '{}', '[]', 1, ?)",
            (organisation[0], stamp),
        )
        rows.execute(
            "insert into employee_pairs (first_id, second_id, first_organisation_id, second_organisation_id, signs, score,"
            " different) select min(id), max(id), ?, ?, 'name', 90, 0 from employees where organisation_id = ?",
            (organisation[0],) * 3,
        )
        rows.execute(
            "insert into ratings_imports (round_id, organisation_id, filename, sha256, status, rows, errors, counts,"
            " created_by, created_at) select max(id), ?, 'a.xlsx', ?, 'staged', '[]', '[]', '{}', 1, ?"
            " from assessment_rounds",
            (organisation[0], f"{organisation[0]:064}", stamp),
        )
    _ask(rows)
    # names a spreadsheet would run, one in every institution
    rows.execute(
        "update employees set given_name = '=HYPERLINK(1)', family_name = '+Kaya' where id in"
        " (select min(id) from employees where user_id is null group by organisation_id)"
    )
    rows.commit()
    rows.execute("pragma wal_checkpoint(truncate)")
    rows.close()


def _ask(rows: sqlite3.Connection) -> None:
    """A draft of a needs analysis in each province, and one that is open where somebody has a staff account, who
    supervises all others there.
    """
    asked = rows.execute("select min(id) from organisations where kind = 'district' group by province_id").fetchall()
    home, me = rows.execute(
        "select e.organisation_id, e.id from employees e join grants g on g.user_id = e.user_id where g.role = 'staff'"
    ).fetchone()
    for organisation, status in [*((one, "draft") for (one,) in asked if one != home), (home, "open")]:
        key = rows.execute(
            "insert into assessment_rounds (name_tr, name_en, year, starts_on, ends_on, status, alpha, asking, seed,"
            " notice, readers, paper, designed, version) values ('Deneme', 'Trial', 2026, '2026-11-01', '2026-12-31', ?,"
            " 0.5, 'everyone', 1, '', '[]', 1, 1, 1)",
            (status,),
        ).lastrowid
        for statement in (
            "insert into round_places (round_id, organisation_id, unit_id, staff) select ?, organisation_id, id, 9"
            " from units where organisation_id = ?",
            "insert into round_items (round_id, unit_id, competency_id, position) select ?, u.id, c.id, c.id from units u"
            " join competencies c on c.id < 4 where u.organisation_id = ?",
        ):
            rows.execute(statement, (key, organisation))
    rows.execute(
        "insert into respondents (round_id, employee_id, person_id, organisation_id, unit_id, title_id, title_level, sex,"
        " supervisor_id, guessed) select ?, e.id, e.id, e.organisation_id, e.unit_id, e.title_id, t.level, e.sex,"
        " nullif(?, e.id), 0 from employees e join titles t on t.id = e.title_id where e.organisation_id = ? and e.active",
        (key, me, home),
    )
    rows.execute(
        "insert into questionnaires (respondent_id, round_id, reminders, past, preferences, wish, remark)"
        " select id, round_id, 0, '', '[]', '', '' from respondents where round_id = ?",
        (key,),
    )


def state(path: Path) -> dict[str, int]:
    """How many rows each table has, but for the traces a refusal leaves; and what the journal says."""
    rows = sqlite3.connect(path)
    try:
        names = [r[0] for r in rows.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: rows.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names if name not in TRACES
        }
    finally:
        rows.close()


class Forms(HTMLParser):
    """Every form of a page: method, action and its fields with what stands in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self.forms.append(((found.get("method") or "get").lower(), found.get("action") or "", {}))
        elif not self.forms:
            return
        elif tag in ("input", "textarea") and name and found.get("type") != "file":
            box = found.get("type") in ("checkbox", "radio")
            if not box or "checked" in found or name not in self.forms[-1][2]:
                self.forms[-1][2][name] = found.get("value") or ""
        elif tag == "select" and name:
            self._select = name
            self.forms[-1][2][name] = ""
        elif tag == "option" and self._select and (not self.forms[-1][2][self._select] or "selected" in found):
            self.forms[-1][2][self._select] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
