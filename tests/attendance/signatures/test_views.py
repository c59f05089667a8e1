"""The signature sheet on paper, and the scan of the one that was signed."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from random import Random

import pytest
import sqlalchemy as sa
import time_machine
import zxingcpp
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.access.scope import EVERYWHERE
from app.attendance.models import SignedSheet
from app.core.db import db
from app.files.bad_file import MAX_BYTES
from app.files.models import Document
from app.files.pictures.scans import MOST_BYTES
from app.training.models import Sitting
from tests import factories
from tests.cast import EVENING, Group, group
from tests.conftest import Stage
from tests.paper.reading import picture_of, reader, text_of

PDF = factories.pdf()


def test_the_signature_sheet_names_people_and_nothing_private(stage: Stage, stands: Group) -> None:
    answer = stage.trainer.get(f"/sessions/{stands.session}/sheet.pdf?day=2026-11-23")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    assert "Elif AĞAOĞLU" in text
    assert "09:00–10:30" in text
    assert "Kadın: 1" in text
    assert "ornek.example" not in text
    assert len(reader(answer.data).pages) == 1
    assert stage.trainer.get(f"/sessions/{stands.session}/sheet.pdf?day=2026-11-29").status_code == 404
    assert stage.trainer.get(f"/sessions/{stands.session}/sheet.pdf?day=yarın").status_code == 404


def test_the_signature_sheet_names_the_room_of_its_day_and_trainers_in_capitals(stage: Stage) -> None:
    stands = group(stage.cast, days=2)
    venue = factories.venue("Kültür Merkezi")
    rooms = [factories.room(f"Salon {n}") for n in (1, 2)]
    for place, key in enumerate(stands.sittings):
        EVERYWHERE.get(Sitting, key).room_id = rooms[place > 5].id  # the second afternoon is elsewhere
    db.session.commit()
    first, second = (
        text_of(stage.coordinator.get(f"/sessions/{stands.session}/sheet.pdf").data, page) for page in (0, 1)
    )
    assert "Yer: Kültür Merkezi, Salon 1" in first
    assert "Salon 2" not in first
    assert "Yer: Kültür Merkezi" in second
    assert "2. oturum · Salon 1" in second
    assert "3. oturum · Salon 2" in second
    assert "Eğitmen: Ümit GÜNEŞ" in first
    venue.name_tr = "Salon 1"
    db.session.commit()
    assert "Yer: Salon 1 Eğitmen" in text_of(stage.coordinator.get(f"/sessions/{stands.session}/sheet.pdf").data)
    assert "Salon 1, Salon 1" not in stage.coordinator.page(f"/sittings/{stands.sittings[0]}").text


def test_a_signed_sheet_is_kept_byte_for_byte(stage: Stage, stands: Group) -> None:
    base = f"/sessions/{stands.session}/signed-sheets"
    sent = {"day": "2026-11-23", "scan": (BytesIO(PDF), "../../çizelge.pdf")}
    answer = stage.coordinator.post(base, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    sheet = db.session.scalars(EVERYWHERE.select(SignedSheet)).one()
    answer = stage.trainer.get(f"{base}/{sheet.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert stage.coordinator_elsewhere.get(f"{base}/{sheet.id}").status_code == 404
    other = group(stage.cast, ordinal=4)
    assert stage.coordinator.get(f"/sessions/{other.session}/signed-sheets/{sheet.id}").status_code == 404


def test_a_large_photograph_is_kept_smaller_and_the_next_day_without_a_sheet_is_chosen(
    stage: Stage, stands: Group
) -> None:
    base = f"/sessions/{stands.session}/signed-sheets"
    days = ["2026-11-23", "2026-11-24"]
    EVERYWHERE.get(Sitting, stands.sittings[-1]).date = date.fromisoformat(days[1])
    db.session.commit()
    page = stage.coordinator.get(base).text
    assert 'accept="application/pdf,image/jpeg,image/png"' in page
    chosen = re.compile(r'name="day"[^>]* value="([^"]+)" checked')
    assert chosen.findall(page) == days[:1]
    noise = Image.frombytes("RGB", (2600, 1800), Random(1).randbytes(2600 * 1800 * 3))
    photograph = BytesIO()
    noise.save(photograph, "JPEG", quality=95)
    assert MAX_BYTES < photograph.tell() < MOST_BYTES
    photograph.seek(0)
    parts = {"day": days[0], "scan": FileStorage(photograph, "IMG_0001.jpg", "scan")}
    boundary, body = encode_multipart(parts)  # the client itself would leave a file open
    kind = f"multipart/form-data; boundary={boundary}"
    assert stage.coordinator.post(base, data=body, content_type=kind).status_code == 303
    document = db.session.scalars(sa.select(Document).order_by(Document.id.desc())).first()
    assert document is not None
    assert (document.media_type, document.size < MAX_BYTES) == ("image/jpeg", True)
    assert chosen.findall(stage.coordinator.get(base).text) == days[1:]


def attached(stage: Stage, base: str, days: list[str], *scans: bytes) -> dict[str, list[bytes]]:
    """Send these scans for these days; what is kept then, by day."""
    files = [(BytesIO(scan), f"{n}.pdf") for n, scan in enumerate(scans)]
    sent = {"day": days, "scan": files}
    assert stage.coordinator.post(base, data=sent, content_type="multipart/form-data").status_code == 303
    kept: dict[str, list[bytes]] = {}
    for sheet in db.session.scalars(EVERYWHERE.select(SignedSheet).order_by(SignedSheet.id)):
        kept.setdefault(sheet.day.isoformat(), []).append(stage.coordinator.get(f"{base}/{sheet.id}").data)
    return kept


def test_one_upload_serves_several_days_and_several_pages(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        base = f"/sessions/{group(stage.cast, days=3).session}/signed-sheets"
        days = ["2026-11-23", "2026-11-24", "2026-11-25"]
        first, second, third = PDF, PDF + b" ", PDF + b"  "
        assert attached(stage, base, days[:1], first, second) == {days[0]: [first, second]}, "pages of a day"
        kept = attached(stage, base, days[1:], second, third)
        assert (kept[days[1]], kept[days[2]]) == ([second], [third]), "one each, in order"
        kept = attached(stage, base, days, first)
        assert [len(kept[day]) for day in days] == [3, 2, 2], "a scan of all days"
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 5, "kept once"


def test_the_code_on_the_paper_opens_the_upload_of_its_day(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, days=2)
        codes = []
        for day in ("2026-11-23", "2026-11-24"):
            paper = stage.coordinator.get(f"/sessions/{stands.session}/sheet.pdf?day={day}").data
            codes += [found.text for found in zxingcpp.read_barcodes(picture_of(paper, 300))]
        assert [code.partition("/sessions/")[2] for code in codes] == [
            f"{stands.session}/signed-sheets?day=2026-11-23",
            f"{stands.session}/signed-sheets?day=2026-11-24",
        ]
        page = stage.trainer.get("/sessions/" + codes[1].partition("/sessions/")[2]).text
        assert re.findall(r'name="day"[^>]* value="([^"]+)" checked', page) == ["2026-11-24"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90 not a scan", "Buraya yalnızca PDF, JPEG ve PNG"),
        (b"", "Dosya boş."),
        (b"%PDF-1.4 cut off", "Dosya bozuk"),
        (b"%PDF-1.4 nothing\nstartxref\n9\n%%EOF\n", "Dosya bozuk"),
        (b"<svg onload=alert(1)>", "Buraya yalnızca PDF"),
    ],
)
def test_anything_but_a_scan_is_refused_in_one_sentence(
    stage: Stage, stands: Group, content: bytes, words: str
) -> None:
    sent = {"day": "2026-11-23", "scan": (BytesIO(content), "x.pdf")}
    answer = stage.coordinator.post(
        f"/sessions/{stands.session}/signed-sheets", data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(EVERYWHERE.select(SignedSheet)).all() == []
