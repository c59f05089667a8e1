"""The demo is what it says it is: so large, free of conflicts, and true to the programme's own rules."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.access.sign_in.secrets import password_fits
from app.language.turkish import search_key, sort_key
from tests.demo import checks
from tests.demo.conftest import TODAY, Load
from tests.paper.reading import text_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def rows(demo: sqlite3.Connection, statement: str, *values: Any) -> list[sqlite3.Row]:
    return demo.execute(statement, values).fetchall()


def one(demo: sqlite3.Connection, statement: str, *values: Any) -> Any:
    return demo.execute(statement, values).fetchone()[0]


@pytest.mark.parametrize(
    ("statement", "about"),
    [
        ("SELECT count(*) FROM employees", 1_200),
        ("SELECT count(*) FROM course_sessions", 75),
        ("SELECT count(*) FROM sittings", 850),
        ("SELECT count(DISTINCT date || course_session_id) FROM sittings WHERE date IS NOT NULL", 210),
        ("SELECT count(*) FROM trainers", 34),
        ("SELECT count(*) FROM enrolments", 1_650),
        (
            "SELECT count(*) FROM enrolments e JOIN course_sessions s ON s.id = e.course_session_id"
            " WHERE s.status = 'finalised'",
            1_150,
        ),
        ("SELECT count(*) FROM certificates", 950),
        ("SELECT count(*) FROM plan_items WHERE approved", 40),
    ],
)
def test_the_demo_is_as_large_as_promised(demo: sqlite3.Connection, statement: str, about: int) -> None:
    assert one(demo, statement) == pytest.approx(about, rel=0.1)


def test_every_municipality_has_staff_units_and_heads(demo: sqlite3.Connection) -> None:
    staff = rows(
        demo,
        "SELECT o.slug, count(e.id) AS n FROM organisations o LEFT JOIN employees e ON e.organisation_id = o.id"
        " WHERE o.kind IN ('metropolitan', 'district') GROUP BY o.id",
    )
    assert len(staff) == 63
    assert min(row["n"] for row in staff) >= 6
    headless = (
        "SELECT count(*) FROM units u WHERE head_id IS NULL AND EXISTS (SELECT 1 FROM employees WHERE unit_id = u.id)"
    )
    assert one(demo, headless) == 0
    astray = (
        "SELECT count(*) FROM employees e JOIN employees s ON s.id = e.supervisor_id"
        " WHERE s.organisation_id <> e.organisation_id OR s.id = e.id"
    )
    assert one(demo, astray) == 0


def test_haliliye_has_the_people_of_its_list_with_their_letters(demo: sqlite3.Connection) -> None:
    people = rows(
        demo,
        "SELECT e.*, u.name_tr AS unit, t.name_tr AS title FROM employees e JOIN organisations o"
        " ON o.id = e.organisation_id JOIN units u ON u.id = e.unit_id JOIN titles t ON t.id = e.title_id"
        " WHERE o.slug = 'sanliurfa-haliliye'",
    )
    by_number = {row["registry_no"]: row for row in people}
    assert len(people) == len(by_number) == 46
    isil = by_number["2081-029"]
    assert (isil["given_name"], isil["family_name"], isil["unit"]) == ("Yılmaz", "Işıl", "Bilgi İşlem Müdürlüğü")
    assert by_number["1515-014"]["family_name"] == "Dağlı"
    assert by_number["8806-016"]["family_name"] == "İlhan"
    assert by_number["5144-000"]["title"] == "Teknisyen"
    for row in people:
        assert row["name_sort"] == sort_key(f"{row['family_name']} {row['given_name']}")
        assert search_key(row["family_name"]) in row["search_text"]
    assert one(demo, "SELECT count(*) FROM employees_search WHERE employees_search MATCH '\"isil\"'") >= 1


def test_everybody_is_synthetic(demo: sqlite3.Connection) -> None:
    for table in ("employees", "users", "trainers"):
        mails = [row[0] for row in rows(demo, f"SELECT email FROM {table}")]
        assert all(re.fullmatch(r"[a-z0-9.\-]+@[a-z0-9.\-]+\.example", mail) for mail in mails)
    assert one(demo, "SELECT value FROM settings WHERE key = 'sample_data'") == '{"value": true}'


def test_a_session_of_every_state_is_there(demo: sqlite3.Connection) -> None:
    states = Counter(row[0] for row in rows(demo, "SELECT status FROM course_sessions"))
    assert set(states) == {"draft", "open", "confirmed", "finalised", "postponed", "cancelled"}
    today = TODAY.isoformat()
    confirmed = "SELECT count(*) FROM course_sessions WHERE status = 'confirmed' AND "
    assert one(demo, confirmed + "ends_on < ?", today) == 3
    assert one(demo, confirmed + "starts_on <= ? AND ends_on >= ?", today, today) == 3
    assert one(demo, confirmed + "starts_on > ?", today) == 6
    assert one(demo, "SELECT max(ends_on) FROM course_sessions WHERE status = 'finalised'") < today


def test_nothing_and_nobody_is_in_two_places(demo: sqlite3.Connection) -> None:
    assert checks.overlaps(demo, checks.ROOMS) == []
    assert checks.overlaps(demo, checks.TRAINERS) == []
    assert checks.overlaps(demo, checks.PARTICIPANTS) == []
    teaches_himself = (
        "SELECT count(*) FROM enrolments e JOIN trainers t ON t.employee_id = e.employee_id"
        " JOIN trainer_assignments a ON a.trainer_id = t.id JOIN sittings s ON s.id = a.sitting_id"
        " WHERE s.course_session_id = e.course_session_id"
    )
    assert one(demo, teaches_himself) == 0


def test_no_sitting_falls_on_a_day_or_hour_off(demo: sqlite3.Connection) -> None:
    assert checks.ill_timed(demo) == []


def test_seats_and_rooms_suffice(demo: sqlite3.Connection) -> None:
    taken = "SELECT count(*) FROM enrolments e WHERE e.course_session_id = s.id AND e.status IN ('enrolled', 'offered')"
    assert one(demo, f"SELECT count(*) FROM course_sessions s WHERE ({taken}) > capacity") == 0
    waiting = "SELECT count(*) FROM enrolments e WHERE e.course_session_id = s.id AND e.status = 'waitlisted'"
    queues = rows(demo, f"SELECT ({taken}) AS seats, capacity FROM course_sessions s WHERE ({waiting}) > 0")
    assert len(queues) >= 2
    assert all(row["seats"] == row["capacity"] for row in queues)
    narrow = (
        "SELECT count(*) FROM sittings s JOIN course_sessions c ON c.id = s.course_session_id"
        " JOIN rooms r ON r.id = s.room_id WHERE r.capacity < c.capacity"
    )
    assert one(demo, narrow) == 0
    twice = "SELECT count(*) FROM (SELECT 1 FROM course_sessions GROUP BY course_id, province_id, year, ordinal HAVING count(*) > 1)"
    assert one(demo, twice) == 0


def test_each_history_ends_where_the_enrolment_stands(demo: sqlite3.Connection) -> None:
    last: dict[int, str] = {}
    for row in rows(demo, "SELECT * FROM enrolment_changes ORDER BY enrolment_id, at, id"):
        assert row["old"] == last.get(row["enrolment_id"], "")
        last[row["enrolment_id"]] = row["new"]
    assert last == {row["id"]: row["status"] for row in rows(demo, "SELECT id, status FROM enrolments")}


IN_OFFICE = "SELECT {at} FROM {table} WHERE strftime('%H:%M', {at}, '+3 hours') NOT BETWEEN '08:00' AND '18:00' \
OR strftime('%w', {at}, '+3 hours') IN ('0', '6')"
MOMENTS = (
    ("enrolment_changes", "at"),
    ("enrolments", "answered_at"),
    ("session_changes", "at"),
    ("certificates", "issued_at"),
    ("attendance_marks", "at"),
    ("messages", "created_at"),
    ("audit_entries", "at"),
)


@pytest.mark.parametrize(("table", "column"), MOMENTS)
def test_nobody_works_at_night(demo: sqlite3.Connection, table: str, column: str) -> None:
    assert rows(demo, IN_OFFICE.format(table=table, at=column)) == []


def test_only_what_the_product_can_do_has_happened(demo: sqlite3.Connection) -> None:
    """Nobody checks in by code yet; people apply themselves; whoever is invited finds the invitation sent."""
    assert {row[0] for row in rows(demo, "SELECT DISTINCT source FROM attendance_marks")} == {"manual"}
    steps = (
        "FROM enrolment_changes c JOIN enrolments e ON e.id = c.enrolment_id JOIN employees p ON p.id = e.employee_id"
    )
    assert one(demo, f"SELECT count(*) {steps} WHERE c.new = 'applied'") > 0
    assert one(demo, f"SELECT count(*) {steps} WHERE c.new = 'applied' AND p.user_id IS NOT c.by_id") == 0
    focal = "SELECT id FROM users WHERE email LIKE 'ik.haliliye@%'"
    assert one(demo, f"SELECT count(*) {steps} WHERE e.status = 'nominated' AND c.by_id NOT IN ({focal})") == 0
    message = "SELECT 1 FROM messages m WHERE m.occasion = 'invite:enrolment:' || e.id || ':v1'"
    confirmed = "FROM enrolments e JOIN course_sessions s ON s.id = e.course_session_id AND s.status = 'confirmed'"
    assert one(demo, f"SELECT count(*) {confirmed} WHERE e.status = 'enrolled' AND NOT EXISTS ({message})") == 0
    assert one(demo, f"SELECT count(*) FROM enrolments e WHERE (invited_version > 0) <> EXISTS ({message})") == 0
    when = "SELECT c.at FROM enrolment_changes c WHERE c.enrolment_id = e.id AND c.new = 'enrolled'"
    told = "FROM enrolments e JOIN messages m ON m.occasion = 'invite:enrolment:' || e.id || ':v1'"
    assert one(demo, f"SELECT count(*) {told} WHERE m.created_at < ({when}) OR m.created_at > e.answered_at") == 0
    minimum = f"SELECT count(*) FROM enrolments e WHERE e.course_session_id = h.course_session_id AND ({when}) <= h.at"
    early = "FROM session_changes h JOIN course_sessions s ON s.id = h.course_session_id WHERE h.new = 'confirmed'"
    assert one(demo, f"SELECT count(*) {early} AND ({minimum}) < s.minimum") == 0


def test_outcomes_follow_from_the_marks(demo: sqlite3.Connection) -> None:
    """Counted again by hand: credit in minutes against the threshold, grace of a quarter of an hour."""
    base: dict[int, int] = defaultdict(int)
    credit: dict[int, int] = defaultdict(int)
    marks = (
        "SELECT e.id, s.state, coalesce(s.effective_minutes, s.minutes) AS length, m.kind, m.minutes AS missed"
        " FROM enrolments e JOIN sittings s ON s.course_session_id = e.course_session_id"
        " JOIN course_sessions cs ON cs.id = s.course_session_id"
        " LEFT JOIN attendance_marks m ON m.sitting_id = s.id AND m.enrolment_id = e.id"
        " WHERE cs.status = 'finalised' AND e.status = 'enrolled' AND s.state <> 'not_held'"
    )
    for row in rows(demo, marks):
        assert row["kind"] is not None, "a finalised session has no unmarked cell"
        base[row["id"]] += row["length"]
        late = row["kind"] == "late" and row["missed"] <= 15
        if row["kind"] == "present" or late:
            credit[row["id"]] += row["length"]
        elif row["kind"] in ("late", "left_early"):
            credit[row["id"]] += max(0, row["length"] - row["missed"])
    outcomes = rows(
        demo,
        "SELECT o.*, cs.threshold, cs.pass_mark, t.tenths FROM outcomes o JOIN enrolments e ON e.id = o.enrolment_id"
        " JOIN course_sessions cs ON cs.id = e.course_session_id"
        " LEFT JOIN test_scores t ON t.enrolment_id = e.id AND t.kind = 'post'",
    )
    assert {row["enrolment_id"] for row in outcomes} == set(base)
    for row in outcomes:
        key = row["enrolment_id"]
        assert (row["base_minutes"], row["credit_minutes"]) == (base[key], credit[key])
        passed = 100 * credit[key] >= row["threshold"] * base[key]
        success = row["pass_mark"] is not None and (row["tenths"] or 0) >= row["pass_mark"] * 10
        assert row["document"] == (None if not passed else "success" if success else "attendance")
    assert len({row["result"] for row in outcomes}) == 5


def test_certificate_numbers_have_no_gap_and_follow_time(demo: sqlite3.Connection) -> None:
    series: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows(demo, "SELECT number, issued_on FROM certificates ORDER BY issued_at, id"):
        year, province, ordinal = row["number"].split("/")
        assert row["issued_on"].startswith(year)
        series[year, province].append(int(ordinal))
    assert {province for _, province in series} == {"DIY", "ERZ", "GAZ", "URF"}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in series.values())
    counters = {(str(r["year"]), r["series"]): r["last"] for r in rows(demo, "SELECT * FROM certificate_counters")}
    assert counters == {key: len(numbers) for key, numbers in series.items()}


def test_certificates_stand_on_outcomes_and_lead_to_each_other(demo: sqlite3.Connection) -> None:
    found = rows(
        demo,
        "SELECT c.*, o.document, s.status AS state FROM certificates c JOIN outcomes o USING (enrolment_id)"
        " JOIN course_sessions s ON s.id = c.course_session_id",
    )
    assert len(found) == one(demo, "SELECT count(*) FROM certificates WHERE trainer_id IS NULL")
    assert all(row["kind"] == row["document"] and row["state"] == "finalised" for row in found)
    states = Counter(row["status"] for row in found)
    assert states["revoked"] == 6
    assert states["superseded"] == 8
    by_id = {row["id"]: row for row in found}
    for row in found:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", row["code"])
        assert bool(row["end_reason"]) == bool(row["public_reason"]) == (row["status"] != "valid")
        if row["status"] == "superseded":
            assert by_id[row["superseded_by_id"]]["enrolment_id"] == row["enrolment_id"]


def test_the_trainer_was_thanked_for_what_she_gave(demo: sqlite3.Connection) -> None:
    letters = rows(
        demo,
        "SELECT c.kind, c.status, c.snapshot, u.email FROM certificates c JOIN trainers t ON t.id = c.trainer_id"
        " JOIN users u ON u.id = t.user_id",
    )
    assert len(letters) == 3
    assert {(row["kind"], row["status"], row["email"]) for row in letters} == {
        ("thanks", "valid", "egitmen@yetkin.example")
    }


def test_the_papers_are_kept_as_they_were_drawn(demo: sqlite3.Connection) -> None:
    papers = rows(demo, "SELECT d.* FROM certificates c JOIN documents d ON d.id = c.document_id")
    assert len({row["sha256"] for row in papers}) == len(papers)
    for row in papers:
        assert row["content"].startswith(b"%PDF")
        assert row["size"] == len(row["content"])
        assert row["sha256"] == hashlib.sha256(row["content"]).hexdigest()


def test_a_reader_opens_what_was_attached(demo: sqlite3.Connection) -> None:
    attached = rows(
        demo,
        "SELECT content FROM documents WHERE media_type = 'application/pdf' AND id IN (SELECT document_id FROM"
        " group_meetings UNION SELECT report_id FROM field_studies UNION SELECT attachment_id FROM pilot_sections)",
    )
    assert len(attached) > 5
    for row in attached:
        assert text_of(row["content"]).strip()


def test_the_accounts_open_and_lead_to_people(demo: sqlite3.Connection) -> None:
    users = {row["email"].removesuffix("@yetkin.example"): row for row in rows(demo, "SELECT * FROM users")}
    coordinators = {f"koordinator.{name}" for name in ("diyarbakir", "erzurum", "gaziantep", "sanliurfa")}
    told = coordinators | {"admin", "ik.haliliye", "egitmen", "personel", "izleyici"}
    asked = {name for name in users.keys() - told if name.endswith("@haliliye.example")}
    assert set(users) == told | asked
    invited = {row["user_id"]: row["accepted_at"] for row in rows(demo, "SELECT * FROM invitations")}
    pending = {row["id"] for row in users.values() if row["password_hash"] is None}
    assert pending == {user for user, accepted in invited.items() if accepted is None} and len(pending) == 3
    assert len({row["password_hash"] for row in users.values()} - {None}) == 1
    assert password_fits(users["admin"]["password_hash"], "yetkin-demo")
    linked = rows(demo, "SELECT user_id, given_name, family_name FROM employees WHERE user_id IS NOT NULL")
    assert {row["user_id"] for row in linked} == {users[name]["id"] for name in {"personel", "ik.haliliye"} | asked}


def test_every_state_of_mails_and_links_is_there(demo: sqlite3.Connection) -> None:
    states = {row["status"] for row in rows(demo, "SELECT status FROM messages")}
    assert states == {"queued", "sent", "failed", "cancelled"}
    links = rows(demo, "SELECT used_on IS NOT NULL AS used, revoked_at IS NOT NULL AS revoked FROM personal_links")
    assert {(row["used"], row["revoked"]) for row in links} == {(0, 0), (1, 0), (0, 1)}
    expire = [row["expires_at"] > TODAY.isoformat() for row in rows(demo, "SELECT expires_at FROM one_time_links")]
    assert sorted(expire) == [False, True]
    assert rows(demo, "SELECT 1 FROM invalid_addresses")


def test_the_member_of_staff_has_a_past_a_future_and_a_certificate(demo: sqlite3.Connection) -> None:
    mine = (
        "FROM enrolments e JOIN employees p ON p.id = e.employee_id JOIN users u ON u.id = p.user_id"
        " JOIN course_sessions s ON s.id = e.course_session_id"
        " WHERE u.email = 'personel@yetkin.example' AND e.status = 'enrolled'"
    )
    today = TODAY.isoformat()
    assert one(demo, f"SELECT count(*) {mine} AND s.starts_on > ? AND s.status = 'confirmed'", today) >= 1
    assert one(demo, f"SELECT count(*) {mine} AND s.ends_on < ?", today) >= 1
    enrolments = [row[0] for row in rows(demo, f"SELECT e.id {mine}")]
    marks = ", ".join("?" * len(enrolments))
    valid = f"SELECT count(*) FROM certificates WHERE status = 'valid' AND enrolment_id IN ({marks})"
    assert one(demo, valid, *enrolments) >= 1


def test_the_trainer_teaches_on_the_next_working_day_and_did_before(demo: sqlite3.Connection) -> None:
    days = rows(
        demo,
        "SELECT DISTINCT s.date FROM sittings s JOIN trainer_assignments a ON a.sitting_id = s.id"
        " JOIN trainers t ON t.id = a.trainer_id JOIN users u ON u.id = t.user_id"
        " WHERE u.email = 'egitmen@yetkin.example'",
    )
    found = {date.fromisoformat(row[0]) for row in days}
    assert date(2026, 11, 23) in found
    assert any(day < TODAY for day in found)


def test_needs_are_of_every_class_and_the_plan_rests_on_them(demo: sqlite3.Connection) -> None:
    priorities = [
        row[0]
        for row in rows(
            demo,
            "SELECT 5 * avg(importance) * avg(gap) FROM needs n JOIN employees e ON e.id = n.employee_id"
            " GROUP BY e.organisation_id, competency_id HAVING count(*) >= 5",
        )
    ]
    for low, high in ((35, 101), (20, 35), (0.01, 20), (-101, 0.01)):
        assert sum(low <= value < high for value in priorities) > 20
    sizes = [row[0] for row in rows(demo, "SELECT count(*) FROM needs GROUP BY round_id, employee_id")]
    assert (min(sizes), max(sizes)) >= (6, 12)
    assert max(sizes) <= 18
    rounds = rows(demo, "SELECT * FROM assessment_rounds WHERE NOT designed ORDER BY starts_on")
    assert [row["status"] for row in rounds] == ["published", "open"]
    assert rounds[1]["name_tr"] == "Eğitim ihtiyaç analizi 2026, 1. dönem"
    assert one(demo, "SELECT count(*) FROM ratings WHERE round_id = ?", rounds[1]["id"]) == 0
    assert one(demo, "SELECT status FROM training_plans") == "approved"
    assert one(demo, "SELECT count(*) FROM plan_items WHERE eligible < 1 OR score <= 0 OR gap_points <= 0") == 0


def test_two_analyses_were_designed_here(demo: sqlite3.Connection) -> None:
    """One is published, one running: whoever signs in as a member of staff has begun hers, others are further or not."""
    over, running = rows(
        demo,
        "SELECT round.status, count(*) AS asked, count(told_at) AS told, count(started_at) AS begun,"
        " count(finished_at) AS finished FROM assessment_rounds round"
        " JOIN questionnaires ON round_id = round.id WHERE designed GROUP BY round.id",
    )
    assert (over["status"], running["status"]) == ("published", "open")
    assert 20 <= over["asked"] == over["finished"] <= 60
    assert 60 >= running["asked"] >= running["told"] >= running["begun"] > running["finished"] > 5
    begun = one(
        demo,
        "SELECT count(*) FROM questionnaires JOIN respondents ON respondents.id = respondent_id"
        " JOIN employees ON employees.id = person_id JOIN users ON users.id = user_id"
        " WHERE users.email LIKE 'personel@%' AND started_at IS NOT NULL AND finished_at IS NULL",
    )
    unasked = one(
        demo,
        "SELECT count(*) FROM ratings JOIN assessment_rounds round ON round.id = round_id AND designed"
        " WHERE NOT EXISTS (SELECT 1 FROM respondents r JOIN round_items i"
        " ON i.round_id = r.round_id AND i.unit_id = r.unit_id WHERE r.round_id = round.id"
        " AND r.employee_id = ratings.employee_id AND i.competency_id = ratings.competency_id)",
    )
    assert (begun, unasked) == (1, 0)


def content(file: Path) -> dict[str, str]:
    """A digest of every table."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_search%' AND name NOT LIKE 'sqlite_%'"
    )
    found = {}
    for (table,) in connection.execute(names).fetchall():
        digest = hashlib.sha256()
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1"):
            digest.update(repr(tuple(row)).encode())
        found[table] = digest.hexdigest()
    connection.close()
    return found


def test_the_same_day_and_seed_give_the_same_programme(demo_file: Path, load: Load) -> None:
    first, again = content(demo_file), content(load())
    assert {table for table in first if first[table] != again[table]} == set()


def test_another_day_has_no_conflicts_either(load: Load) -> None:
    connection = sqlite3.connect(load(today=date(2027, 3, 15), seed=7))
    connection.row_factory = sqlite3.Row
    for statement in (checks.ROOMS, checks.TRAINERS, checks.PARTICIPANTS):
        assert checks.overlaps(connection, statement) == []
    assert checks.ill_timed(connection) == []
    assert one(connection, "SELECT count(*) FROM certificates") == pytest.approx(950, rel=0.15)
    connection.close()
