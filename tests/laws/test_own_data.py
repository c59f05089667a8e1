"""Whoever asks what is stored about them is told all of it: each table that points at people is given, or says why not."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core import slots
from app.core.db import db
from app.privacy import queries
from tests import factories
from tests.cast import Cast
from tests.counting import statements
from tests.laws.conftest import World
from tests.laws.rooms import told

PEOPLE = {"users", "employees", "trainers", "enrolments", "respondents"}
"""Somebody, and what stands for somebody: a row that points at one of these is about a person."""
NOT_GIVEN = {
    "conflict_overrides": "what somebody decided at work; the records of use count it",
    "employee_pairs": "a guess about two people, the other of whom it would tell of",
    "group_action_changes": "what somebody decided at work; the records of use count it",
    "event_checks": "what somebody answered at work about an event; the records of use count it",
    "half_open_sign_ins": "a secret of some minutes",
    "invitations": "the letter stands among the messages",
    "jobs": "what somebody had done in the background, gone after some days; the records of use count it",
    "late_marks": "a mark somebody sent late and what was decided about it; the mark is given as it stands",
    "mark_changes": "how a mark came about; the mark is given as it stands",
    "measure_steps": "what somebody wrote down at work; the records of use count it",
    "needs": "computed from the ratings, which are given",
    "one_time_links": "a secret of some hours",
    "participations": "the same as enrolments and outcomes, to be counted",
    "ratings_imports": "brought in by somebody at work; the records of use count it",
    "plan_changes": "what somebody decided at work; the records of use count it",
    "plan_versions": "what somebody decided at work; the records of use count it",
    "pilot_corrections": "what somebody entered at work; the records of use count it",
    "pilot_months": "what somebody entered at work; the records of use count it",
    "programme_document_steps": "what somebody decided at work; the records of use count it",
    "programme_document_versions": "what somebody decided at work; the records of use count it",
    "programme_documents": "who submitted one is what somebody decided at work; the records of use count it",
    "recovery_codes": "secrets",
    "round_changes": "what somebody decided at work; the records of use count it",
    "study_changes": "what somebody decided at work; the records of use count it",
    "study_interviews": "what somebody entered at work, of nobody in particular; the records of use count it",
    "training_plans": "who submitted one is what somebody decided at work; the records of use count it",
    "staff_imports": "brought in by somebody at work; the records of use count it",
    "untold_trainers": "a note that somebody is to be phoned, gone once that is done",
}


@pytest.fixture
def given(app: Flask, cast: Cast) -> set[str]:
    """The tables whose rows somebody on the staff and a trainer are told of."""
    factories.trainer("Ümit", user_id=cast.users["trainer"])
    found: set[str] = set()
    for name in ("staff", "trainer"):
        caller = caller_of(EVERYWHERE.get(User, cast.users[name]))
        with app.test_request_context(), statements() as seen:
            slots.collect("privacy.data", caller)
            queries.own_requests(caller)
        found |= {table for one in seen for table in re.findall(r"(?:FROM|JOIN) (\w+)", one)}
    return found


def test_all_that_points_at_people_is_given_or_says_why_not(given: set[str]) -> None:
    about = {
        table.name
        for table in db.metadata.tables.values()
        if any(key.column.table.name in PEOPLE for key in table.foreign_keys)
    } | PEOPLE
    silent = sorted(about - given - set(NOT_GIVEN))
    assert not silent, told(
        silent, "/me/data tells nobody of these: let the room fill the slot privacy.data, or say in NOT_GIVEN why not."
    )
    stale = sorted((set(NOT_GIVEN) & given) | (set(NOT_GIVEN) - about))
    assert not stale, told(stale, "NOT_GIVEN names what is given, or is about nobody: take it out.")


COUNTED = {
    "Değerlendirmeler": "ratings r join respondents p on p.employee_id = r.employee_id and p.round_id = r.round_id"
    " join assessment_rounds a on a.id = r.round_id join employees e on e.id = p.person_id"
    " where e.user_id = ? and (r.source = 'self' or a.status = 'published')",
    "Yoklama": "attendance_marks m join enrolments n on n.id = m.enrolment_id join employees e on e.id = n.employee_id"
    " where e.user_id = ?",
    "Eğitimler": "enrolments n join employees e on e.id = n.employee_id"
    " where e.user_id = ? and n.merged_into_id is null",
    "Belgeler": "certificates c join enrolments n on n.id = c.enrolment_id join employees e on e.id = n.employee_id"
    " where e.user_id = ?",
    "Adresinize gönderilen e-postalar": "messages m join users u on lower(u.email) = lower(m.to_address)"
    " where u.id = ?",
}
"""Some parts, and where all their rows are."""


def test_every_row_is_given_and_nobody_elses(world: World) -> None:
    account = world.account("personel")
    found = json.loads(world.visitor(account).get("/me/data.json").text)
    counts = {part: len(found[part]) for part in COUNTED}
    rows = {
        part: world.rows.execute(f"select count(*) from {where}", (account.user_id,)).fetchone()[0]
        for part, where in COUNTED.items()
    }
    wrong = [
        f"{part}: {counts[part]} lines, {rows[part]} rows" for part in COUNTED if not 0 < counts[part] == rows[part]
    ]
    assert not wrong, told(
        wrong, "Somebody's own rows, all of them and no others: see `own_data` of that room's pages.py."
    )
