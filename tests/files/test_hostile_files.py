"""Files made to harm: each is refused with one reason, soon, and without taking the memory."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.files.bad_file import BadFile, BadFileReason
from app.files.records import read_records
from tests.files.packages import (
    OLE_HEADER,
    lying_zip,
    parts,
    sheet_xml,
    text_cell,
    text_row,
    workbook,
    zipped,
)

KNOWN = {"name": ("Ad",), "surname": ("Soyad",)}
SECONDS = 8.0
MEGABYTES = 200
NOISE = random.Random(11).randbytes(700_000)
"""Does not shrink, so that what shrinks a thousandfold hides behind a decent ratio."""

LAUGHS = (
    "<!DOCTYPE l ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
STRANGER = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def hidden_bomb(name: str, content: str) -> bytes:
    """A package whose part `name` holds megabytes of markup, with noise beside it."""
    return zipped({**parts({"Sayfa1": sheet_xml(text_row(1, "x"))}), name: content, "xl/media/a.png": NOISE})


def encrypted_zip() -> bytes:
    data = bytearray(workbook(text_row(1, "x")))
    directory = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, directory + 8, 1)
    return bytes(data)


def broken_zip() -> bytes:
    data = bytearray(zipped({**parts({"Sayfa1": sheet_xml(text_row(1, "x"))}), "xl/media/a.png": NOISE}))
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 8] = bytes(8)
    return bytes(data)


def twins() -> bytes:
    data = zipped({**parts({"Sayfa1": sheet_xml(text_row(1, "x"))}), "xl/workbook.xmm": "<x/>"})
    return data.replace(b"xl/workbook.xmm", b"xl/workbook.xml")


R = BadFileReason
HOSTILE: dict[str, tuple[str, Callable[[], bytes], BadFileReason]] = {
    "zip bomb": ("a.xlsx", lambda: workbook(" " * 160_000_000), R.TOO_LARGE),
    "ratio": ("a.xlsx", lambda: workbook(" " * 5_000_000), R.TOO_LARGE),
    "directory that lies": (
        "a.xlsx",
        lambda: lying_zip("xl/worksheets/sheet1.xml", 400_000_000, 9_000),
        R.DAMAGED,
    ),
    "3,000 members": (
        "a.xlsx",
        lambda: zipped({**parts({"S": sheet_xml("")}), **{f"xl/media/{n}": b"" for n in range(3_000)}}),
        R.TOO_LARGE,
    ),
    "two members of one name": ("a.xlsx", twins, R.DAMAGED),
    "forty megabytes": ("a.xlsx", lambda: b"PK\x03\x04" + bytes(40_000_000), R.TOO_LARGE),
    "picture called a workbook": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + NOISE, R.NOT_A_WORKBOOK),
    "zip called a workbook": ("a.xlsx", lambda: zipped({"a.txt": "x"}), R.NOT_A_WORKBOOK),
    "text document": ("a.xlsx", lambda: zipped({"word/document.xml": "<x/>"}), R.NOT_A_WORKBOOK),
    "binary workbook": ("a.xlsx", lambda: zipped({"xl/workbook.bin": b"x"}), R.UNSUPPORTED_TYPE),
    "half a zip": ("a.xlsx", lambda: workbook(text_row(1, "x"))[:400], R.DAMAGED),
    "broken part": ("a.xlsx", broken_zip, R.DAMAGED),
    "part missing": (
        "a.xlsx",
        lambda: zipped({n: c for n, c in parts({"S": sheet_xml("")}).items() if "sheet1" not in n}),
        R.DAMAGED,
    ),
    "old workbook renamed": ("a.xlsx", lambda: OLE_HEADER, R.OLD_WORKBOOK),
    "workbook with a password": (
        "a.xlsx",
        lambda: OLE_HEADER + "EncryptedPackage".encode("utf-16-le"),
        R.ENCRYPTED,
    ),
    "encrypted member": ("a.xlsx", encrypted_zip, R.ENCRYPTED),
    "old workbook": ("a.xls", lambda: OLE_HEADER, R.OLD_WORKBOOK),
    "workbook with macros": ("a.xlsm", lambda: workbook(text_row(1, "x")), R.MACROS),
    "workbook with hidden macros": (
        "a.xlsx",
        lambda: zipped({**parts({"S": sheet_xml(text_row(1, "x"))}), "xl/vbaProject.bin": b"x"}),
        R.MACROS,
    ),
    "no extension": ("a", lambda: b"a;b\n", R.UNSUPPORTED_TYPE),
    "billion laughs": (
        "a.xlsx",
        lambda: workbook(text_row(1, "&a9;"), before=LAUGHS),
        R.DAMAGED,
    ),
    "entity from outside": ("a.xlsx", lambda: workbook(text_row(1, "&x;"), before=STRANGER), R.DAMAGED),
    "120,001 rows": (
        "a.xlsx",
        lambda: hidden_bomb(
            "xl/worksheets/sheet1.xml",
            sheet_xml(
                text_row(1, "Ad", "Soyad")
                + "".join(f'<row r="{n}">{text_cell(f"A{n}", "x")}</row>' for n in range(2, 120_003))
            ),
        ),
        R.TOO_MANY_ROWS,
    ),
    "cell in a column Excel lacks": (
        "a.xlsx",
        lambda: workbook(f'<row r="1">{text_cell("XFE1", "x")}</row>'),
        R.DAMAGED,
    ),
    "cell in another row": (
        "a.xlsx",
        lambda: workbook(f'<row r="1">{text_cell("A2", "x")}</row>'),
        R.DAMAGED,
    ),
    "rows that go back": (
        "a.xlsx",
        lambda: workbook(f'<row r="9">{text_cell("A9", "x")}</row><row r="2">{text_cell("A2", "x")}</row>'),
        R.DAMAGED,
    ),
    "millions of cells": (
        "a.xlsx",
        lambda: hidden_bomb("xl/worksheets/sheet1.xml", sheet_xml("<row>" + "<c/>" * 5_500_000)),
        R.TOO_LARGE,
    ),
    "millions of rows": (
        "a.xlsx",
        lambda: hidden_bomb("xl/worksheets/sheet1.xml", sheet_xml("<row/>" * 7_000_000)),
        R.TOO_MANY_ROWS,
    ),
    "millions of strings": (
        "a.xlsx",
        lambda: hidden_bomb("xl/sharedStrings.xml", "<sst>" + "<si/>" * 5_000_000 + "</sst>"),
        R.TOO_LARGE,
    ),
    "a tag with a million attributes": (
        "a.xlsx",
        lambda: hidden_bomb(
            "xl/worksheets/sheet1.xml",
            sheet_xml("<c " + " ".join(f'a{n}=">"' for n in range(1_000_000)) + "/>"),
        ),
        R.TOO_LARGE,
    ),
    "a tower of tags": (
        "a.xlsx",
        lambda: hidden_bomb("xl/worksheets/sheet1.xml", "<a>" * 5_000_000),
        R.TOO_LARGE,
    ),
    "a million sheets": (
        "a.xlsx",
        lambda: hidden_bomb(
            "xl/workbook.xml",
            '<workbook xmlns:r="r"><sheets>' + '<sheet name="a" r:id="rId1"/>' * 1_000_000 + "</sheets></workbook>",
        ),
        R.TOO_LARGE,
    ),
    "no sheet": ("a.xlsx", lambda: zipped(parts({})), R.EMPTY),
    "no bytes": ("a.xlsx", lambda: b"", R.EMPTY),
    "nothing in it": ("a.xlsx", lambda: workbook('<row r="1"><c r="A1" s="1"/></row>'), R.EMPTY),
    "csv with NULs": ("a.csv", lambda: b"ad;soyad\r\nA\0li;Can\r\n", R.DAMAGED),
    "csv that is a workbook": ("a.csv", lambda: workbook(text_row(1, "x")), R.NOT_A_WORKBOOK),
    "csv that is noise": ("a.csv", lambda: NOISE, R.DAMAGED),
    "csv with an open quote": ("a.csv", lambda: b'ad;soyad\r\n"Ali;Can\r\n' + b"x;y\r\n" * 100, R.DAMAGED),
    "csv with one huge field": ("a.csv", lambda: b"a;" + b"x" * 4_000_000, R.DAMAGED),
    "csv of semicolons": ("a.csv", lambda: b";" * 5_000_000, R.TOO_LARGE),
    "csv of lines": ("a.csv", lambda: b"Ad;Soyad\n" + b"a;b\n" * 120_001, R.TOO_MANY_ROWS),
    "csv without anything": ("a.csv", lambda: b"\xef\xbb\xbf \r\n;;\r\n", R.EMPTY),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_for_one_reason(case: str) -> None:
    filename, build, reason = HOSTILE[case]
    data = build()
    started = time.perf_counter()
    with pytest.raises(BadFile) as refused:
        read_records(data, filename, KNOWN)
    assert refused.value.reason == reason
    assert time.perf_counter() - started < SECONDS


def test_no_hostile_file_takes_the_memory(tmp_path: Path) -> None:
    """All of them in one fresh process: the most it ever held stays below the limit."""
    files = []
    for n, (filename, build, _) in enumerate(HOSTILE.values()):
        path = tmp_path / f"{n}-{filename}"
        path.write_bytes(build())
        files.append(str(path))
    script = (
        "import sys, pathlib\n"
        "from app.files.bad_file import BadFile\n"
        "from app.files.records import read_records\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        read_records(pathlib.Path(name).read_bytes(), name, {'a': ['Ad'], 'b': ['Soyad']})\n"
        "    except BadFile:\n"
        "        continue\n"
        "    raise SystemExit(name)\n"
        # Not getrusage: its peak is inherited from the process that started this one.
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(int(status['VmHWM'].split()[0]) // 1024)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, *files],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MEGABYTES, done.stdout


def test_bytes_changed_at_random_never_raise_anything_else() -> None:
    chance = random.Random(5)
    body = "".join(
        f'<row r="{n}">{text_cell(f"A{n}", f"kişi {n}")}<c r="B{n}"><v>{n}.5</v></c></row>' for n in range(1, 30)
    )
    members = parts({"Sayfa1": sheet_xml(body)})
    refused = read = 0
    for _ in range(150):
        name = chance.choice(list(members))
        part = bytearray(members[name].encode())
        for _ in range(chance.randint(1, 4)):
            part[chance.randrange(len(part))] = chance.choice(b'<>/"=& AZ09\x00\xff')
        try:
            found = read_records(zipped({**members, name: bytes(part)}), "a.xlsx", KNOWN)
        except BadFile:
            refused += 1
        else:
            read += 1
            assert found.columns or found.unread
    assert refused
    assert read
