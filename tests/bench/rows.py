"""A row of the bench's table, and the certificates it draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.paper.contents import CertificatePaper

ROOT = Path(__file__).resolve().parents[2]
LETTERS = ["Şükrü İĞNECİ", "Bêrîtan ÇIĞIRGAN", "Ümmügülsüm AĞAOĞLU", "Işıl ÖZTÜRK"]


@dataclass(frozen=True)
class Row:
    what: str
    goal: str
    result: str


def papers(many: int) -> list[CertificatePaper]:
    return [_paper(number) for number in range(many)]


def _paper(i: int) -> CertificatePaper:
    return CertificatePaper(
        kind="success" if i % 2 else "attendance",
        language="tr",
        heading=("T.C.", "Örnek Belediye Başkanlığı"),
        printed_name=f"{LETTERS[i % 4]}",
        organisation="Haliliye Belediyesi",
        course="Kültürler Arası İletişim ve Eşit Muamele",
        hours=Decimal(12),
        first_date=date(2026, 11, 2),
        last_date=date(2026, 11, 3),
        place="Şanlıurfa",
        trainers=("Ümit Güneş",),
        issued_on=date(2026, 11, 22),
        number=f"2026/URF/{i:04d}",
        code=f"{i:016d}",
        url=f"https://belge.yetkin.example/d/{i:016d}",
        signatories=(("Gülşah Ünlü", "İnsan Kaynakları ve Eğitim Müdürü"),),
        sample=True,
    )
