"""Small XLSX packages built by hand, so that a test can bend any part of them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def text_cell(address: str, text: str) -> str:
    """The XML of a cell with text in it."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def text_row(number: int, *texts: str) -> str:
    """The XML of a row with texts from column A on."""
    cells = (text_cell(f"{chr(65 + at)}{number}", text) for at, text in enumerate(texts))
    return f'<row r="{number}">{"".join(cells)}</row>'


def sheet_xml(body: str, *, before: str = "") -> str:
    """The XML of a worksheet; `before` stands between the XML declaration and the root."""
    return f'{_HEAD}{before}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def parts(sheets: Mapping[str, str], *, hidden: frozenset[str] = frozenset()) -> dict[str, str]:
    """The parts of a package with these sheets (name to XML)."""
    numbered = list(enumerate(sheets, 1))
    states = {name: "hidden" if name in hidden else "visible" for name in sheets}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{states[name]}" r:id="rId{n}"/>' for n, name in numbered
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": sheets[name] for n, name in numbered},
    }


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members, deflated; bytes that look random stay as large as they are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(body: str, *, before: str = "") -> bytes:
    """A workbook with one sheet."""
    return zipped(parts({"Sayfa1": sheet_xml(body, before=before)}))


def lying_zip(name: str, real_size: int, told_size: int) -> bytes:
    """A zip whose directory tells a smaller size than its last member, a run of spaces, unpacks to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b" " * 1_000_000
    packed = b"".join([*(packer.compress(block) for _ in range(real_size // len(block))), packer.flush()])
    honest = parts({"Sayfa1": sheet_xml("")})
    honest.pop(name)
    target = io.BytesIO(zipped(honest))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, packed)
    data = bytearray(target.getvalue())
    local = data.rindex(b"PK\x03\x04")
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, local + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", data, local + 22, told_size)
    struct.pack_into("<H", data, directory + 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", data, directory + 24, told_size)
    return bytes(data)
